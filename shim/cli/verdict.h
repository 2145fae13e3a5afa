/* SPDX-License-Identifier: MIT
 *
 * verdict: whether the library can harden what was inspected, and what to do next.
 */
#ifndef SSLHARDEN_VERDICT_H
#define SSLHARDEN_VERDICT_H

#include "sight.h"

enum answer {
	ANSWER_YES,
	ANSWER_MAYBE, /* it opens libraries or starts programs that its file does not name */
	ANSWER_NO,
};

struct verdict {
	enum answer answer;
	struct strings reasons; /* of a no: each that stands in the way */
	struct strings notes; /* what else the reader should know */
	struct sight sight; /* what TLS it has */
	bool needs_asan; /* AddressSanitizer's runtime, a library of its own */
	char *next; /* what to do now, one line */
};

/*
 * @library  the file of libsslharden.so, read
 * @verdict  filled in; it points to the files of @inspection, which have to stay, and is not given back
 */
void verdict_find(const struct inspection *inspection, const struct elf_file *library,
		  struct verdict *verdict);

/* "yes", "maybe", "no" */
const char *answer_name(enum answer answer);

#endif
