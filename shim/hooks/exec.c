/* SPDX-License-Identifier: MIT
 *
 * exec: when a server executes its own file anew with a cleared environment (nginx's upgrade on the
 * fly, exim's reload), adds this library and its settings to the new environment.
 *
 * Only variables that are missing are added, only for the process's own file, and only after the
 * first context that may serve.  libc's functions call its internal execve, so each function that
 * servers use for this is wrapped: execve, execv and execvp.
 *
 * The caller may be a child of vfork, which shares its parent's memory, or a signal handler, and
 * may have a stack of one page.  So everything is prepared with that first context at the latest;
 * the wrappers write to the stack only, or to pages of their own, and log nothing.
 */
#define _GNU_SOURCE
#include "hooks/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "hooks/wrap.h"
#include "loader/elf_list.h"
#include "memory/kernel.h"
#include "settings/config_file.h"
#include "settings/descriptor.h"
#include "settings/environment.h"

typedef int (*execv_fn)(const char *path, char *const argv[]);
typedef int (*execve_fn)(const char *path, char *const argv[], char *const envp[]);

enum { FEW = 64 /* entries of an environment that is made on the stack */ };

static struct elf_next next_execve = {.name = "execve"};
static struct elf_next next_execv = {.name = "execv"};
static struct elf_next next_execvp = {.name = "execvp"};

static char own_file[CONFIG_TEXT_MAX / 2];
static atomic_flag remembered = ATOMIC_FLAG_INIT;
static atomic_bool serves;

void exec_remember(void)
{
	int saved_errno = errno;

	if (!atomic_flag_test_and_set(&remembered))
		config_file_program("/proc/self/exe", own_file, sizeof(own_file));
	errno = saved_errno;
}

void exec_serves(void)
{
	static atomic_flag begun = ATOMIC_FLAG_INIT;

	if (atomic_flag_test_and_set(&begun))
		return;
	elf_next_of(&next_execve);
	elf_next_of(&next_execv);
	elf_next_of(&next_execvp);
	exec_remember();
	atomic_store_explicit(&serves, own_file[0] != '\0', memory_order_release);
}

/*
 * Whether @path and the name of our own file are the same file now.  (An upgrade has replaced the
 * file that is running, and either name may be a link.)
 */
static bool is_own(const char *path)
{
	int saved_errno = errno; /* a child of vfork has its parent's */
	struct stat own, other;
	bool is = descriptor_stat_at(AT_FDCWD, own_file, 0, &own) &&
		  descriptor_stat_at(AT_FDCWD, path, 0, &other) && own.st_dev == other.st_dev &&
		  own.st_ino == other.st_ino;

	errno = saved_errno;
	return is;
}

/* is_own comes before envp is read: for another file a bad pointer is the kernel's to report. */
static bool is_carried(const char *path, char *const envp[])
{
	return atomic_load_explicit(&serves, memory_order_acquire) &&
	       config_get()->environment[0] != '\0' && is_own(path) &&
	       environment_missing(config_get()->environment, envp, NULL, 0) != 0;
}

static int execute(const char *path, char *const argv[], char *const envp[])
{
	execve_fn next = (execve_fn)elf_next_of(&next_execve);

	if (next != NULL)
		return next(path, argv, envp);
	errno = ENOSYS;
	return -1;
}

static size_t length(char *const envp[])
{
	size_t count = 0;

	while (envp != NULL && envp[count] != NULL)
		count++;
	return count;
}

/* @made  room for all that @envp has, what is missing there, and the end */
static int execute_with(const char *path, char *const argv[], char *const envp[],
			const char *made[])
{
	size_t count = length(envp);

	for (size_t i = 0; i < count; i++)
		made[i] = envp[i];
	count += environment_missing(config_get()->environment, envp, made + count, SIZE_MAX);
	made[count] = NULL;
	return execute(path, argv, (char *const *)made);
}

/* Not inlined, so that the usual call needs no stack for the list. */
__attribute__((noinline)) static int carry_few(const char *path, char *const argv[],
					       char *const envp[])
{
	const char *made[FEW];

	return execute_with(path, argv, envp, made);
}

/* If a child of vfork succeeds, these pages stay in its parent: one or two each time. */
__attribute__((noinline)) static int carry_many(const char *path, char *const argv[],
						char *const envp[], size_t count)
{
	size_t size = count * sizeof(const char *);
	void *made = kernel_pages(size, false);
	int ret;

	if (made == NULL)
		return execute(path, argv, envp);
	ret = execute_with(path, argv, envp, made);
	kernel_pages_free(made, size);
	return ret;
}

static int carry(const char *path, char *const argv[], char *const envp[])
{
	size_t count =
		length(envp) + environment_missing(config_get()->environment, envp, NULL, 0) + 1;

	return count <= FEW ? carry_few(path, argv, envp) : carry_many(path, argv, envp, count);
}

EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	return is_carried(path, envp) ? carry(path, argv, envp) : execute(path, argv, envp);
}

EXPORT int execv(const char *path, char *const argv[])
{
	execv_fn next = (execv_fn)elf_next_of(&next_execv);

	if (is_carried(path, environ))
		return carry(path, argv, environ);
	return next != NULL ? next(path, argv) : execute(path, argv, environ);
}

/*
 * libc searches PATH for a name without a slash: the first file of that name.  (libc goes on if that
 * cannot be executed; what it finds then is not taken for our own file.)
 */
static const char *looked_for(const char *name, char path[], size_t size)
{
	int saved_errno = errno;
	const char *found = NULL, *folder = environment_value(environ, "PATH="), *end;
	size_t name_len = strlen(name);
	struct stat there;

	for (; found == NULL && folder != NULL; folder = *end == '\0' ? NULL : end + 1) {
		end = folder + strcspn(folder, ":");
		if (end == folder || (size_t)(end - folder) + 1 + name_len >= size)
			break; /* it may be there, and is not looked for */
		memcpy(path, folder, (size_t)(end - folder));
		path[end - folder] = '/';
		memcpy(path + (end - folder) + 1, name, name_len + 1);
		if (descriptor_stat_at(AT_FDCWD, path, 0, &there))
			found = path;
	}
	errno = saved_errno;
	return found;
}

EXPORT int execvp(const char *name, char *const argv[])
{
	execv_fn next = (execv_fn)elf_next_of(&next_execvp);
	char path[sizeof(own_file)];
	const char *own = name;

	if (strchr(name, '/') == NULL)
		own = atomic_load_explicit(&serves, memory_order_acquire)
			      ? looked_for(name, path, sizeof(path))
			      : NULL;
	if (own != NULL && is_carried(own, environ))
		return carry(own, argv, environ);
	return next != NULL ? next(name, argv) : execute(name, argv, environ);
}
