/* SPDX-License-Identifier: MIT */
#include "settings/journal.h"

#include <stdlib.h>

bool journal_is(const struct stat *st)
{
	const char *stream = getenv("JOURNAL_STREAM"); /* "DEVICE:INODE", decimal */
	char *end;

	if (stream == NULL || strtoull(stream, &end, 10) != st->st_dev || *end != ':')
		return false;
	return strtoull(end + 1, &end, 10) == st->st_ino && *end == '\0';
}
