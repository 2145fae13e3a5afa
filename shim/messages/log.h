/* SPDX-License-Identifier: MIT
 *
 * log: writes the library's messages, which nothing else does: "sslharden[PID]: level: text" in one
 * write, in a log file "2026-11-25T13:22:22Z nginx sslharden[PID]: level: text", to syslog
 * "sslharden[PID]: nginx: level: text".
 */
#ifndef SSLHARDEN_LOG_H
#define SSLHARDEN_LOG_H

#include "sslharden/config.h"

/*
 * Remembers which file descriptor 2 is, and what the program is called.  To be called once, by the
 * constructor; a message before that is not written to descriptor 2.
 *
 * @has_libssl  the process has one already: the page of counts is made now
 */
void log_init(bool has_libssl);

/*
 * Writes one message if the settings let @level through: to the place that they name, or if that
 * does not take it to the next one.  Leaves errno as found.  Safe from any thread; takes no lock,
 * and does not wait (but for a file on a disk: docs/LIMITS.md).
 */
void log_message(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3))) __attribute__((cold));

/*
 * To be called with each context; does something at the first one of a process.  It makes the page
 * that the process shares with its children, opens the log file and keeps it for when it can no
 * longer be opened, and writes the complaints about settings (once a server, children included).
 */
void log_begin(void);

#endif
