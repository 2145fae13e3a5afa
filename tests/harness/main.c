/* SPDX-License-Identifier: MIT
 *
 * The ways in which a program comes to call libssl: peer [--in=main|thread|fork] WORD...
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"

struct call {
	int argc;
	char **argv;
	int ret;
};

static void *in_thread(void *data)
{
	struct call *call = data;

	call->ret = peer_main(call->argc, call->argv);
	return NULL;
}

static int thread(struct call *call)
{
	pthread_t id;

	if (pthread_create(&id, NULL, in_thread, call) != 0)
		return 3;
	pthread_join(id, NULL);
	return call->ret;
}

static int forked(struct call *call)
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		exit(peer_main(call->argc, call->argv));
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

int main(int argc, char **argv)
{
	struct call call = {argc - 1, argv + 1, 3};
	const char *in = "main";

	if (argc > 1 && strncmp(argv[1], "--in=", 5) == 0) {
		in = argv[1] + 5;
		call.argc--;
		call.argv++;
	}
	if (strcmp(in, "thread") == 0)
		return thread(&call);
	if (strcmp(in, "fork") == 0)
		return forked(&call);
	return peer_main(call.argc, call.argv);
}
