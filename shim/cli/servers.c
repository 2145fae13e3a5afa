/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "servers.h"

#include <stdlib.h>
#include <string.h>

#include "members.h"
#include "process.h"
#include "processes.h"

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

		if (members_top(members, i) != top || !member->has_library)
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
		if (members_top(members, i) == i)
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
		size_t top = members_top(members, i), before = servers->count;

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
	struct members members;
	pid_t *all = processes_all();
	bool *wanted;

	*servers = (struct servers){.count = 0};
	if (all[0] == 0)
		strings_add(&servers->problems, "/proc tells of no process: it is not mounted");
	members_find(all, &members);
	free(all);
	wanted = memory_or_exit(calloc(members.count + 1, sizeof(*wanted)));
	if (*words == NULL)
		all_note(servers, &members);
	for (; *words != NULL; words++)
		word_note(servers, &members, *words, wanted);
	free(wanted);
}
