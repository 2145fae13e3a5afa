/* SPDX-License-Identifier: MIT
 *
 * descriptor: what file a descriptor is, whether it is that file still, and another one for
 * it, in a way that every libc understands.
 */
#ifndef SSLHARDEN_DESCRIPTOR_H
#define SSLHARDEN_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* False: it is closed. */
bool descriptor_stat(int fd, struct stat *st);

/* The same of a name in the folder @dir; @flags: AT_SYMLINK_NOFOLLOW, or 0. */
bool descriptor_stat_at(int dir, const char *name, int flags, struct stat *st);

/* A second descriptor of the same file, not below @least, closed on exec; -1: there is none. */
int descriptor_keep(int fd, int least);

/*
 * A pipe and a socket that are closed on exec and do not wait, and of Linux before 2.6.27, too;
 * false and -1: there is none.
 */
bool descriptor_pipe(int ends[2]);
int descriptor_socket(int family, int type);

/* The driver's number of a device; glibc's macro calls a function that musl lacks. */
static inline unsigned int device_major(dev_t device)
{
	return (unsigned int)((device >> 8 & 0xfff) | ((uint64_t)device >> 32 & 0xfffff000));
}

enum { IDENTITY_HANDLE_MAX = 64 }; /* bytes; the longest known, NFS's, are half of it */

/*
 * What a descriptor was when it was looked at.  The program may close it and open another file,
 * which gets its number, and where the first was removed its inode's number too, on ext4 at the
 * first try.  So a file on a disk is told by what no second one has: the time of its birth, or
 * where that is not known (before Linux 4.11, ext4's old format, NFS, FUSE) its file handle,
 * which counts how often the inode was used, or (before Linux 2.6.39) the number that a file
 * system gives each use of an inode.  No descriptor is held for it: that would keep the
 * space of a removed file, and does not survive a closefrom().
 */
struct identity {
	struct stat st; /* all zero: it was closed */
	bool has_birth;
	uint32_t birth_nsec;
	int64_t birth;
	uint32_t handle_len; /* 0: there is none */
	int32_t handle_type; /* the kernel's; -1: what the file system numbers them by */
	unsigned char handle[IDENTITY_HANDLE_MAX];
};

void identity_take(struct identity *identity, int fd);

/* Whether @fd is surely that file: false where it cannot be told. */
bool identity_is(const struct identity *identity, int fd);

#endif
