/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "servers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "page.h"
#include "process.h"
#include "processes.h"
#include "sockets.h"

/* A process that has the library, or cannot be read. */
struct member {
	pid_t pid, parent;
	char *name;
	char *why; /* it cannot be read; NULL: it was */
	bool has_library;
	enum page_state state;
	int error; /* why it is unread */
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

/* --- reading ------------------------------------------------------------------- */

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

/* --- which belong together ------------------------------------------------------ */

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

static size_t top_of(const struct members *members, size_t i)
{
	/* As many steps as there are processes: /proc was not read in one moment. */
	for (size_t step = 0; step < members->count && members->items[i].master != i; step++)
		i = members->items[i].master;
	return i;
}

/* --- as servers ------------------------------------------------------------------ */

static void part_add(struct server *server, const struct member *member)
{
	server->parts = memory_or_exit(
		realloc(server->parts, (server->part_count + 1) * sizeof(*server->parts)));
	server->parts[server->part_count++] = (struct server){.pid = member->pid,
							      .program = member->name,
							      .processes = 1,
							      .config = member->config,
							      .counts = member->counts};
	if (server->config == NULL)
		server->config = member->config;
	counts_add(&server->counts, &member->counts);
}

static void server_add(struct servers *servers, const struct members *members, size_t top)
{
	struct server server = {.pid = members->items[top].pid,
				.program = members->items[top].name};

	for (size_t i = 0; i < members->count; i++) {
		const struct member *member = &members->items[i];

		if (top_of(members, i) != top || !member->has_library)
			continue;
		server.processes++;
		if (member->state == PAGE_READ && !member->is_repeated)
			part_add(&server, member);
	}
	if (server.part_count == 0)
		return;
	/* One page, which its master has: nothing of it ends before the server does. */
	if (server.part_count == 1 && members->items[top].state == PAGE_READ) {
		free(server.parts);
		server.parts = NULL;
		server.part_count = 0;
	}
	servers->items = memory_or_exit(
		realloc(servers->items, (servers->count + 1) * sizeof(*servers->items)));
	servers->items[servers->count++] = server;
}

static void problem_note(struct servers *servers, const struct member *member)
{
	if (member->why != NULL)
		strings_add(&servers->problems, member->why);
	else if (member->state == PAGE_OTHER)
		strings_addf(&servers->problems,
			     "process %ld (%s): its library is of another version, or for other "
			     "words, than this command",
			     (long)member->pid, member->name);
	else if (member->state == PAGE_UNREAD)
		strings_addf(&servers->problems, "process %ld (%s): its counts cannot be read: %s",
			     (long)member->pid, member->name, process_unread(member->error));
}

/* --- those that are meant --------------------------------------------------------- */

static void all_note(struct servers *servers, const struct members *members)
{
	size_t unread = 0;

	for (size_t i = 0; i < members->count; i++) {
		if (members->items[i].why != NULL)
			unread++;
		else
			problem_note(servers, &members->items[i]);
		if (top_of(members, i) == i)
			server_add(servers, members, i);
	}
	if (unread > 0)
		strings_addf(&servers->problems, "%zu processes cannot be read; %s", unread,
			     process_reader());
}

/* One process, by the server that it belongs to; @wanted has those that were found. */
static void pid_note(struct servers *servers, const struct members *members, pid_t pid,
		     bool *wanted)
{
	char *why = NULL;
	struct process process;

	for (size_t i = 0; i < members->count; i++) {
		const struct member *member = &members->items[i];
		size_t top = top_of(members, i), before = servers->count;

		if (member->pid != pid)
			continue;
		if (member->why != NULL || member->state == PAGE_OTHER ||
		    member->state == PAGE_UNREAD) {
			problem_note(servers, member);
		} else if (!wanted[top]) {
			wanted[top] = true;
			server_add(servers, members, top);
			if (servers->count == before)
				strings_addf(&servers->problems,
					     "process %ld (%s) has counted nothing: "
					     "SSLHARDEN=off, or no context of a server yet",
					     (long)pid, member->name);
		}
		return;
	}
	if (process_read(pid, &process, &why)) {
		why = text_make("process %ld (%s) does not have the library: sslharden status %ld "
				"tells why",
				(long)pid, process.name, (long)pid);
		process_end(&process);
	}
	strings_add(&servers->problems, why);
}

static void word_note(struct servers *servers, const struct members *members, const char *word,
		      bool *wanted)
{
	pid_t *named;
	bool any = false;

	if (word[strspn(word, "0123456789")] == '\0') {
		pid_note(servers, members, (pid_t)atol(word), wanted);
		return;
	}
	for (size_t i = 0; i < members->count; i++) {
		if (strcmp(members->items[i].name, word) != 0)
			continue;
		any = true;
		pid_note(servers, members, members->items[i].pid, wanted);
	}
	if (any)
		return;
	/* By its program's file, or without the library. */
	named = processes_named(word);
	if (named[0] == 0)
		strings_addf(&servers->problems, "no process is named %s", word);
	for (size_t i = 0; named[i] != 0; i++)
		pid_note(servers, members, named[i], wanted);
	free(named);
}

void servers_find(char *const *words, struct servers *servers)
{
	struct members members = {.count = 0};
	pid_t *all = processes_all();
	bool *wanted;

	*servers = (struct servers){.count = 0};
	if (all[0] == 0)
		strings_add(&servers->problems, "/proc tells of no process: it is not mounted");
	for (size_t i = 0; all[i] != 0; i++)
		member_read(&members, all[i]);
	free(all);
	masters_find(&members);
	orphans_join(&members);
	wanted = memory_or_exit(calloc(members.count + 1, sizeof(*wanted)));
	if (*words == NULL)
		all_note(servers, &members);
	for (; *words != NULL; words++)
		word_note(servers, &members, *words, wanted);
	free(wanted);
}
