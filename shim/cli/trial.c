/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "trial.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "group_names.h"
#include "library.h"
#include "sslharden/names.h"

enum { SSL_CTRL_SET_GROUPS_LIST = 92 }; /* ssl.h, from 1.0.2 on */

/* clang-format off */ /* a table */
static const struct list {
	const char *variable, *function; /* NULL function: by SSL_CTX_ctrl */
	size_t offset; /* of the member of struct config */
	const char *accepted; /* in the library's words (harden/lists.c) */
} lists[] = {
	{"SSLHARDEN_CIPHERS", "SSL_CTX_set_cipher_list", offsetof(struct config, ciphers),
	 "a string that openssl ciphers -v expands"},
	{"SSLHARDEN_CIPHERSUITES", "SSL_CTX_set_ciphersuites",
	 offsetof(struct config, ciphersuites), "names of TLS 1.3 suites, separated by ':'"},
	{"SSLHARDEN_GROUPS", NULL, offsetof(struct config, groups),
	 "names of groups that it knows, separated by ':'"},
};
/* clang-format on */

static const char *text_of(const struct config *config, const struct list *list)
{
	/* A profile's groups are tried from the first that is known on. */
	if (list->function == NULL && config->groups_from_profile)
		return "";
	return (const char *)config + list->offset;
}

static bool is_known(void *handle, void *context, const struct list *list, const char *text)
{
	long (*control)(void *, int, long, void *);
	int (*set)(void *, const char *);

	/* As POSIX has it; ISO C knows no cast from an object's address to a function's. */
	*(void **)&control = dlsym(handle, "SSL_CTX_ctrl");
	*(void **)&set = list->function != NULL ? dlsym(handle, list->function) : NULL;
	if (list->function == NULL)
		return control == NULL ||
		       control(context, SSL_CTRL_SET_GROUPS_LIST, 0, (void *)text) != 0;
	return set == NULL || set(context, text) != 0;
}

/* A context of the libssl in that file, and its @handle; NULL: it cannot be loaded here. */
static void *context_make(const char *libssl, void **handle_made)
{
	void *handle = *handle_made = dlopen(libssl, RTLD_NOW | RTLD_LOCAL);
	int (*init)(void); /* before 1.1.0 */
	void *(*method)(void), *(*new)(void *);

	if (handle == NULL)
		return NULL;
	*(void **)&init = dlsym(handle, "SSL_library_init");
	*(void **)&method = dlsym(handle, "TLS_server_method");
	if (method == NULL)
		*(void **)&method = dlsym(handle, "SSLv23_server_method");
	*(void **)&new = dlsym(handle, "SSL_CTX_new");
	if (init != NULL)
		init();
	return method != NULL && new != NULL ? new (method()) : NULL;
}

/* What a libssl says as it is loaded is nobody's affair. */
static void silence(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
}

/* The names of a list of groups that it does not know, each by itself. */
static char *groups_unknown(void *handle, void *context, const struct list *list, const char *text)
{
	char *unknown = text_make("%s", "");

	for (size_t len; (len = name_next(&text)) != 0; text += len) {
		char *name = text_make("%.*s", (int)len, text);

		if (name_adds(name) && !is_known(handle, context, list, name))
			unknown = text_make("%s%s%s", unknown, unknown[0] == '\0' ? "" : ", ",
					    group_names_said(name, len));
	}
	return unknown;
}

/* In the process that loads it: a line for each list that it does not take. */
static void lists_try(const char *libssl, const struct config *config, int to)
{
	void *handle, *context = context_make(libssl, &handle);

	for (size_t i = 0; context != NULL && i < sizeof(lists) / sizeof(lists[0]); i++) {
		const char *text = text_of(config, &lists[i]), *unknown = "";

		if (text[0] == '\0' || is_known(handle, context, &lists[i], text))
			continue;
		if (lists[i].function == NULL)
			unknown = groups_unknown(handle, context, &lists[i], text);
		dprintf(to, "%s: %s takes nothing of \"%s\"%s%s; accepted: %s\n", lists[i].variable,
			libssl, text_plain(text),
			unknown[0] == '\0' ? "" : ", for it does not know ", text_plain(unknown),
			lists[i].accepted);
	}
}

static bool has_lists(const struct config *config)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (text_of(config, &lists[i])[0] != '\0')
			return true;
	}
	return false;
}

static const char *libssl_of(const struct inspection *inspection)
{
	char *command = library_command(), *why;
	struct elf_file self;

	if (SSLHARDEN_STATIC || command == NULL || !elf_file_read(command, &self, &why))
		return NULL;
	for (size_t i = 1; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];

		if (elf_file_is_libssl(file) && elf_file_fits(file, &self) &&
		    elf_file_is_musl(&inspection->files[0]) == elf_file_is_musl(&self))
			return file->path;
	}
	return NULL;
}

static void suites_write(const char *libssl, const struct config *config, int to)
{
	void *handle, *context = context_make(libssl, &handle), *connection;
	int (*set)(void *, const char *);
	void *(*new)(void *);
	const char *(*get)(const void *, int), *name;

	if (context == NULL)
		return;
	*(void **)&set = dlsym(handle, "SSL_CTX_set_cipher_list");
	*(void **)&new = dlsym(handle, "SSL_new");
	*(void **)&get = dlsym(handle, "SSL_get_cipher_list");
	if (set == NULL || new == NULL || get == NULL || set(context, config->ciphers) == 0)
		return;
	connection = new (context);
	for (int i = 0; connection != NULL && (name = get(connection, i)) != NULL; i++)
		dprintf(to, "%s\n", name);
}

typedef void written(const char *libssl, const struct config *config, int to);

/* Adds the lines that @write writes, in a process of its own. */
static void lines_of(written *write, const char *libssl, const struct config *config,
		     struct strings *lines)
{
	int ends[2];
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	pid_t pid;
	FILE *from;

	if (SSLHARDEN_STATIC || pipe2(ends, O_CLOEXEC) != 0)
		return;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		silence();
		write(libssl, config, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	from = fdopen(ends[0], "r");
	while (from != NULL && (len = getline(&line, &size, from)) > 0)
		strings_addf(lines, "%.*s", (int)(len - 1), line);
	if (from != NULL)
		fclose(from);
	free(line);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

void trial_suites(const char *libssl, const struct config *config, struct strings *names)
{
	lines_of(suites_write, libssl, config, names);
}

void trial(const struct inspection *inspection, const struct config *config,
	   struct strings *complaints)
{
	const char *libssl = has_lists(config) ? libssl_of(inspection) : NULL;

	if (libssl != NULL)
		lines_of(lists_try, libssl, config, complaints);
}
