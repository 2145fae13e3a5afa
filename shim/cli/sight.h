/* SPDX-License-Identifier: MIT
 *
 * sight: what TLS a program has, as its files tell: a libssl that calls can come to the library
 * from, and TLS that passes by it.
 */
#ifndef SSLHARDEN_SIGHT_H
#define SSLHARDEN_SIGHT_H

#include "inspect.h"

struct sight {
	struct strings libssl; /* each libssl found: its path, and in parentheses its version */
	struct strings calls; /* those that matter (calls.h) and are imported, of all files, once */
	struct strings
		inside; /* a line each: OpenSSL or BoringSSL, linked statically: it may serve */
	struct strings other; /* a line each: another TLS library */
	const char *by_name; /* a file that calls libssl by dlsym; NULL: none, or it is not told */
	bool serves; /* a call that serves is imported, or made by name */
	/*
	 * What has another TLS library by itself, where somebody else brought libssl: the program,
	 * or, where nothing serves by libssl, a plugin of it.  NULL: none.
	 */
	const struct elf_file *others;
};

/* @sight: filled in; it points to the files of @inspection, which have to stay, and is not given back. */
void sight_find(const struct inspection *inspection, struct sight *sight);

#endif
