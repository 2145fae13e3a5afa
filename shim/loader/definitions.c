/* SPDX-License-Identifier: MIT */
#include "loader/definitions.h"

#include <string.h>

#include "loader/elf_list.h"
#include "loader/image.h"

struct definition {
	const char *name;
	bool of_libssl;
	void *found;
};

static bool defined_in(const struct elf_object *object, void *data)
{
	struct definition *definition = data;

	if (is_libssl(object) == definition->of_libssl)
		definition->found = elf_symbol(object, definition->name);
	/*
	 * A library without methods only wraps these functions, as this one does, and may call
	 * back.
	 */
	if (definition->found != NULL && elf_symbol(object, "TLSv1_server_method") == NULL &&
	    elf_symbol(object, "TLS_server_method") == NULL)
		definition->found = NULL;
	return definition->found != NULL;
}

void *resolve_foreign(const char *name)
{
	struct definition definition = {name, false, NULL};

	if (elf_each(defined_in, &definition))
		return definition.found;
	return resolve_libssl(name);
}

void *resolve_libssl(const char *name)
{
	struct definition definition = {name, true, NULL};

	elf_each(defined_in, &definition);
	return definition.found;
}

void *wrapper_of(const char *name)
{
	/* The HOOK rows are the first.  (An array of pointers would be relocations.) */
	enum {
		WRAPPED = 0
#define HOOK(ret, name, params) +1 /* a sum. NOLINT(bugprone-macro-parentheses) */
#define REAL(ret, name, params)
#include "loader/functions.def"
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
