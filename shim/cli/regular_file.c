/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "regular_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

/* What it is is asked before it is opened.  Without /proc its name is opened once more. */
int regular_file_open(const char *place, const char *path, char **why)
{
	int handle = open(place, O_PATH | O_CLOEXEC), fd = -1;
	struct stat st, again;

	if (handle < 0 || fstat(handle, &st) != 0) {
		*why = text_make("%s: %s", path, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		*why = text_make("%s: not a regular file", path);
	} else {
		char *self = text_make("/proc/self/fd/%d", handle);

		fd = open(self, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (fd < 0 && errno == ENOENT)
			fd = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		free(self);
		if (fd < 0 || fstat(fd, &again) != 0)
			*why = text_make("%s: %s", path, strerror(errno));
		else if (again.st_dev != st.st_dev || again.st_ino != st.st_ino) {
			*why = text_make("%s: it was replaced while it was read", path);
			close(fd);
			fd = -1;
		}
	}
	if (handle >= 0)
		close(handle);
	return fd;
}
