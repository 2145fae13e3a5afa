/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "verify.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "processes.h"
#include "status_family.h"

static void verify(pid_t pid)
{
	static const char *const words[] = {[NOTHING] = "has no libssl yet",
					    [YES] = "is active",
					    [UNKNOWN] = "is not known to be active",
					    [NO] = "is not active"};
	enum activity answer;

	dup2(STDERR_FILENO, STDOUT_FILENO);
	answer = status_family(pid, false);
	fflush(stdout);
	cli_error("run: %ld %s", (long)pid, words[answer]);
}

void verify_later(pid_t pid, unsigned int seconds, const char *name)
{
	pid_t child = fork();

	if (child == 0) {
		if (fork() != 0)
			_exit(0);
		setsid();
		close(STDIN_FILENO);
		/* Whoever waits for the end of the program's output waits for no more of it. */
		dup2(STDERR_FILENO, STDOUT_FILENO);
		sleep(seconds);
		if (processes_is_there(pid))
			verify(pid);
		else
			cli_error("run: %ld has ended; if it went to the background: "
				  "sslharden status %s",
				  (long)pid, name);
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}
