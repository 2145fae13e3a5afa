/* SPDX-License-Identifier: MIT
 *
 * page: the page of counts that a process shares with its parent and children, from outside.
 */
#ifndef SSLHARDEN_PAGE_H
#define SSLHARDEN_PAGE_H

#include "counts.h"
#include "process.h"

/* Which memory it is: processes that share it have the same. */
struct page_key {
	char device[16];
	unsigned long long inode; /* 0: its own alone */
	unsigned long long space; /* in which memory of System V's has that number; 0: it is none */
};

enum page_state {
	PAGE_READ,
	PAGE_NONE, /* it has counted nothing */
	PAGE_OTHER, /* of another version of the library */
	PAGE_UNREAD, /* and errno */
};

enum page_state page_read(const struct process *process, struct page_key *key,
			  struct counts *counts);

/* What became of its messages; all 0 where it has no page that can be read. */
struct traffic {
	int64_t lost; /* no place took them */
	uint32_t last; /* enum sink (messages/sink.h), plus one, that took the last one */
};
struct traffic page_traffic(const struct process *process);

#endif
