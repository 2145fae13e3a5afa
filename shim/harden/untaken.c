/* SPDX-License-Identifier: MIT */
#include "harden/untaken.h"

#include <stdio.h>

#include "sslharden/config.h"
#include "sslharden/names.h"

/* Whether the list that the connection has names such a suite. */
static bool is_listed(const struct image *image, const SSL *ssl, const char *name)
{
	const char *each;

	for (int i = 0; image->SSL_get_cipher_list != NULL &&
			(each = image->SSL_get_cipher_list(ssl, i)) != NULL;
	     i++) {
		if (strcmp(each, name) == 0)
			return true;
	}
	return false;
}

static void add_name(char names[UNTAKEN_NAMES], const char *name)
{
	size_t used = strlen(names);

	snprintf(names + used, UNTAKEN_NAMES - used, "%s%s", used == 0 ? "" : ", ", name);
}

/*
 * A libssl passes in silence over suites that it does not know.  So each name that is not in what
 * it made of the whole list (an alias, or another's suites) is tried by itself.
 */
void untaken_note(const struct image *image, SSL *ssl, enum shared_list which, const char *list,
		  list_set *set, bool taken, char names[UNTAKEN_NAMES])
{
	uint64_t unknown = taken ? 0 : SHARED_NOTHING_TAKEN, unlisted = 0;
	char name[CONFIG_TEXT_MAX];
	const char *at = list;
	size_t len;

	names[0] = '\0';
	for (int i = 0; i < SHARED_NAMES && (len = name_next(&at)) != 0; i++, at += len) {
		memcpy(name, at, len);
		name[len] = '\0';
		if (name_adds(name) && !is_listed(image, ssl, name))
			unlisted |= (uint64_t)1 << i;
	}
	at = list;
	for (int i = 0; unlisted >> i != 0 && (len = name_next(&at)) != 0; i++, at += len) {
		memcpy(name, at, len);
		name[len] = '\0';
		if ((unlisted >> i & 1) == 0 || set(image, ssl, name))
			continue;
		unknown |= (uint64_t)1 << i;
		add_name(names, name);
	}
	shared_untaken_note(which, unknown);
}
