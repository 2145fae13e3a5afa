/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *memory_or_exit(void *memory)
{
	if (memory == NULL) {
		cli_error("out of memory");
		exit(CLI_NO);
	}
	return memory;
}

static char *text_vmake(const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	return memory_or_exit(text);
}

char *text_make(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = text_vmake(format, args);
	va_end(args);
	return text;
}

void strings_add(struct strings *strings, const char *text)
{
	size_t size = (strings->count + 1) * sizeof(*strings->items);

	strings->items = memory_or_exit(realloc(strings->items, size));
	strings->items[strings->count++] = memory_or_exit(strdup(text));
}

void strings_addf(struct strings *strings, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = text_vmake(format, args);
	va_end(args);
	strings_add(strings, text);
	free(text);
}

bool strings_have(const struct strings *strings, const char *text)
{
	for (size_t i = 0; i < strings->count; i++) {
		if (strcmp(strings->items[i], text) == 0)
			return true;
	}
	return false;
}

void cli_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("sslharden: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}
