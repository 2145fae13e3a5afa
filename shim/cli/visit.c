/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "visit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "enclosure.h"
#include "patience.h"
#include "preload_file.h"
#include "preloading.h"
#include "proc.h"
#include "process.h"
#include "processes.h"

/* --- in the process that starts the server ------------------------------------------ */

static void text_keep(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text);
}

static void said_keep(struct visit *visit, int output)
{
	off_t size = lseek(output, 0, SEEK_END),
	      from = size > SAID_MAX - 1 ? size - SAID_MAX + 1 : 0;
	ssize_t got = pread(output, visit->said, SAID_MAX - 1, from);

	visit->said[got > 0 ? got : 0] = '\0';
}

/* Why a process has not the library that what started it was given. */
static const char *way_lost(const struct process *process)
{
	return process->is_secure ? "a secure-execution process, where the loader ignores "
				    "LD_PRELOAD; use /etc/ld.so.preload"
				  : "what started it took LD_PRELOAD out of its environment";
}

/* Why a process has it that was started without. */
static const char *way_found(void)
{
	return preload_file_ours("") != NULL
		       ? "/etc/ld.so.preload brings it, and what started it took SSLHARDEN=off out "
			 "of its environment"
		       : "what started it put it into its environment, as the program's own "
			 "configuration says (import_environment of dovecot and postfix); take it "
			 "out there to compare";
}

/*
 * What serves, and whether the library is where it should be: preloading fails open, and an
 * environment that is wiped on the way to the process that serves makes a table of two equal columns.
 */
static void family_look(struct visit *visit, bool is_hardened)
{
	pid_t *family = processes_family(getpid());
	bool is_there = false;

	for (size_t i = 1; family[i] != 0; i++) {
		struct process process;
		char *why, *program;

		if (!process_read(family[i], &process, &why))
			continue;
		process_end(&process);
		if (process.libssl == NULL)
			continue;
		text_keep(visit->libssl, sizeof(visit->libssl), process.libssl);
		program = proc_link(process.folder, "exe");
		text_keep(visit->program, sizeof(visit->program), program != NULL ? program : "");
		free(program);
		is_there = is_there || process.library != NULL;
		if (is_hardened && process.library == NULL)
			text_keep(visit->stranger, WHY_MAX,
				  text_make("%s has %s, and not the library: %s", process.name,
					    process.libssl, way_lost(&process)));
		if (!is_hardened && process.library != NULL && process.config != NULL &&
		    process.config->mode != MODE_OFF)
			text_keep(visit->stranger, WHY_MAX,
				  text_make("%s has the library when it is bare, too: %s",
					    process.name, way_found()));
	}
	if (is_hardened && !is_there && visit->stranger[0] == '\0')
		text_keep(visit->stranger, WHY_MAX, "the library is in none of its processes");
	free(family);
}

/* NULL: it was measured, and else why not. */
static const char *measure(const struct request *request, struct visit *visit, int output,
			   bool is_hardened)
{
	/* One client may go without an answer, and the others get theirs. */
	struct target target = {
		.starttls = request->starttls, .name = request->name, .time = request->wait / 4};
	char *why = NULL;
	int held;

	if (!daemon_start(request->argv, output))
		return strerror(errno);
	if (!daemon_await(request->port, patience_now() + request->wait, &target, &why))
		return why;
	cli_error("compare: %s: it listens; clients ask", is_hardened ? "hardened" : "bare");
	if (!questions_ask(&target, patience_now() + request->wait, &visit->measured))
		return "it listens, and does not answer all clients in time";
	if (!measured_has_answer(&visit->measured))
		return "it listens, and answers no client in time";
	if (!measured_has_tls(&visit->measured))
		return request->starttls != NULL ? "it listens, and does not begin TLS as asked"
						 : "it listens, and does not speak TLS there";
	/* Some have a process for each connection, and none without. */
	held = questions_hold(&target);
	family_look(visit, is_hardened);
	close(held);
	visit->state = STATE_MEASURED;
	return NULL;
}

/* Never returns. */
static void visit_make(const struct request *request, const struct elf_file *library,
		       const struct verdict *verdict, struct visit *visit, pid_t parent)
{
	int output = memfd_create("output", MFD_CLOEXEC);
	const char *why;
	char *without;

	if (output < 0 || fcntl(output, F_SETFL, O_APPEND) != 0) {
		text_keep(visit->why, WHY_MAX, strerror(errno));
	} else if (!request->here && !enclosure_enter(&request->own_folders, &without)) {
		visit->state = STATE_NOT_ENCLOSED;
		text_keep(visit->why, WHY_MAX, without);
	} else if (request->here && daemon_port_is_taken(request->port)) {
		text_keep(visit->why, WHY_MAX, "somebody has that port already");
	} else {
		/* Not before a user namespace is entered, which would undo it. */
		daemon_prepare(parent);
		if (verdict == NULL)
			preloading_end(library);
		else
			preloading_begin(library, verdict);
		why = measure(request, visit, output, verdict != NULL);
		text_keep(visit->why, WHY_MAX, why != NULL ? why : "");
		visit->left = daemon_stop();
		said_keep(visit, output);
	}
	_exit(0);
}

/* --- in the command itself ----------------------------------------------------------- */

static volatile pid_t visitor;

/* Whoever ends the command ends the server, too. */
static void pass_on(int signal)
{
	if (visitor > 0)
		kill(visitor, signal);
}

void visit_prepare(void)
{
	patience_begin(pass_on);
}

bool visit(const struct request *request, const struct elf_file *library,
	   const struct verdict *verdict, struct visit *told)
{
	pid_t parent = getpid();

	memset(told, 0, sizeof(*told));
	text_keep(told->why, WHY_MAX, "what started it was ended");
	fflush(NULL);
	visitor = fork();
	if (visitor == 0) {
		told->why[0] = '\0';
		patience_end();
		patience_begin(NULL);
		visit_make(request, library, verdict, told, parent);
	}
	if (visitor < 0)
		text_keep(told->why, WHY_MAX, strerror(errno));
	while (visitor > 0 && waitpid(visitor, NULL, WNOHANG) == 0)
		patience_wait(-1, 0, patience_now() + 1000);
	visitor = 0;
	if (told->left > 0)
		cli_error("compare: %zu of its processes could not be ended", told->left);
	return told->state == STATE_MEASURED;
}
