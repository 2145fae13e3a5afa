/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "members.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "processes.h"
#include "sockets.h"

static void member_read(struct members *members, pid_t pid)
{
	struct member member = {.pid = pid, .master = members->count};
	struct process process;
	char *why = NULL;
	bool read = process_read(pid, &process, &why);

	if (!read && (process.folder == NULL || !processes_is_there(pid)))
		return; /* it has ended */
	if (read && process.library == NULL) {
		process_end(&process);
		return;
	}
	member.name = process.name;
	member.parent = process.parent;
	member.why = why;
	if (read) {
		member.has_library = true;
		member.config = process.config;
		member.state = page_read(&process, &member.key, &member.counts);
		member.error = errno;
	}
	process_end(&process);
	members->items = memory_or_exit(
		realloc(members->items, (members->count + 1) * sizeof(*members->items)));
	members->items[members->count++] = member;
}

static bool same_page(const struct member *a, const struct member *b)
{
	return a->state == PAGE_READ && b->state == PAGE_READ && a->key.inode != 0 &&
	       a->key.inode == b->key.inode && a->key.space == b->key.space &&
	       strcmp(a->key.device, b->key.device) == 0;
}

static bool share_a_socket(pid_t a, pid_t b)
{
	unsigned long long first[SOCKETS_MAX], second[SOCKETS_MAX];
	size_t count = sockets_of(a, first), other = sockets_of(b, second);

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < other; j++) {
			if (first[i] == second[j])
				return true;
		}
	}
	return false;
}

/*
 * Children that a master only forks share its page.  Those that it executes (postfix, dovecot) have
 * one each, and a socket of their master's: the one that it listens on.  What starts everything
 * else on a machine holds sockets of many, and is nobody's master.
 */
static bool is_master(const struct member *parent, const struct member *child)
{
	return parent->pid == child->parent &&
	       (same_page(parent, child) ||
		(parent->has_library && child->has_library &&
		 strcmp(parent->name, "systemd") != 0 && share_a_socket(parent->pid, child->pid)));
}

static void masters_find(struct members *members)
{
	for (size_t i = 0; i < members->count; i++) {
		struct member *member = &members->items[i];

		for (size_t p = 0; p < members->count; p++) {
			if (p != i && is_master(&members->items[p], member))
				member->master = p;
			if (p < i && same_page(&members->items[p], member))
				member->is_repeated = true;
		}
	}
}

/* Those whose parents have ended: the first one with the same page is the next best. */
static void orphans_join(struct members *members)
{
	for (size_t i = 0; i < members->count; i++) {
		struct member *member = &members->items[i];

		/* Its own kind alone, or a master whose child has a lower PID would be that child's. */
		for (size_t p = 0; member->master == i && member->is_repeated && p < i; p++) {
			if (members->items[p].master == p && same_page(&members->items[p], member))
				member->master = p;
		}
	}
}

size_t members_top(const struct members *members, size_t i)
{
	/* As many steps as there are processes: /proc was not read in one moment. */
	for (size_t step = 0; step < members->count && members->items[i].master != i; step++)
		i = members->items[i].master;
	return i;
}

void members_find(const pid_t *pids, struct members *members)
{
	*members = (struct members){.count = 0};
	for (size_t i = 0; pids[i] != 0; i++)
		member_read(members, pids[i]);
	masters_find(members);
	orphans_join(members);
}
