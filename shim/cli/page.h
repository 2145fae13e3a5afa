/* SPDX-License-Identifier: MIT
 *
 * page: the page of counts that a process shares with its parent and children, from outside.
 */
#ifndef SSLHARDEN_PAGE_H
#define SSLHARDEN_PAGE_H

#include "process.h"

struct counts;

/* Which memory it is: processes that share it have the same. */
struct page_key {
	char device[16];
	unsigned long long inode; /* 0: its own alone */
};

enum page_state {
	PAGE_READ,
	PAGE_NONE, /* it has counted nothing */
	PAGE_OTHER, /* of another version of the library */
	PAGE_UNREAD, /* and errno */
};

enum page_state page_read(const struct process *process, struct page_key *key,
			  struct counts *counts);

/* The messages that no place took; 0 where it has no page that can be read. */
int64_t page_lost(const struct process *process);

/* Adds what another page of the same server has. */
void counts_add(struct counts *sum, const struct counts *more);

#endif
