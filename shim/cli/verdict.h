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

/* TLS that no call of ours is in, where there is no libssl beside it. */
enum elsewhere {
	ELSEWHERE_NOT,
	ELSEWHERE_INSIDE, /* OpenSSL or BoringSSL, linked statically */
	ELSEWHERE_OTHER, /* another library, or Go's own */
};

struct verdict {
	enum answer answer;
	enum elsewhere elsewhere;
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

/* "yes", "maybe", "no" */
const char *answer_name(enum answer answer);

#endif
