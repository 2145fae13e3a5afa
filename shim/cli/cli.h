/* SPDX-License-Identifier: MIT
 *
 * cli: what the parts of the command share.  It is a short-lived program with one thread: memory is
 * not freed, and if there is none it exits.
 */
#ifndef SSLHARDEN_CLI_H
#define SSLHARDEN_CLI_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	CLI_YES = 0, /* it works, or is active */
	CLI_NO = 1, /* it cannot, or is not; each reason was named */
	CLI_USAGE = 2,
	CLI_UNKNOWN = 3, /* it cannot be known; why was said */
	CLI_CANNOT_EXECUTE = 126, /* as shells do */
	CLI_NOT_FOUND = 127,
};

struct strings {
	char **items;
	size_t count;
};

void strings_add(struct strings *strings, const char *text);
void strings_addf(struct strings *strings, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool strings_have(const struct strings *strings, const char *text);

/* Whether @text, which may be NULL, begins so. */
bool text_begins(const char *text, const char *prefix);

/* Bytes of the UTF-8 character at @text, 0 if it is none (RFC 3629). */
int text_character(const char *text);

/* Whether it is a control character: C0, DEL, C1. */
bool text_is_control(const char *text);

/*
 * @text for a terminal: control characters, which may be another user's, and bytes that are no
 * UTF-8 as \xHH.  JSON has its own way.
 */
char *text_plain(const char *text);

char *text_make(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *memory_or_exit(void *memory) __attribute__((returns_nonnull));

/* "sslharden: " and the message on standard error. */
void cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints how a subcommand is called, and where to read on, on standard error; CLI_USAGE. */
int cli_usage_of(const char *command);

/* The subcommands, as main: @argv[0] is the subcommand's name. */
int cli_run(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_status(int argc, char **argv);
int cli_policy(int argc, char **argv);
int cli_compare(int argc, char **argv);
int cli_report(int argc, char **argv);

#endif
