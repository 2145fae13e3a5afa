/* SPDX-License-Identifier: MIT
 *
 * journal: recognizes the socket of systemd's journal.
 */
#ifndef SSLHARDEN_JOURNAL_H
#define SSLHARDEN_JOURNAL_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Whether JOURNAL_STREAM (systemd.exec(5)) names @st.  To be called by the constructor, for it
 * reads the environment.
 */
bool journal_is(const struct stat *st);

#endif
