/* SPDX-License-Identifier: MIT
 *
 * verdict: whether the library can harden what was inspected.
 */
#ifndef SSLHARDEN_VERDICT_H
#define SSLHARDEN_VERDICT_H

#include "inspect.h"

enum answer {
	ANSWER_YES,
	ANSWER_MAYBE, /* it opens libraries or starts programs that its file does not name */
	ANSWER_NO,
};

struct verdict {
	enum answer answer;
	struct strings reasons; /* of a no: each that stands in the way */
	struct strings notes; /* what else the reader should know */
	struct strings libssl; /* each libssl found: path and version */
	struct strings calls; /* the wrapped functions that are imported, of all files */
	bool needs_asan; /* AddressSanitizer's runtime, a library of its own */
	char *next; /* what to do now, one line */
};

/* @library: the file of libsslharden.so, read. */
void verdict_find(const struct inspection *inspection, const struct elf_file *library,
		  struct verdict *verdict);

/*
 * What is told of a process by the files that it has mapped: its libssl, its calls, and
 * TLS that passes by, a line each.
 */
struct sight {
	struct strings libssl, calls;
	struct strings inside; /* OpenSSL or BoringSSL, linked statically: it may serve */
	struct strings other; /* another TLS library */
	bool serves; /* a call that serves is imported, or named */
	bool is_others; /* the program, or a plugin where nothing serves, has that one by itself */
};

void sight_find(const struct inspection *inspection, struct sight *sight);

/* "yes", "maybe", "no" */
const char *answer_name(enum answer answer);

#endif
