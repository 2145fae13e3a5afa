/* SPDX-License-Identifier: MIT
 *
 * script: what Linux and execvp(3) make of a script's first line.
 */
#ifndef SSLHARDEN_SCRIPT_H
#define SSLHARDEN_SCRIPT_H

#include "cli.h"

struct script {
	char *interpreter; /* a path, or a name to be looked for in PATH; NULL: none is named */
	const char *search; /* that PATH, NULL: it has none */
	/* What its first line takes away of what the library lives on, a line each. */
	struct strings hidden;
	char *why; /* NULL, or why it cannot be started */
};

/* False if the file @path is no script. */
bool script_read(const char *path, struct script *script);

#endif
