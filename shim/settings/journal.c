/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "settings/journal.h"

#include <unistd.h>

#include "memory/number.h"
#include "settings/environment.h"

bool journal_is(const struct stat *st)
{
	const char *stream =
		environment_value(environ, "JOURNAL_STREAM="); /* "DEVICE:INODE", decimal */

	return stream != NULL && number_read(&stream) == st->st_dev && *stream++ == ':' &&
	       number_read(&stream) == st->st_ino && *stream == '\0';
}
