/* SPDX-License-Identifier: MIT
 *
 * sink: the places that a message can go to.  Each writes a whole line and returns true, or returns
 * false (a terminal, or a full disk, may then have got a part).  None makes its caller wait but for
 * a file on a disk, and none raises a signal.  Safe from any thread, but for the *_init functions.
 */
#ifndef SSLHARDEN_SINK_H
#define SSLHARDEN_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "memory/kernel.h"

/* The numbers stand in the shared page, and must not change. */
enum sink { SINK_STDERR, SINK_SYSLOG, SINK_FILE, SINK_COUNT };

/* --- standard error (sink_stderr.c) ------------------------------------------------------ */

/* Remembers which file descriptor 2 is.  To be called by the constructor. */
void sink_stderr_init(void);

/*
 * Writes to descriptor 2 if that is certainly the file that it was at load, and no client's
 * connection; if not, returns false with errno 0.
 */
bool sink_stderr(const char *line, size_t len);

/* --- the system log (sink_syslog.c) ------------------------------------------------------ */

/*
 * @line  "<PRIORITY>TAG: text", with the numbers of syslog(3), without a newline; behind it, a NUL
 */
bool sink_syslog(const char *line, size_t len);

/* --- a file (sink_file.c) ---------------------------------------------------------------- */

/* Remembers which folder "/" is.  To be called by the constructor if messages go to a file. */
void sink_file_init(void);

/*
 * Opens the file, at the first context, and keeps a descriptor for when it can no longer be opened.
 * Returns NULL, or why it cannot be written to.
 */
const char *sink_file_keep(const char *path);

/* Opens the file by its name, so that a rotated log is left; else writes to the kept descriptor. */
bool sink_file(const char *path, const char *line, size_t len);

/* --- for the sinks (sink_write.c) --------------------------------------------------------- */

/*
 * Between these two calls the signals are blocked that a write may raise: SIGPIPE (a pipe that
 * nobody reads), SIGXFSZ (a file at RLIMIT_FSIZE), SIGTTOU (a write to a terminal from the
 * background).
 *
 * @raised  the call between has raised one, which is taken away
 */
struct held_signals {
	kernel_signals before, pending;
};
void signals_hold(struct held_signals *held);
void signals_release(const struct held_signals *held, bool raised);

/* Writes to @fd, and returns whether it took all.  Blocks if the descriptor does. */
bool write_whole(int fd, const char *text, size_t len);

#endif
