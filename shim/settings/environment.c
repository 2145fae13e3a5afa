/* SPDX-License-Identifier: MIT */
#include "settings/environment.h"

#include <string.h>

static const char prefix[] = "SSLHARDEN";
static const char file[] = "libsslharden.so";
static const char lists[][12] = {"LD_PRELOAD=", "LD_AUDIT="}; /* that may name this library */

bool environment_is_setting(const char *entry)
{
	size_t len = sizeof(prefix) - 1;

	/* Not SSLHARDENED= and the like. */
	return strncmp(entry, prefix, len) == 0 && (entry[len] == '=' || entry[len] == '_') &&
	       strchr(entry, '=') != NULL;
}

static bool append(char environment[CONFIG_ENVIRONMENT_MAX], size_t *used, const char *name,
		   const char *value, size_t len)
{
	size_t name_len = strlen(name);

	if (*used + name_len + len + 2 > CONFIG_ENVIRONMENT_MAX)
		return false;
	/* The room after it is zero. NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
	memcpy(environment + *used, name, name_len);
	memcpy(environment + *used + name_len, value, len);
	*used += name_len + len + 1;
	return true;
}

/* The item of a list of libraries that is this library; NULL if there is none. */
static const char *own_item(const char *list, size_t *len)
{
	const size_t file_len = sizeof(file) - 1;

	for (;; list += *len + 1) {
		*len = strcspn(list, ": ");
		if (*len >= file_len && memcmp(list + *len - file_len, file, file_len) == 0 &&
		    (*len == file_len || list[*len - file_len - 1] == '/'))
			return list;
		if (list[*len] == '\0')
			return NULL;
	}
}

bool environment_copy(char environment[CONFIG_ENVIRONMENT_MAX], char *const *environ_)
{
	size_t used = 0, len;
	bool all = true;

	for (; environ_ != NULL && *environ_ != NULL; environ_++) {
		const char *item;

		if (environment_is_setting(*environ_))
			all &= append(environment, &used, "", *environ_, strlen(*environ_));
		for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
			if (strncmp(*environ_, lists[i], strlen(lists[i])) != 0)
				continue;
			item = own_item(*environ_ + strlen(lists[i]), &len);
			if (item != NULL)
				all &= append(environment, &used, lists[i], item, len);
		}
	}
	return all;
}

const char *environment_value(char *const *environ_, const char *entry)
{
	size_t len = strcspn(entry, "=") + 1;

	while (environ_ != NULL && *environ_ != NULL && strncmp(*environ_, entry, len) != 0)
		environ_++;
	return environ_ != NULL && *environ_ != NULL ? *environ_ + len : NULL;
}

size_t environment_missing(const char environment[CONFIG_ENVIRONMENT_MAX], char *const *environ_,
			   const char **missing, size_t room)
{
	size_t count = 0;

	for (; *environment != '\0'; environment += strlen(environment) + 1) {
		if (environment_value(environ_, environment) != NULL)
			continue;
		if (count < room)
			missing[count] = environment;
		count++;
	}
	return count;
}
