/* SPDX-License-Identifier: MIT
 *
 * own_list: the cipher lists that programs set, kept for the contexts on which
 * the operator's list turns out to be of no use.  A process has few different
 * ones, so each is kept once, for as long as the process lives, and a context
 * remembers its number.
 *
 * Lock-free; safe from any thread.
 */
#ifndef SSLHARDEN_OWN_LIST_H
#define SSLHARDEN_OWN_LIST_H

enum {
	OWN_LIST_UNSET = 0, /* the program left libssl's default */
	OWN_LIST_LOST = 63, /* no memory, or more lists than numbers */
};

/* The number of @list. */
unsigned int own_list_number(const char *list);

/* The list of a number; NULL for the two above. */
const char *own_list_text(unsigned int number);

#endif
