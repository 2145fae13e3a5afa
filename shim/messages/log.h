/* SPDX-License-Identifier: MIT
 *
 * log: the only writer.  "sslharden[PID]: level: text", one write(2) a message.
 */
#ifndef SSLHARDEN_LOG_H
#define SSLHARDEN_LOG_H

#include <stddef.h>

#include "sslharden/config.h"

/*
 * Remembers which file descriptor 2 is.  Called once, from the constructor;
 * a message before that goes to syslog if stderr is asked for.
 */
void log_init(void);

/*
 * Writes one message if the settings let @level through.  errno is left as
 * found.  Thread-safe; takes no lock (but syslog(3) does).
 */
void log_message(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * At the first context, once a process: opens the log file, if one is named, and keeps it
 * for when it can no longer be opened; says if it cannot be, and what config could not read.
 */
void log_begin(void);

/*
 * Copies @from to @to (@size bytes, NUL included), control bytes, backslash
 * and bytes outside ASCII as \xHH; cut with "..." where it does not fit.
 */
void log_escape(char *to, size_t size, const char *from);

#endif
