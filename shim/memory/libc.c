/* SPDX-License-Identifier: MIT
 *
 * Functions of libc's that this library has for itself, so that the loader need not look them up
 * whenever a process starts (memory/kernel.h).  Those that are left to libc are the ones that are
 * fast there, or long.
 *
 * memcpy is here for another reason too: on x86-64 glibc 2.14 gave it a new symbol version, which
 * older systems lack, and the compiler calls it to copy structures.  The version of memmove never
 * changed.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	return memmove(to, from, size);
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(to, size, format, args);
	va_end(args);
	return len;
}

char *strchr(const char *text, int wanted)
{
	while (*text != (char)wanted && *text != '\0')
		text++;
	return *text == (char)wanted ? (char *)(uintptr_t)text : NULL;
}

static bool is_among(const char *some, char c)
{
	while (*some != c && *some != '\0')
		some++;
	return *some == c;
}

size_t strcspn(const char *text, const char *ends)
{
	size_t len = 0;

	while (!is_among(ends, text[len])) /* the NUL is */
		len++;
	return len;
}

size_t strspn(const char *text, const char *wanted)
{
	size_t len = 0;

	while (text[len] != '\0' && is_among(wanted, text[len]))
		len++;
	return len;
}

char *strcpy(char *restrict to, const char *restrict from)
{
	return memmove(to, from, strlen(from) + 1);
}

int strncmp(const char *a, const char *b, size_t most)
{
	for (; most != 0 && *a == *b && *a != '\0'; most--)
		a++, b++;
	return most == 0 ? 0 : (unsigned char)*a - (unsigned char)*b;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

char *strstr(const char *text, const char *wanted)
{
	size_t len = strlen(wanted);

	for (; *text != '\0'; text++) {
		if (*text == *wanted && strncmp(text, wanted, len) == 0)
			return (char *)(uintptr_t)text;
	}
	return NULL; /* nobody looks for an empty text */
}

/* As in the C locale, whatever the program's is. */
static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

int strncasecmp(const char *a, const char *b, size_t most)
{
	for (; most != 0 && lower(*a) == lower(*b) && *a != '\0'; most--)
		a++, b++;
	return most == 0 ? 0 : lower(*a) - lower(*b);
}

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, SIZE_MAX);
}
