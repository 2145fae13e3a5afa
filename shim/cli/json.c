/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <stdio.h>

enum { DEPTH_MAX = 16 };

static struct {
	char close;
	bool any;
} levels[DEPTH_MAX];
static int depth;

/* The code point of a control character of one byte or two. */
static unsigned int control(const char *c, int len)
{
	return len == 1 ? (unsigned char)c[0] : (unsigned char)c[1];
}

static void quoted(const char *value)
{
	putchar('"');
	for (const char *c = value; *c != '\0';) {
		int len = text_character(c);

		if (len == 0)
			fputs("\\ufffd", stdout), len = 1;
		else if (*c == '"' || *c == '\\')
			printf("\\%c", *c);
		else if (text_is_control(c))
			printf("\\u%04x", control(c, len));
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

void json_null(const char *name)
{
	begin(name);
	fputs("null", stdout);
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
