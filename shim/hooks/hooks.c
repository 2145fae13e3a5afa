/* SPDX-License-Identifier: MIT
 *
 * hooks: the table of the wrappers, and what happens when the library is loaded.  Each wrapper
 * finds the libssl that its object belongs to (wrap.h), calls the real function there, and hands
 * what is to be done to a named function of harden.
 */
#include "hooks/hooks.h"

#include <stddef.h>
#include <string.h>

#include "loader/resolve.h"
#include "messages/log.h"
#include "sslharden/config.h"

__attribute__((constructor)) static void load(void)
{
	log_init();
	config_get();
}

void *hook_find(const char *name)
{
	/* Those of the wrapped functions are the first; an array of pointers would be relocations. */
	enum {
		WRAPPED = 0
#define HOOK(ret, name, params) +1 /* a sum. NOLINT(bugprone-macro-parentheses) */
#define REAL(ret, name, params)
#include "hooks/hooks.def"
#undef HOOK
#undef REAL
	};
	const char *row = (const char *)&function_names;

	for (int i = 0; i < WRAPPED; i++) {
		if (strcmp(row, name) == 0)
			return elf_own_symbol(name);
		row += strlen(row) + 1;
	}
	return NULL;
}
