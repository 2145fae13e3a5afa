/* SPDX-License-Identifier: MIT
 *
 * process: what proc(5) tells of a running process.
 */
#ifndef SSLHARDEN_PROCESS_H
#define SSLHARDEN_PROCESS_H

#include <sys/types.h>

#include "cli.h"
#include "maps.h"
#include "memory/shared.h"
#include "sslharden/config.h"

/* What is known of the settings in force there. */
enum record {
	RECORD_FOUND,
	RECORD_NONE, /* its memory was read, and has none */
	RECORD_OTHER, /* one of a library of another version */
	RECORD_UNREAD, /* its memory cannot be read (ptrace(2), "access mode checking") */
};

struct process {
	pid_t pid, parent;
	char *name; /* as ps(1) shows it */
	char *folder; /* of /proc, where its files can be read */
	struct maps maps; /* their files are read by maps_files_read */
	char *library; /* the mapped libsslharden.so whose code can be executed, NULL: none */
	bool is_replaced; /* that, or removed, since it was loaded */
	char *refused; /* one whose code cannot, as the loader leaves one that it refused */
	char *libssl; /* the mapped libssl, NULL: none */
	bool is_secure; /* AT_SECURE: its environment's LD_PRELOAD was not read */
	bool is_32; /* its words */
	uint64_t headers, header_count; /* AT_PHDR, AT_PHNUM; 0: not known */
	int memory; /* a descriptor of its memory, -1: it cannot be read */
	int memory_error; /* why, or why the library's part of it cannot */
	int pages; /* one of what is known of each page (proc(5), pagemap), -1: nothing */
	/* What it was started with, of SSLHARDEN..., LD_PRELOAD and LD_AUDIT. */
	struct strings environment;
	bool is_overwritten; /* by its title, as nginx does: nothing of that is to be seen */
	enum record record;
	struct config *config; /* of a record that was found */
	uint64_t page; /* where its counts are (memory/shared.h); 0: it has none */
	struct log_file {
		uint32_t way, error, kept; /* file_way, and so on, of struct shared_record there */
	} log_file;
	/* What its libssl does not know of the operator's lists, as in struct shared_record. */
	uint64_t untaken[SHARED_LISTS];
};

/*
 * Fills in @process, whose descriptors process_end closes; of its memory nothing is given back.
 *
 * Returns false with @why set, a line without the end of one, if it cannot be read.  Then @process
 * has what there is: its name and parent if it runs, its folder if it lives.
 */
bool process_read(pid_t pid, struct process *process, char **why);

/* Closes the descriptors, if there are any; what was read stays. */
void process_end(struct process *process);

/* Who can read all processes, where some could not be read here: the end of a line. */
const char *process_reader(void);

/* What an errno of reading it says, and who can, where that is a matter of rights; to be freed. */
char *process_unread(int error);

/* A variable that it was started with; NULL: it was not, or wrote over it. */
const char *process_variable(const struct process *process, const char *name);

#endif
