/* SPDX-License-Identifier: MIT
 *
 * members: the processes that have the library, and which of them belong to one master.
 */
#ifndef SSLHARDEN_MEMBERS_H
#define SSLHARDEN_MEMBERS_H

#include "page.h"

/* A process that has the library, or cannot be read. */
struct member {
	pid_t pid, parent;
	char *name;
	char *why; /* it cannot be read; NULL: it was */
	bool has_library;
	enum page_state state;
	int error; /* errno, why its page is unread */
	struct page_key key;
	struct counts counts;
	const struct config *config;
	size_t master; /* which of them it belongs to; itself: to none */
	bool is_repeated; /* one before it has the same page */
};

struct members {
	struct member *items;
	size_t count;
};

/*
 * @pids     those that run (processes_all), ended by 0
 * @members  filled in, and not given back
 */
void members_find(const pid_t *pids, struct members *members);

/* The number of the master at the top of those that member number @i belongs to: its own, or another. */
size_t members_top(const struct members *members, size_t i);

#endif
