/* SPDX-License-Identifier: MIT
 *
 * sink: the places that a message can go to.  Each takes a whole line, or none and says so
 * (a terminal, and a disk that is full, may get a part of one); none makes its caller wait, and
 * none raises a signal.
 */
#ifndef SSLHARDEN_SINK_H
#define SSLHARDEN_SINK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* In status's words and in the shared page: the numbers stay. */
enum sink { SINK_STDERR, SINK_SYSLOG, SINK_FILE, SINK_COUNT };

/* --- standard error (sink_stderr.c) ------------------------------------------------------ */

/* Remembers what descriptor 2 is.  From the constructor. */
void sink_stderr_init(void);

/*
 * Writes to descriptor 2 if it is surely the file that it was at load, and no connection.
 * errno is 0 where it is not.
 */
bool sink_stderr(const char *line, size_t len);

/* --- the system log (sink_syslog.c) ------------------------------------------------------ */

/* @priority as in syslog(3); @text has no newline. */
bool sink_syslog(int priority, const char *text, size_t len);

/* --- a file (sink_file.c) ---------------------------------------------------------------- */

/* Remembers which folder "/" is.  From the constructor, where a file is asked for. */
void sink_file_init(void);

/*
 * At the first context: opens the file, and keeps it for when it can no longer be opened.
 * Answers NULL, or why it cannot be written to.
 */
const char *sink_file_keep(const char *path);

/* By its name, so that a log that was rotated is left; or else to the one that was kept. */
bool sink_file(const char *path, const char *line, size_t len);

/* --- for them (sink_write.c) -------------------------------------------------------------- */

/*
 * The signals that a write may bring on the program are out of the way between these: a pipe
 * that nobody reads, a file at its limit (RLIMIT_FSIZE), a terminal that stops who writes to it
 * from the background.
 */
struct held {
	sigset_t before, pending;
};
void signals_hold(struct held *held);
void signals_release(const struct held *held, bool raised);

/* Whether @fd took it all.  It waits where the descriptor does. */
bool write_whole(int fd, const char *text, size_t len);

#endif
