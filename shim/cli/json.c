/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <stdio.h>

enum { DEPTH_MAX = 16 };

static struct {
	char close;
	bool any;
} levels[DEPTH_MAX];
static int depth;

/* Bytes of the UTF-8 character at @text, 0 if it is none (RFC 3629). */
static int character(const unsigned char *text)
{
	int more = text[0] < 0x80                      ? 0
		   : text[0] >= 0xc2 && text[0] < 0xe0 ? 1
		   : text[0] >= 0xe0 && text[0] < 0xf0 ? 2
		   : text[0] >= 0xf0 && text[0] < 0xf5 ? 3
						       : -1;

	for (int i = 1; i <= more; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
		return 0; /* too long a form, a surrogate, or above U+10FFFF */
	return more + 1;
}

static void quoted(const char *value)
{
	const unsigned char *c = (const void *)value;

	putchar('"');
	while (*c != '\0') {
		int len = character(c);

		if (len == 0)
			fputs("\\ufffd", stdout), len = 1;
		else if (*c == '"' || *c == '\\')
			printf("\\%c", *c);
		else if (*c < 0x20)
			printf("\\u%04x", *c);
		else
			fwrite(c, 1, (size_t)len, stdout);
		c += len;
	}
	putchar('"');
}

static void begin(const char *name)
{
	if (depth > 0) {
		printf("%s\n%*s", levels[depth - 1].any ? "," : "", 2 * depth, "");
		levels[depth - 1].any = true;
	}
	if (name != NULL) {
		quoted(name);
		fputs(": ", stdout);
	}
}

static void open_level(const char *name, char open, char close)
{
	begin(name);
	putchar(open);
	levels[depth].close = close;
	levels[depth++].any = false;
}

void json_object(const char *name)
{
	open_level(name, '{', '}');
}

void json_array(const char *name)
{
	open_level(name, '[', ']');
}

void json_end(void)
{
	depth--;
	if (levels[depth].any)
		printf("\n%*s", 2 * depth, "");
	putchar(levels[depth].close);
	if (depth == 0)
		putchar('\n');
}

void json_string(const char *name, const char *value)
{
	begin(name);
	if (value == NULL)
		fputs("null", stdout);
	else
		quoted(value);
}

void json_number(const char *name, long value)
{
	begin(name);
	printf("%ld", value);
}

void json_bool(const char *name, bool value)
{
	begin(name);
	fputs(value ? "true" : "false", stdout);
}

void json_strings(const char *name, const struct strings *values)
{
	json_array(name);
	for (size_t i = 0; i < values->count; i++)
		json_string(NULL, values->items[i]);
	json_end();
}
