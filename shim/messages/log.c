/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "settings/descriptor.h"

enum {
	MESSAGE_MAX = 768,
	KEPT_LEAST = 100, /* programs expect the lowest descriptors to be theirs */
};

static const struct {
	char name[8];
	int priority;
} levels[] = {
	[LOG_LEVEL_ERROR] = {"error", LOG_ERR},
	[LOG_LEVEL_WARNING] = {"warning", LOG_WARNING},
	[LOG_LEVEL_INFO] = {"info", LOG_INFO},
	[LOG_LEVEL_DEBUG] = {"debug", LOG_DEBUG},
};

/* What a descriptor was when it was looked at: the program may close it, and open another file. */
struct seen {
	bool open;
	dev_t device;
	ino_t inode;
};

static struct seen stderr_at_load; /* written by the constructor alone */

/*
 * The log file, opened before a daemon gives up the rights, or the root directory, by which
 * it can be.  Written once, before the descriptor is.
 */
static struct seen kept_file;
static _Atomic int kept = -1;

static struct seen look(int fd, struct stat *st)
{
	bool open = descriptor_stat(fd, st);

	return open ? (struct seen){true, st->st_dev, st->st_ino} : (struct seen){.open = false};
}

static bool is_still(const struct seen *before, int fd, struct stat *st)
{
	struct seen now = look(fd, st);

	return before->open && now.open && now.device == before->device &&
	       now.inode == before->inode;
}

void log_init(void)
{
	int saved_errno = errno;
	struct stat st;

	stderr_at_load = look(STDERR_FILENO, &st);
	errno = saved_errno;
}

/*
 * Under inetd descriptor 2 is the client's connection, and a daemon that
 * closed it may have a database there by now.
 */
static bool stderr_is_ours(void)
{
	struct stat st;
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);

	if (!is_still(&stderr_at_load, STDERR_FILENO, &st))
		return false;
	if (!S_ISSOCK(st.st_mode))
		return true;
	return getsockname(STDERR_FILENO, (struct sockaddr *)&address, &len) == 0 &&
	       address.ss_family == AF_UNIX;
}

/*
 * What a write may bring on the program: a pipe that nobody reads, a file at its limit
 * (RLIMIT_FSIZE), a terminal that stops who writes to it from the background.
 */
static const int write_signals[] = {SIGPIPE, SIGXFSZ, SIGTTOU};

/* Those of them that are not in @without; answers whether there is one that is. */
static bool signals_of(sigset_t *set, const sigset_t *without)
{
	bool left_out = false;

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(write_signals) / sizeof(write_signals[0]); i++) {
		if (sigismember(without, write_signals[i]) == 1)
			left_out = true;
		else
			sigaddset(set, write_signals[i]);
	}
	return left_out;
}

/*
 * A full pipe would hold the program up: such a descriptor is no place for messages.
 * Nor is one whose write raises a signal, which has to be out of the way meanwhile.
 */
static bool descriptor_write(int fd, const char *text, size_t len)
{
	static const struct timespec at_once = {0, 0};
	struct pollfd ready = {.fd = fd, .events = POLLOUT};
	sigset_t raised, before, pending, ours;
	bool written;

	if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0)
		return false;
	sigemptyset(&pending);
	signals_of(&raised, &pending);
	/* On Linux the calling thread's mask; pthread_sigmask moved in glibc 2.32. */
	sigprocmask(SIG_BLOCK, &raised, &before);
	/* What was not blocked cannot be pending; a filter (seccomp) may not know the call. */
	if (signals_of(&ours, &before))
		sigpending(&pending);
	written = write(fd, text, len) == (ssize_t)len;
	if (!written && (errno == EPIPE || errno == EFBIG)) {
		signals_of(&ours, &pending);
		sigtimedwait(&ours, NULL, &at_once);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return written;
}

static int file_open(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
}

/* By its name, so that a log that was rotated is left; or else the one that was kept. */
static bool file_write(const char *path, const char *text, size_t len)
{
	int fd = file_open(path);
	struct stat st;
	bool written;

	if (fd < 0) {
		fd = atomic_load(&kept);
		return fd >= 0 && is_still(&kept_file, fd, &st) && descriptor_write(fd, text, len);
	}
	written = descriptor_write(fd, text, len);
	close(fd);
	return written;
}

