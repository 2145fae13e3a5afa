/* SPDX-License-Identifier: MIT
 *
 * again show                     prints the environment, a line each
 * again CONTEXT CALL FROM BEFORE FILE [ARGUMENT...] [-- NAME=VALUE...]
 *
 * Executes FILE with the variables behind "--" and no others, as a daemon does that starts
 * itself again: after a CONTEXT (server, client, none) was made, the strings of its own
 * environment were written over, and the shell has run BEFORE.  CALL: execve, execv, execvp.
 * FROM: main, fork, vfork, signal (on an alternate stack of the usual size), thread (on the
 * smallest stack there is), clone (as vfork, but on a stack of one page).  A call that fails is told
 * with its errno.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

const void *TLSv1_server_method(void); /* the stand-in's (standin.c) */
const void *TLS_client_method(void);
void *SSL_CTX_new(const void *method);

static char *nothing[] = {NULL};
static const char *call;
static char **words, **variables = nothing;
static void *made; /* for a leak checker to see */

static int execute(void)
{
	if (strcmp(call, "execve") == 0)
		return execve(words[0], words, variables);
	environ = variables;
	return strcmp(call, "execv") == 0 ? execv(words[0], words) : execvp(words[0], words);
}

static void executed(void)
{
	execute();
	printf("errno %d\n", errno);
	fflush(stdout);
}

static volatile sig_atomic_t signal_error;

static void on_signal(int number)
{
	(void)number;
	execute();
	signal_error = errno;
}

static void *on_thread(void *unused)
{
	executed();
	return unused;
}

static void from_signal(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	static char memory[65536]; /* their frames are large */
#else
	static char memory[8192]; /* SIGSTKSZ, before it grew with the processor */
#endif
	stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};

	sigaltstack(&stack, NULL);
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	printf("errno %d\n", (int)signal_error);
}

static void from_thread(void)
{
	pthread_attr_t attr;
	pthread_t id;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, (size_t)sysconf(_SC_THREAD_STACK_MIN));
	pthread_create(&id, &attr, on_thread, NULL);
	pthread_join(id, NULL);
}

static void from_vfork(void)
{
	int status;
	pid_t child = vfork();

	if (child == 0) {
		execute();
		_exit(errno);
	}
	waitpid(child, &status, 0);
	if (WEXITSTATUS(status) != 0)
		printf("errno %d\n", WEXITSTATUS(status));
}

/* What the loader would bind at the first call takes more than such a stack has. */
static int (*const bound)(const char *, char *const[], char *const[]) = execve;

static int on_clone(void *unused)
{
	(void)unused;
	bound(words[0], words, variables);
	_exit(errno);
}

static void from_clone(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	enum { SIZE = 65536 };
#else
	enum { SIZE = 4096 };
#endif
	/* Below it is what may not be touched. */
	char *memory = mmap(NULL, 2 * SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t child;

	mprotect(memory + SIZE, SIZE, PROT_READ | PROT_WRITE);
	child = clone(on_clone, memory + 2 * SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
	waitpid(child, &status, 0);
	if (!WIFEXITED(status))
		printf("signal %d\n", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		printf("errno %d\n", WEXITSTATUS(status));
}

static void from_fork(void)
{
	pid_t child = fork();

	if (child == 0) {
		executed();
		_exit(1);
	}
	waitpid(child, NULL, 0);
}

static void context(const char *kind)
{
	if (strcmp(kind, "server") == 0)
		made = SSL_CTX_new(TLSv1_server_method());
	else if (strcmp(kind, "client") == 0)
		made = SSL_CTX_new(TLS_client_method());
}

static int show(void)
{
	for (char **entry = environ; *entry != NULL; entry++)
		puts(*entry);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "show") == 0)
		return show();
	if (argc < 6)
		return 2;
	context(argv[1]);
	if (argv[4][0] != '\0' && system(argv[4]) != 0)
		return 3;
	for (char **entry = environ; *entry != NULL; entry++)
		memset(*entry, 'x', strlen(*entry));
	environ = nothing;
	call = argv[2];
	words = argv + 5;
	for (int i = 5; i < argc && variables == nothing; i++) {
		if (strcmp(argv[i], "--") == 0) {
			argv[i] = NULL;
			variables = argv + i + 1;
		}
	}
	if (strcmp(argv[3], "fork") == 0)
		from_fork();
	else if (strcmp(argv[3], "vfork") == 0)
		from_vfork();
	else if (strcmp(argv[3], "clone") == 0)
		from_clone();
	else if (strcmp(argv[3], "signal") == 0)
		from_signal();
	else if (strcmp(argv[3], "thread") == 0)
		from_thread();
	else
		executed();
	return 0;
}
