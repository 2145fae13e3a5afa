/* SPDX-License-Identifier: MIT
 *
 * starttls: the plain words that some protocols have before TLS.  Pure.
 */
#ifndef SSLHARDEN_STARTTLS_H
#define SSLHARDEN_STARTTLS_H

#include <stdbool.h>
#include <stddef.h>

enum hearing { HEARD_PART, HEARD_YES, HEARD_NO };

struct step {
	const char *wanted; /* in what the server says; NULL: it says nothing here */
	enum hearing (*hear)(const char *text, size_t len, const char *wanted);
	const char *say; /* what is said then, NULL: nothing; %s is the server's name */
	size_t len; /* of what has NULs in it, 0: it has none */
};

enum { STARTTLS_STEPS = 4 };

struct starttls {
	const char *name;
	struct step steps[STARTTLS_STEPS]; /* up to one that neither hears nor says */
};

/* NULL: there is none of that name. */
const struct starttls *starttls_find(const char *name);

/* Their names, ended by NULL. */
const char *const *starttls_names(void);

#endif
