/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/safe_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "settings/descriptor.h"
#include "sslharden/config.h"

enum {
	LINKS_MAX = 16,
	TRIES_MAX = 4, /* it comes and goes while it is opened */
	COMPONENT_MAX = 257, /* NAME_MAX, a slash and a NUL */
	FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
	WRITE_FLAGS = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
};

struct walk {
	int dir;
	struct stat st; /* of it */
	bool is_root;
	bool has_paths;
	bool trusted; /* nobody else can make entries in it */
	unsigned int links; /* that were followed */
	unsigned int tries;
	char rest[CONFIG_TEXT_MAX]; /* of the path, below it */
	char name[COMPONENT_MAX]; /* the next component */
	const char *why;
};

/*
 * Before Linux 2.6.39 O_PATH is a bit without a meaning: what it opens is opened for reading, and
 * of a link not at all.  There a name is looked at and then opened.
 */
static bool has_paths(int folder)
{
	static _Atomic int known; /* 0: not yet; 1: no; 2: yes */
	char byte;

	if (atomic_load(&known) == 0)
		atomic_store(&known, read(folder, &byte, 1) < 0 && errno == EBADF ? 2 : 1);
	return atomic_load(&known) == 2;
}

static bool is_own(uid_t owner)
{
	return owner == 0 || owner == geteuid();
}

/* @fd, the walk's from here on, is where it goes on. */
static bool enter(struct walk *walk, int fd)
{
	if (walk->dir >= 0)
		close(walk->dir);
	walk->dir = fd;
	walk->is_root = false;
	if (fd < 0 || !descriptor_stat(fd, &walk->st))
		return false;
	walk->trusted = is_own(walk->st.st_uid) && (walk->st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
	return true;
}

static bool enter_root(struct walk *walk)
{
	bool entered = enter(walk, open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));

	walk->is_root = true;
	walk->has_paths = entered && has_paths(walk->dir);
	return entered;
}

/*
 * Takes the next component off; false: there is none, or it is too long.  One of the root keeps
 * its slash: an emulator (qemu-user's -L) may mean a folder of its own by "/" alone.
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

/* "pipe:[123]", which /proc has for what has no name: only the kernel can follow it. */
static bool is_nameless(const char *target)
{
	return strchr(target, '/') == NULL && strstr(target, ":[") != NULL;
}

/*
 * The next component: what it is, and where the kernel can give one, a descriptor of it that can
 * do nothing else (-1: none).  False: it is not there.
 */
static bool look(struct walk *walk, int *entry, struct stat *st)
{
	*entry = -1;
	if (!walk->has_paths)
		return descriptor_stat_at(walk->dir, walk->name, AT_SYMLINK_NOFOLLOW, st);
	*entry = openat(walk->dir, walk->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (*entry < 0 || descriptor_stat(*entry, st))
		return *entry >= 0;
	close(*entry);
	return false;
}

/*
 * Follows the link that @link is (-1: that the name is): walks on at its target.  Where it has no
 * name the file is opened at once, and answered; else -1, and *failed says whether that was all.
 */
static int follow(struct walk *walk, int link, const struct stat *st, bool *failed)
{
	char target[CONFIG_TEXT_MAX];
	ssize_t len = link >= 0 ? readlinkat(link, "", target, sizeof(target) - 1)
				: readlinkat(walk->dir, walk->name, target, sizeof(target) - 1);
	size_t rest = strlen(walk->rest);

	*failed = true;
	/* By its name alone it may have become another one since it was looked at. */
	if (!walk->trusted && (link < 0 || !is_own(st->st_uid) || st->st_nlink != 1)) {
		walk->why = "it leads through a link that another user could have made";
		return -1;
	}
	if (len <= 0 || (size_t)len + rest >= sizeof(walk->rest) || ++walk->links > LINKS_MAX) {
		errno = len < 0 ? errno : ELOOP;
		return -1;
	}
	target[len] = '\0';
	if (walk->trusted && is_last(walk) && is_nameless(target))
		return openat(walk->dir, walk->name, WRITE_FLAGS);
	memmove(walk->rest + len, walk->rest, rest + 1);
	memcpy(walk->rest, target, (size_t)len);
	*failed = target[0] == '/' && !enter_root(walk);
	return -1;
}

/*
 * Whether the file has this name and no other.  By one look at the name, after it was opened:
 * a second name that is taken away meanwhile would leave one, which is not ours.
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

/* The last component, which is there and no link. */
static int open_file(struct walk *walk)
{
	int fd = openat(walk->dir, walk->name, WRITE_FLAGS | O_NOFOLLOW);

	if (fd < 0 || walk->trusted || is_single(walk, fd))
		return fd;
	close(fd);
	return -1;
}

/* One component further: the open file, or -1, and *failed if there is no further. */
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
		file = openat(walk->dir, walk->name, WRITE_FLAGS | O_CREAT | O_EXCL | O_NOFOLLOW,
			      0600);
		*failed = errno != EEXIST || ++walk->tries > TRIES_MAX;
		snprintf(walk->rest, sizeof(walk->rest), "%s", walk->name);
		return file;
	}
	if (S_ISLNK(st.st_mode))
		file = follow(walk, entry, &st, failed);
	else if (is_last(walk))
		file = open_file(walk);
	else {
		*failed = !enter(walk,
				 entry >= 0 ? entry : openat(walk->dir, walk->name, FOLDER_FLAGS));
		return -1; /* it is the walk's */
	}
	if (entry >= 0)
		close(entry);
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
		close(walk.dir);
	*why = walk.why;
	errno = error;
	return fd;
}
