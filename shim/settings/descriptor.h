/* SPDX-License-Identifier: MIT
 *
 * descriptor: what file a descriptor is, and another one for it, in a way that every libc
 * understands.
 */
#ifndef SSLHARDEN_DESCRIPTOR_H
#define SSLHARDEN_DESCRIPTOR_H

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * fstat got a new symbol version in glibc 2.33 and was inlined before; the
 * system call fills the struct stat of every libc that we support.
 */
static inline bool descriptor_stat(int fd, struct stat *st)
{
#ifdef SYS_fstat64 /* 32-bit, with _FILE_OFFSET_BITS=64 (CMakeLists.txt) */
	return syscall(SYS_fstat64, fd, st) == 0;
#else
	return syscall(SYS_fstat, fd, st) == 0;
#endif
}

/*
 * A second descriptor of the same file, not below @least, closed on exec; -1: there is none.
 * fcntl got a new name in glibc 2.28.
 */
static inline int descriptor_keep(int fd, int least)
{
#ifdef SYS_fcntl64 /* 32-bit */
	return (int)syscall(SYS_fcntl64, fd, F_DUPFD_CLOEXEC, least);
#else
	return (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, least);
#endif
}

#endif
