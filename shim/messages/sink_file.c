/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/sink.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

#include "memory/kernel.h"
#include "memory/shared.h"
#include "messages/safe_open.h"
#include "settings/descriptor.h"

enum { KEPT_LEAST = 100 }; /* a program may count on getting the lowest descriptors */

/* "/" when the library was loaded.  Written by the constructor only. */
static struct stat root;

/*
 * The log file, opened before a daemon gives up the rights, or the root directory, that it needs to
 * open it.  kept_file is written once, before kept is.
 */
static struct identity kept_file;
static _Atomic int kept = -1;

void sink_file_init(void)
{
	int saved_errno = errno;

	descriptor_stat_at(-1, "/", 0, &root);
	errno = saved_errno;
}

const char *sink_file_keep(const char *path)
{
	const char *why;
	int fd;

	if (root.st_mode == 0) /* another library's constructor made a context before ours ran */
		sink_file_init();
	fd = safe_open(path, &root, &why);
	if (fd < 0) {
		shared_file_note(FILE_REFUSED, why != NULL ? 0 : errno);
		return why != NULL ? why : strerror(errno);
	}
	shared_file_note(FILE_NAMED, 0);
	identity_take(&kept_file, fd);
	/* Only a file is kept open: the reader of a pipe waits until its last writer closes it. */
	if (S_ISREG(kept_file.st.st_mode)) {
		atomic_store(&kept, descriptor_keep(fd, KEPT_LEAST));
		shared_file_kept(atomic_load(&kept));
	}
	kernel_close(fd);
	return NULL;
}

static bool kept_write(const char *line, size_t len)
{
	int fd = atomic_load(&kept);

	return fd >= 0 && identity_is(&kept_file, fd) && write_whole(fd, line, len);
}

bool sink_file(const char *path, const char *line, size_t len)
{
	const char *why;
	int fd = safe_open(path, &root, &why), error = errno;
	bool written;

	if (fd < 0) {
		written = kept_write(line, len);
		shared_file_note(written ? FILE_KEPT : FILE_REFUSED, why != NULL ? 0 : error);
		errno = error;
		return written;
	}
	written = write_whole(fd, line, len);
	error = errno;
	shared_file_note(written ? FILE_NAMED : FILE_REFUSED, written ? 0 : error);
	kernel_close(fd);
	errno = error;
	return written;
}
