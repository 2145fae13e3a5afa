/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "admission.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "library.h"
#include "messages/safe_open.h"
#include "path.h"
#include "settings.h"
#include "sslharden/config.h"
#include "starter.h"
#include "trial.h"

static bool can_be_protected(const char *command, const struct elf_file *library,
			     const struct inspection *inspection, struct verdict *verdict)
{
	char *why;

	verdict_find(inspection, library, verdict);
	for (size_t i = 0; i < verdict->reasons.count; i++)
		cli_error("%s: %s: %s", command, inspection->path, verdict->reasons.items[i]);
	if (verdict->answer == ANSWER_NO)
		return false;
	if (!library_loads(library, &why)) {
		cli_error("%s: %s", command, why);
		return false;
	}
	return true;
}

/* What of the program's words takes the library away from what it starts. */
static void hidden_add(struct inspection *inspection, char **argv)
{
	struct start start = {.search = getenv("PATH")};
	struct strings words = {0};

	for (size_t i = 0; argv[i] != NULL; i++)
		strings_add(&words, argv[i]);
	starter_follow(&start, words);
	for (size_t i = 0; i < start.hidden.count; i++)
		strings_addf(&inspection->hidden, "in the words of this call, %s",
			     start.hidden.items[i]);
}

/* Why it cannot be written, NULL: it can.  What is there is opened as the library does it. */
static const char *log_refusal(const char *path)
{
	struct stat root, named;
	const char *why;
	char *folder;
	bool can;
	int fd;

	if (lstat(path, &named) == 0 && stat("/", &root) == 0) {
		fd = safe_open(path, &root, &why);
		if (fd >= 0)
			close(fd);
		else if (why != NULL)
			return why;
		return fd >= 0 || errno == ENXIO /* a pipe that nobody reads yet */
			       ? NULL
			       : strerror(errno);
	}
	if (errno != ENOENT)
		return strerror(errno);
	folder = folder_of(path);
	can = access(folder, W_OK | X_OK) == 0;
	free(folder);
	return can ? NULL : strerror(errno);
}

/* It is opened by the server, which may have fewer rights than we; not to have them here is no. */
static void log_complain(const struct config *config, struct strings *complaints)
{
	const char *why = NULL;

	if (config->log_target == LOG_TARGET_FILE)
		why = log_refusal(config->log_path);
	if (why != NULL)
		strings_addf(complaints,
			     "SSLHARDEN_LOG: %s cannot be written: %s; accepted: a "
			     "file that can, or whose folder can",
			     config->log_path, why);
}

/* Settings as the program will have them.  False if one cannot be read, each named. */
static bool settings_are_good(const char *command, const struct admission *admission)
{
	static struct config config;
	struct strings complaints = {0};

	config_load(&config, environ, false, admission->program);
	complaints_list(&config, &complaints);
	log_complain(&config, &complaints);
	trial(&admission->inspection, &config, &complaints);
	for (size_t i = 0; i < complaints.count; i++)
		cli_error("%s: %.*s", command, complaint_length(complaints.items[i]),
			  complaints.items[i]);
	if (config.mode == MODE_OFF)
		cli_error("%s: SSLHARDEN=off: nothing will be hardened", command);
	return complaints.count == 0;
}

int admission_find(const char *command, char **argv, const struct strings *plugins,
		   const struct elf_file *library, struct admission *admission)
{
	struct inspection *inspection = &admission->inspection;
	char *why;
	int code;

	*admission = (struct admission){.program = NULL};
	if (!inspect(argv[0], plugins, inspection, &why, &code)) {
		cli_error("%s: %s", command, why);
		return code == CLI_UNKNOWN ? CLI_NO : code;
	}
	admission->program = realpath(inspection->path, NULL);
	if (admission->program == NULL)
		admission->program = text_make("-");
	hidden_add(inspection, argv);
	if (!can_be_protected(command, library, inspection, &admission->verdict))
		return CLI_NO;
	return settings_are_good(command, admission) ? CLI_YES : CLI_USAGE;
}

int admission_executable(const char *command, const char *name)
{
	int error;

	if (path_search(name, getenv("PATH")) != NULL)
		return CLI_YES;
	error = errno;
	cli_error("%s: %s: %s", command, name, strerror(error));
	return error == ENOENT || error == ENOTDIR ? CLI_NOT_FOUND : CLI_CANNOT_EXECUTE;
}