/* Whether it could be opened. */
static bool file_keep(const char *path)
{
	int fd = file_open(path);
	struct stat st;

	if (fd < 0)
		return false;
	kept_file = look(fd, &st);
	/* Whoever reads a pipe waits for its last writer. */
	if (kept_file.open && S_ISREG(st.st_mode))
		atomic_store(&kept, descriptor_keep(fd, KEPT_LEAST));
	close(fd);
	return true;
}

/*
 * glibc's syslog keeps its descriptor, which a daemon that closes all it has
 * gives to a client's connection; and a lock that a forked child may inherit
 * taken.  So each message has a socket of its own.
 */
static void syslog_write(int priority, const char *text, size_t len)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	char line[MESSAGE_MAX + 80];
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int total = snprintf(line, sizeof(line), "<%d>%.*s", LOG_DAEMON | priority, (int)len, text);

	if (fd < 0)
		return;
	if (total > 0)
		sendto(fd, line, (size_t)total, MSG_NOSIGNAL, (const struct sockaddr *)&address,
		       sizeof(address));
	close(fd);
}

/*
 * open, write and the like are points where a thread may be cancelled, the functions that are
 * wrapped are not: a program need not be ready to lose its thread there, and what it has locked.
 */
static int cancel_hold(void)
{
	int before;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	return before;
}

static void cancel_release(int before)
{
	pthread_setcancelstate(before, NULL);
}

static void emit(enum log_target target, enum log_level level, const char *text)
{
	const struct config *config = config_get();
	char line[MESSAGE_MAX + 64];
	int len = snprintf(line, sizeof(line), "sslharden[%ld]: %s: %s\n", (long)getpid(),
			   levels[level].name, text);

	if (len < 0)
		return;
	if (target == LOG_TARGET_STDERR && stderr_is_ours() &&
	    descriptor_write(STDERR_FILENO, line, (size_t)len))
		return;
	if (target == LOG_TARGET_FILE && file_write(config->log_path, line, (size_t)len))
		return;
	syslog_write(levels[level].priority, line, (size_t)len - 1);
}

void log_message(enum log_level level, const char *format, ...)
{
	const struct config *config = config_get();
	int saved_errno = errno;
	char text[MESSAGE_MAX];
	va_list args;
	int cancel;

	if (config->log_target == LOG_TARGET_NONE || level > config->log_level)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	cancel = cancel_hold();
	emit(config->log_target, level, text);
	cancel_release(cancel);
	errno = saved_errno;
}

static void complain_of_file(const char *path)
{
	char text[MESSAGE_MAX], name[MESSAGE_MAX / 2];
	const char *why = strerror(errno);

	if (config_get()->log_level < LOG_LEVEL_WARNING)
		return;
	log_escape(name, sizeof(name), path);
	snprintf(text, sizeof(text),
		 "SSLHARDEN_LOG: cannot write \"%s\": %s; messages go to syslog", name, why);
	emit(LOG_TARGET_STDERR, LOG_LEVEL_WARNING, text);
}

void log_begin(void)
{
	static atomic_flag begun = ATOMIC_FLAG_INIT;
	const struct config *config = config_get();
	const char *line = config->complaints;
	int saved_errno = errno;
	int cancel;

	if ((config->complaints_len == 0 && config->log_target != LOG_TARGET_FILE) ||
	    atomic_flag_test_and_set(&begun))
		return;
	cancel = cancel_hold();
	if (config->log_target == LOG_TARGET_FILE && !file_keep(config->log_path))
		complain_of_file(config->log_path);
	cancel_release(cancel);
	errno = saved_errno;
	for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
		log_message(LOG_LEVEL_WARNING, "%.*s", (int)(end - line), line);
}

void log_escape(char *to, size_t size, const char *from)
{
	size_t used = 0;

	for (; *from != '\0'; from++) {
		unsigned char c = (unsigned char)*from;
		bool plain = c >= 0x20 && c < 0x7f && c != '\\';
		size_t need = plain ? 1 : 4;

		if (used + need + sizeof("...") > size) {
			memcpy(to + used, "...", 3);
			used += 3;
			break;
		}
		if (plain)
			to[used] = (char)c;
		else
			snprintf(to + used, 5, "\\x%02x", c);
		used += need;
	}
	to[used] = '\0';
}
