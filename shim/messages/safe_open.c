/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/safe_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "memory/kernel.h"
#include "settings/descriptor.h"
#include "sslharden/config.h"

enum {
	LINKS_MAX = 16,
	TRIES_MAX = 4, /* if somebody else makes and removes the file meanwhile */
	COMPONENT_MAX = 257, /* NAME_MAX, a slash and a NUL */
	FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
	WRITE_FLAGS = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
};

struct walk {
	int dir; /* the folder that was reached */
	struct stat st; /* of dir */
	bool is_root; /* dir is "/" */
	bool has_paths; /* the kernel knows O_PATH */
	bool trusted; /* no other user can make entries in dir */
	unsigned int links; /* how many were followed */
	unsigned int tries; /* how often the file was there already when it was to be made */
	char name[COMPONENT_MAX]; /* the next component of the path */
	char rest[CONFIG_TEXT_MAX]; /* of the path, after name */
	const char *why;
};

/*
 * Whether the kernel knows O_PATH.  Before Linux 2.6.39 it ignores the bit and opens for reading,
 * and cannot open a link; there a name is examined first and then opened.
 */
static bool has_paths(int folder)
{
	static _Atomic int known; /* 0: not yet; 1: no; 2: yes */
	char byte;

	if (atomic_load(&known) == 0)
		atomic_store(&known, kernel_read(folder, &byte, 1) < 0 && errno == EBADF ? 2 : 1);
	return atomic_load(&known) == 2;
}

static bool is_own(uid_t owner)
{
	return owner == 0 || owner == kernel_geteuid();
}

/* Goes on to the folder @fd, which the walk closes in the end. */
static bool enter(struct walk *walk, int fd)
{
	if (walk->dir >= 0)
		kernel_close(walk->dir);
	walk->dir = fd;
	walk->is_root = false;
	if (fd < 0 || !descriptor_stat(fd, &walk->st))
		return false;
	walk->trusted = is_own(walk->st.st_uid) && (walk->st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
	return true;
}

static bool enter_root(struct walk *walk)
{
	bool entered = enter(walk, kernel_open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));

	walk->is_root = true;
	walk->has_paths = entered && has_paths(walk->dir);
	return entered;
}

/*
 * Takes the next component off the path; false if there is none, or it is too long.  One below the
 * root keeps its slash: an emulator (qemu-user's -L) may take "/" alone for a folder of its own.
 */
static bool next(struct walk *walk)
{
	const char *begin = walk->rest + strspn(walk->rest, "/");
	size_t len = strcspn(begin, "/");

	if (len == 0 || len >= sizeof(walk->name) - 1) {
		errno = len == 0 ? EISDIR : ENAMETOOLONG;
		return false;
	}
	snprintf(walk->name, sizeof(walk->name), "%s%.*s", walk->is_root ? "/" : "", (int)len,
		 begin);
	memmove(walk->rest, begin + len, strlen(begin + len) + 1);
	return true;
}

static bool is_last(const struct walk *walk)
{
	return walk->rest[0] == '\0';
}

/*
 * "pipe:[123]": the target of a link in /proc to a file without a name.  Only the kernel can follow
 * it.
 */
static bool is_nameless(const char *target)
{
	return strchr(target, '/') == NULL && strstr(target, ":[") != NULL;
}

/*
 * Examines the next component.  *entry is an O_PATH descriptor of it, or -1 if the kernel has none.
 * Returns false if it is not there.
 */
