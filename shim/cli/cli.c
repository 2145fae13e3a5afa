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

bool text_begins(const char *text, const char *prefix)
{
	return text != NULL && strncmp(text, prefix, strlen(prefix)) == 0;
}

int text_character(const char *text)
{
	const unsigned char *c = (const void *)text;
	int more = c[0] < 0x80                   ? 0
		   : c[0] >= 0xc2 && c[0] < 0xe0 ? 1
		   : c[0] >= 0xe0 && c[0] < 0xf0 ? 2
		   : c[0] >= 0xf0 && c[0] < 0xf5 ? 3
						 : -1;

	for (int i = 1; i <= more; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0; /* too long a form, a surrogate, or above U+10FFFF */
	return more + 1;
}

bool text_is_control(const char *text)
{
	const unsigned char *c = (const void *)text;

	return c[0] < 0x20 || c[0] == 0x7f || (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0);
}

char *text_plain(const char *text)
{
	char *plain = memory_or_exit(malloc(4 * strlen(text) + 1)), *to = plain;

	for (const char *c = text; *c != '\0';) {
		int len = text_character(c);
		/* A byte that is no character may be a control byte to a terminal of 8 bits. */
		bool hidden = len == 0 || text_is_control(c);

		for (len = len == 0 ? 1 : len; len > 0; len--, c++) {
			if (hidden)
				to += sprintf(to, "\\x%02x", (unsigned char)*c);
			else
				*to++ = *c;
		}
	}
	*to = '\0';
	return plain;
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
	char *text, *plain;

	va_start(args, format);
	text = text_vmake(format, args);
	va_end(args);
	plain = text_plain(text);
	fprintf(stderr, "sslharden: %s\n", plain);
	free(plain);
	free(text);
}
