/* SPDX-License-Identifier: MIT
 *
 * kernel: system calls that are made by syscall(2), as these functions' names in libc say; errno is
 * set likewise.
 *
 * Each function of libc that this library calls by its own name is looked up by the loader whenever
 * any process of the host starts: some 800 instructions, ten times what it takes to make such a
 * call.  For these only syscall(2) is.  None is a cancellation point (pthreads(7)), as libc's are:
 * no program expects its thread to end in a function of libssl, perhaps with a mutex locked.
 */
#ifndef SSLHARDEN_KERNEL_H
#define SSLHARDEN_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/types.h>

int kernel_open(const char *path, int flags);
int kernel_openat(int dir, const char *name, int flags, mode_t mode);
ssize_t kernel_read(int fd, void *to, size_t size);
ssize_t kernel_write(int fd, const void *from, size_t size);
int kernel_close(int fd);
/* A NUL is not added. */
ssize_t kernel_readlinkat(int dir, const char *name, char *to, size_t size);
pid_t kernel_getpid(void);
uid_t kernel_geteuid(void);

int kernel_socket(int family, int type);
int kernel_connect(int fd, const struct sockaddr *address, socklen_t size);
ssize_t kernel_send(int fd, const void *from, size_t size, int flags);
int kernel_getsockname(int fd, struct sockaddr *address, socklen_t *size);
int kernel_getpeername(int fd, struct sockaddr *address, socklen_t *size);

/* A set of signals as the kernel has it: signal 1 is the lowest bit. */
typedef uint64_t kernel_signals;

static inline kernel_signals kernel_signal(int number)
{
	return (kernel_signals)1 << (number - 1);
}

/*
 * Sets the thread's mask, if @set is not NULL, and reads what it was.
 *
 * @how  as of sigprocmask(2)
 */
void kernel_sigprocmask(int how, const kernel_signals *set, kernel_signals *before);
kernel_signals kernel_sigpending(void);
/* Takes one pending signal of @set away, if there is one; does not wait. */
void kernel_sigtake(kernel_signals set);
/* False also if the kernel does not tell. */
bool kernel_signal_is_ignored(int number);

/*
 * Pages of zeros, to be given back by kernel_pages_free; NULL if there is no memory.  They come from
 * libc's mmap, in whose place a test may put one that fails.
 *
 * @shared  with the children that are forked from now on
 */
void *kernel_pages(size_t size, bool shared);
void kernel_pages_free(void *pages, size_t size);

int kernel_shmget(key_t key, size_t size, int flags);
/* At an address of the kernel's choice; NULL if it fails. */
void *kernel_shmat(int id);
void kernel_shmdt(const void *memory);
int kernel_shmctl(int id, int command, struct shmid_ds *of);

#endif
