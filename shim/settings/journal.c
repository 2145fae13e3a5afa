/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "settings/journal.h"

#include <stdlib.h>
#include <unistd.h>

#include "settings/environment.h"

bool journal_is(const struct stat *st)
{
	const char *stream =
		environment_value(environ, "JOURNAL_STREAM="); /* "DEVICE:INODE", decimal */
	char *end;

	if (stream == NULL || strtoull(stream, &end, 10) != st->st_dev || *end != ':')
		return false;
	return strtoull(end + 1, &end, 10) == st->st_ino && *end == '\0';
}
