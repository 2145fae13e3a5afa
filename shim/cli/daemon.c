/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "patience.h"
#include "processes.h"
#include "sockets.h"

enum {
	BETWEEN = 20, /* milliseconds, between two attempts to connect */
	LEAVE = 10000, /* that it has to end by itself, and then to end at all */
	SAID = 5000, /* between two lines that say that it is being waited for */
};

static pid_t program; /* the process that was started itself */
static int program_status;

void daemon_prepare(pid_t parent)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	/* A command that was killed cannot stop it any more. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(CLI_UNKNOWN);
}

bool daemon_start(char **argv, int output)
{
	int nothing;

	program_status = 0;
	program = fork();
	if (program != 0)
		return program > 0;
	nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	setsid(); /* a terminal's signals are for us, who pass them on */
	patience_end();
	dup2(nothing, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	execvp(argv[0], argv);
	cli_error("%s: %s", argv[0], strerror(errno));
	_exit(errno == ENOENT ? CLI_NOT_FOUND : CLI_CANNOT_EXECUTE);
}

/* Takes note of who has ended.  False: nobody is left. */
static bool reap(void)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == program)
			program_status = status;
	}
	return pid == 0;
}

/* --- it listens ------------------------------------------------------------------ */

static void address_put(union address *to, const struct sockaddr *from, unsigned int port)
{
	bool is_v6 = from->sa_family == AF_INET6;

	memset(to, 0, sizeof(*to));
	memcpy(to, from, is_v6 ? sizeof(to->v6) : sizeof(to->v4));
	if (is_v6)
		to->v6.sin6_port = htons((uint16_t)port);
	else
		to->v4.sin_port = htons((uint16_t)port);
}

/* Those of this machine, loopback's first: nothing leaves it. */
static size_t addresses(unsigned int port, union address to[ADDRESSES_MAX])
{
	const struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	const struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
					.sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct ifaddrs *all = NULL;
	size_t count = 2;

	address_put(&to[0], (const struct sockaddr *)&v4, port);
	address_put(&to[1], (const struct sockaddr *)&v6, port);
	if (getifaddrs(&all) != 0)
		return count;
	for (struct ifaddrs *each = all; each != NULL && count < ADDRESSES_MAX;
	     each = each->ifa_next) {
		const struct sockaddr *address = each->ifa_addr;

		if (address != NULL &&
		    (address->sa_family == AF_INET || address->sa_family == AF_INET6))
			address_put(&to[count++], address, port);
	}
	freeifaddrs(all);
	return count;
}

static bool connects(const union address *to, size_t count, long until, union address *which)
{
	for (size_t i = 0; i < count; i++) {
		int fd = ask_connect(&to[i], until);

		if (fd < 0)
			continue;
		close(fd);
		*which = to[i];
		return true;
	}
	return false;
}

bool daemon_port_is_taken(unsigned int port)
{
	union address to[ADDRESSES_MAX], which;

	return connects(to, addresses(port, to), patience_now() + LEAVE, &which);
}

static char *ending(void)
{
	if (WIFSIGNALED(program_status))
		return text_make("it ended by signal %d", WTERMSIG(program_status));
	if (WEXITSTATUS(program_status) != 0)
		return text_make("it ended with exit code %d", WEXITSTATUS(program_status));
	return text_make("it ended, and left nobody who listens (who is asked to start it, as "
			 "systemd is, is no child of it)");
}

/* The ports that it listens on instead, as the end of a line. */
static char *elsewhere(void)
{
	pid_t *family = processes_family(getpid());
	char *ports = sockets_ports(family + 1);

	free(family);
	return ports != NULL ? text_make(", but on %s", ports) : text_make("%s", "");
}

bool daemon_await(unsigned int port, long until, struct target *target, char **why)
{
	union address to[ADDRESSES_MAX];
	size_t count = addresses(port, to);
	long next = patience_now() + SAID;

	while (patience_now() < until && patience_signal() == 0) {
		if (!reap()) {
			*why = ending();
			return false;
		}
		if (connects(to, count, until, &target->address))
			return true;
		if (patience_now() > next) {
			cli_error(
				"compare: it does not listen on port %u yet%s; at most %ld s more",
				port, elsewhere(), (until - patience_now()) / 1000);
			next = patience_now() + SAID;
		}
		patience_wait(-1, 0, patience_now() + BETWEEN);
	}
	*why = text_make("it does not listen on port %u in time%s", port, elsewhere());
	return false;
}

/* --- it ends ---------------------------------------------------------------------- */

static bool is_any_of(pid_t pid, const pid_t *pids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (pids[i] == pid)
			return true;
	}
	return false;
}

/*
 * Who is at the top is told once, and ends those below in its own way; who is left over when it
 * has gone comes up to us.
 */
static void end_gently(long until)
{
	pid_t *told = NULL;
	size_t count = 0;

	while (reap() && patience_now() < until) {
		pid_t *family = processes_family(getpid());

		for (size_t i = 1; family[i] != 0; i++) {
			if (processes_parent(family[i]) != getpid() ||
			    is_any_of(family[i], told, count))
				continue;
			told = memory_or_exit(realloc(told, (count + 1) * sizeof(*told)));
			told[count++] = family[i];
			kill(family[i], SIGTERM);
		}
		free(family);
		patience_wait(-1, 0, patience_now() + 10L * BETWEEN);
	}
	free(told);
}

size_t daemon_stop(void)
{
	pid_t *family;
	size_t count = 0;

	end_gently(patience_now() + LEAVE);
	for (long until = patience_now() + LEAVE; reap() && patience_now() < until;) {
		family = processes_family(getpid());
		for (size_t i = 1; family[i] != 0; i++)
			kill(family[i], SIGKILL);
		free(family);
		patience_wait(-1, 0, patience_now() + BETWEEN);
	}
	family = processes_family(getpid());
	while (family[1 + count] != 0)
		count++;
	free(family);
	return count;
}