static bool look(struct walk *walk, int *entry, struct stat *st)
{
	*entry = -1;
	if (!walk->has_paths)
		return descriptor_stat_at(walk->dir, walk->name, AT_SYMLINK_NOFOLLOW, st);
	*entry = kernel_openat(walk->dir, walk->name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	if (*entry < 0 || descriptor_stat(*entry, st))
		return *entry >= 0;
	kernel_close(*entry);
	return false;
}

/*
 * Follows a symbolic link: puts its target before the rest of the path.  If the target has no name
 * (is_nameless), opens and returns the file itself; otherwise returns -1.
 *
 * @link    an O_PATH descriptor of the link; -1: it is read by its name
 * @failed  is set if the walk ends here
 */
static int follow(struct walk *walk, int link, const struct stat *st, bool *failed)
{
	/* One buffer for both, since the stack may be small: what is left of the path goes to its end. */
	size_t rest = strlen(walk->rest) + 1, room = sizeof(walk->rest) - rest;
	char *target = walk->rest;
	ssize_t len;

	memmove(target + room, target, rest);
	len = kernel_readlinkat(link >= 0 ? link : walk->dir, link >= 0 ? "" : walk->name, target,
				room);

	*failed = true;
	/* A link that is read by its name may have been replaced since it was examined. */
	if (!walk->trusted && (link < 0 || !is_own(st->st_uid) || st->st_nlink != 1)) {
		walk->why = "it leads through a link that another user could have made";
		return -1;
	}
	if (len <= 0 || (size_t)len >= room || ++walk->links > LINKS_MAX) {
		errno = len < 0 ? errno : ELOOP;
		return -1;
	}
	target[len] = '\0';
	if (walk->trusted && rest == 1 && is_nameless(target))
		return kernel_openat(walk->dir, walk->name, WRITE_FLAGS, 0);
	memmove(target + len, target + room, rest);
	*failed = target[0] == '/' && !enter_root(walk);
	return -1;
}

/*
 * Whether the opened file has this name and no other.  The name is examined after the file was
 * opened: if a second name is removed meanwhile, the remaining one must be this one.
 */
static bool is_single(struct walk *walk, int fd)
{
	struct stat named, opened;

	if (descriptor_stat(fd, &opened) &&
	    descriptor_stat_at(walk->dir, walk->name, AT_SYMLINK_NOFOLLOW, &named) &&
	    named.st_dev == opened.st_dev && named.st_ino == opened.st_ino && named.st_nlink == 1 &&
	    (is_own(named.st_uid) || named.st_uid == walk->st.st_uid))
		return true;
	walk->why = "it has another name, or another owner, in a folder that others can write to";
	return false;
}

/* Opens the last component, which exists and is no link. */
static int open_file(struct walk *walk)
{
	int fd = kernel_openat(walk->dir, walk->name, WRITE_FLAGS | O_NOFOLLOW, 0);

	if (fd < 0 || walk->trusted || is_single(walk, fd))
		return fd;
	kernel_close(fd);
	return -1;
}

/* Goes one component further.  Returns the open file, or -1; *failed is set if the walk ends. */
static int step(struct walk *walk, bool *failed)
{
	struct stat st;
	int entry, file = -1;

	*failed = true;
	if (!next(walk))
		return -1;
	if (!look(walk, &entry, &st)) {
		if (errno != ENOENT || !is_last(walk))
			return -1;
		file = kernel_openat(walk->dir, walk->name,
				     WRITE_FLAGS | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
		*failed = errno != EEXIST || ++walk->tries > TRIES_MAX;
		snprintf(walk->rest, sizeof(walk->rest), "%s", walk->name);
		return file;
	}
	if (S_ISLNK(st.st_mode))
		file = follow(walk, entry, &st, failed);
	else if (is_last(walk))
		file = open_file(walk);
	else {
		*failed = !enter(
			walk,
			entry >= 0 ? entry : kernel_openat(walk->dir, walk->name, FOLDER_FLAGS, 0));
		return -1; /* entry is closed by the walk */
	}
	if (entry >= 0)
		kernel_close(entry);
	return file;
}

int safe_open(const char *path, const struct stat *root, const char **why)
{
	struct walk walk = {.dir = -1};
	bool failed;
	int fd = -1, error;

	snprintf(walk.rest, sizeof(walk.rest), "%s", path);
	failed = !enter_root(&walk);
	if (!failed && (walk.st.st_dev != root->st_dev || walk.st.st_ino != root->st_ino)) {
		walk.why = "the program is in a chroot";
		failed = true;
	}
	while (!failed && fd < 0)
		fd = step(&walk, &failed);
	error = errno;
	if (walk.dir >= 0)
		kernel_close(walk.dir);
	*why = walk.why;
	errno = error;
	return fd;
}
