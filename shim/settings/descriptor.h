/* SPDX-License-Identifier: MIT
 *
 * descriptor: calls about file descriptors that work with every libc and kernel that is supported,
 * and whether a descriptor is still the file that it was.  Safe from any thread and in a signal
 * handler; errno is set as the system calls set it.
 */
#ifndef SSLHARDEN_DESCRIPTOR_H
#define SSLHARDEN_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* fstat.  Returns false if @fd is not open. */
bool descriptor_stat(int fd, struct stat *st);

/* fstatat: a name in the folder @dir.  @flags is AT_SYMLINK_NOFOLLOW or 0. */
bool descriptor_stat_at(int dir, const char *name, int flags, struct stat *st);

/* Duplicates @fd to a descriptor not below @least that is closed on exec; -1 if that fails. */
int descriptor_keep(int fd, int least);

/*
 * A pipe, and a socket, that are closed on exec and do not block (also on Linux before 2.6.27).
 * Return false, and -1, if there is none.
 */
bool descriptor_pipe(int ends[2]);
int descriptor_socket(int family, int type);

/* major(3): glibc's macro calls a function that musl lacks. */
static inline unsigned int device_major(dev_t device)
{
	return (unsigned int)((device >> 8 & 0xfff) | ((uint64_t)device >> 32 & 0xfffff000));
}

enum { IDENTITY_HANDLE_MAX = 64 }; /* bytes; NFS's, the longest known, have up to 32 */

/*
 * Which file a descriptor was.  The program may close it and open another file, which gets the same
 * number, and if the first file was removed the same inode number too (on ext4 at once).  So a file
 * on a disk is recognized by its time of birth (statx), or without one (before Linux 4.11, ext4's
 * old format, NFS, FUSE) by its file handle, which contains the generation of the inode, or before
 * Linux 2.6.39 by that generation itself.  No descriptor is held for it: that would keep the space
 * of a removed file, and closefrom() would close it.
 */
struct identity {
	struct stat st; /* all zero: the descriptor was closed */
	bool has_birth;
	uint32_t birth_nsec;
	int64_t birth;
	uint32_t handle_len; /* 0: there is none */
	int32_t handle_type; /* the kernel's; -1: the handle is an inode generation */
	unsigned char handle[IDENTITY_HANDLE_MAX];
};

/* Remembers which file @fd is. */
void identity_take(struct identity *identity, int fd);

/* Whether @fd is certainly that file: false also if that cannot be found out. */
bool identity_is(const struct identity *identity, int fd);

#endif
