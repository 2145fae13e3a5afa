/* SPDX-License-Identifier: MIT
 *
 * log: the only writer.  "sslharden[PID]: level: text", one write a message; in a log file
 * "2026-11-25T13:22:22Z nginx sslharden[PID]: level: text".
 */
#ifndef SSLHARDEN_LOG_H
#define SSLHARDEN_LOG_H

#include "sslharden/config.h"

/*
 * Remembers what file descriptor 2 is, and what the program is called.  Called once, from the
 * constructor; a message before that does not go to stderr.
 */
void log_init(void);

/*
 * Writes one message if the settings let @level through: to the sink that they ask for, or the
 * next one that takes it.  errno is left as found.  Thread-safe; takes no lock, and never waits.
 */
void log_message(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3))) __attribute__((cold));

/*
 * At the first context, once a process: makes the page that it shares with the children it will
 * have, opens the log file, if one is named, and keeps it for when it can no longer be opened;
 * says if it cannot be, and, once a server, what config could not read.
 */
void log_begin(void);

#endif
