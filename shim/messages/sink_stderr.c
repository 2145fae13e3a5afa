/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory/kernel.h"
#include "settings/descriptor.h"
#include "settings/journal.h"

enum { MEMORY_MAJOR = 1, NULL_MINOR = 3 }; /* /dev/null, /dev/full, /dev/kmsg: none blocks */

/* Descriptor 2 when the library was loaded.  Written by the constructor only. */
static struct identity at_load;
static bool is_journal;
static bool is_connection; /* the socket is descriptor 0 or 1 as well: a client's, as under inetd */

/* Whether descriptor 0 or 1 is the same socket. */
static bool is_shared(const struct stat *st)
{
	struct stat other;

	for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++) {
		if (descriptor_stat(fd, &other) && other.st_dev == st->st_dev &&
		    other.st_ino == st->st_ino)
			return true;
	}
	return false;
}

void sink_stderr_init(void)
{
	int saved_errno = errno;

	identity_take(&at_load, STDERR_FILENO);
	if (S_ISSOCK(at_load.st.st_mode)) {
		/* systemd gives a service the journal's socket as descriptor 1 as well. */
		is_journal = journal_is(&at_load.st);
		is_connection = !is_journal && is_shared(&at_load.st);
	}
	errno = saved_errno;
}

/*
 * Opens descriptor 2 anew without blocking.  (O_NONBLOCK cannot be set on the program's own: the
 * flag belongs to the open file, which other processes share.)  -1 if there is no /proc, or no
 * right to.
 */
static int reopen(void)
{
	int fd = kernel_open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || identity_is(&at_load, fd))
		return fd;
	kernel_close(fd);
	return -1;
}

/* Writes to @fd and closes it. */
static bool write_and_close(int fd, const char *line, size_t len)
{
	bool written = write_whole(fd, line, len);
	int error = errno;

	kernel_close(fd);
	errno = error;
	return written;
}

/*
 * Writes to a pipe without blocking and without opening it anew: by splice, from a pipe of our own.
 * (After poll says "writable" another write may still come first.)  The line takes one of the pages
 * of the pipe, of which there are sixteen.
 */
static bool pipe_splice(const char *line, size_t len)
{
	int between[2], error;
	struct held_signals held;
	ssize_t moved = -1;

	if (!descriptor_pipe(between))
		return false;
	signals_hold(&held);
	if (kernel_write(between[1], line, len) == (ssize_t)len)
		moved = syscall(SYS_splice, between[0], NULL, STDERR_FILENO, NULL, len,
				SPLICE_F_NONBLOCK); /* glibc has it from 2.5 on */
	signals_release(&held, moved < 0 && errno == EPIPE);
	error = errno;
	kernel_close(between[0]);
	kernel_close(between[1]);
	errno = error;
	return moved == (ssize_t)len;
}

/* A line is shorter than PIPE_BUF, so that it is written as a whole or not at all. */
static bool pipe_write(const char *line, size_t len)
{
	int fd = reopen();

	return fd < 0 ? pipe_splice(line, len) : write_and_close(fd, line, len);
}

static bool device_write(const char *line, size_t len)
{
	int fd;

	if (device_major(at_load.st.st_rdev) == MEMORY_MAJOR)
		return write_whole(STDERR_FILENO, line, len);
	fd = reopen();
	return fd >= 0 && write_and_close(fd, line, len);
}

static bool socket_write(const struct stat *st, const char *line, size_t len)
{
	struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
	socklen_t address_len = sizeof(address);

	if (kernel_getsockname(STDERR_FILENO, (struct sockaddr *)&address, &address_len) != 0 ||
	    address.ss_family != AF_UNIX || (!is_journal && is_shared(st))) {
		errno = 0;
		return false;
	}
	return kernel_send(STDERR_FILENO, line, len, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)len;
}

/*
 * /dev/null is what a starter gives to a daemon that is to say what it has to say elsewhere
 * (start-stop-daemon(8), systemd's StandardError=null); null(4) has its numbers.
 */
static bool is_null(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && device_major(st->st_rdev) == MEMORY_MAJOR &&
	       (st->st_rdev & 0xff) == NULL_MINOR;
}

/*
 * Descriptor 2 may be a client's connection (inetd), or a file that the program opened after
 * closing it.
 */
bool sink_stderr(const char *line, size_t len)
{
	const struct stat *st = &at_load.st;

	if (is_connection || is_null(st) || !identity_is(&at_load, STDERR_FILENO)) {
		errno = 0;
		return false;
	}
	switch (st->st_mode & S_IFMT) {
	case S_IFIFO:
		return pipe_write(line, len);
	case S_IFSOCK:
		return socket_write(st, line, len);
	case S_IFCHR:
		return device_write(line, len);
	}
	/*
	 * A file: written through the program's descriptor, for its offset.  It may block:
	 * LIMITS.md.
	 */
	return write_whole(STDERR_FILENO, line, len);
}
