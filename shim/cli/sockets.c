/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "sockets.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "proc.h"

enum { LISTENS = 10 }; /* TCP_LISTEN of Linux's tcp_states.h */

/* Each is a link in /proc/PID/fd, "socket:[4711]". */
size_t sockets_of(pid_t pid, unsigned long long sockets[SOCKETS_MAX])
{
	char *path = text_make("/proc/%ld/fd", (long)pid), target[64];
	DIR *folder = opendir(path);
	struct dirent *entry;
	size_t count = 0;

	while (folder != NULL && count < SOCKETS_MAX && (entry = readdir(folder)) != NULL) {
		ssize_t len = readlinkat(dirfd(folder), entry->d_name, target, sizeof(target) - 1);

		target[len > 0 ? len : 0] = '\0';
		if (atoi(entry->d_name) > STDERR_FILENO &&
		    sscanf(target, "socket:[%llu]", &sockets[count]) == 1)
			count++;
	}
	if (folder != NULL)
		closedir(folder);
	free(path);
	return count;
}

static bool have_socket(const pid_t *pids, unsigned long long number)
{
	unsigned long long sockets[SOCKETS_MAX];

	for (; *pids != 0; pids++) {
		size_t count = sockets_of(*pids, sockets);

		for (size_t i = 0; i < count; i++) {
			if (sockets[i] == number)
				return true;
		}
	}
	return false;
}

/* Adds the ports of a table of /proc/net (proc(5)), each once. */
static void table_look(const char *table, const pid_t *pids, struct strings *ports)
{
	size_t len;
	char *text = proc_read("/proc/self/net", table, &len), *rest = text, *line;

	while (text != NULL && (line = strsep(&rest, "\n")) != NULL) {
		unsigned int port, state;
		unsigned long long number;
		char *name;

		if (sscanf(line, " %*d: %*[0-9A-F]:%x %*s %x %*s %*s %*s %*u %*u %llu", &port,
			   &state, &number) != 3 ||
		    state != LISTENS || !have_socket(pids, number))
			continue;
		name = text_make("%u", port);
		if (!strings_have(ports, name))
			strings_add(ports, name);
		free(name);
	}
	free(text);
}

char *sockets_ports(const pid_t *pids)
{
	struct strings ports = {0};
	char *text = NULL;

	table_look("tcp", pids, &ports);
	table_look("tcp6", pids, &ports);
	for (size_t i = 0; i < ports.count; i++)
		text = text == NULL ? text_make("%s", ports.items[i])
				    : text_make("%s, %s", text, ports.items[i]);
	return text;
}
