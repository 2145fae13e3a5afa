/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "memory/kernel.h"

#include <fcntl.h>
#include <linux/net.h>
#include <sys/syscall.h>
#include <unistd.h>

int kernel_open(const char *path, int flags)
{
	return kernel_openat(AT_FDCWD, path, flags, 0);
}

int kernel_openat(int dir, const char *name, int flags, mode_t mode)
{
	return (int)syscall(SYS_openat, dir, name, flags | O_LARGEFILE, mode);
}

ssize_t kernel_read(int fd, void *to, size_t size)
{
	return syscall(SYS_read, fd, to, size);
}

ssize_t kernel_write(int fd, const void *from, size_t size)
{
	return syscall(SYS_write, fd, from, size);
}

int kernel_close(int fd)
{
	return (int)syscall(SYS_close, fd);
}

ssize_t kernel_readlinkat(int dir, const char *name, char *to, size_t size)
{
	return syscall(SYS_readlinkat, dir, name, to, size);
}

pid_t kernel_getpid(void)
{
	return (pid_t)syscall(SYS_getpid);
}

uid_t kernel_geteuid(void)
{
#ifdef SYS_geteuid32 /* 32-bit */
	return (uid_t)syscall(SYS_geteuid32);
#else
	return (uid_t)syscall(SYS_geteuid);
#endif
}

/* On i386 the calls of sockets are one call, and before Linux 4.3 nothing else. */
#ifdef SYS_socketcall
#define SOCKET_CALL(number, of_socketcall, ...) \
	syscall(SYS_socketcall, of_socketcall, (const long[]){__VA_ARGS__})
#else
#define SOCKET_CALL(number, of_socketcall, ...) syscall(number, __VA_ARGS__)
#endif

int kernel_socket(int family, int type)
{
	return (int)SOCKET_CALL(SYS_socket, SYS_SOCKET, family, type, 0);
}

int kernel_connect(int fd, const struct sockaddr *address, socklen_t size)
{
	return (int)SOCKET_CALL(SYS_connect, SYS_CONNECT, fd, (long)address, (long)size);
}

ssize_t kernel_send(int fd, const void *from, size_t size, int flags)
{
	return SOCKET_CALL(SYS_sendto, SYS_SENDTO, fd, (long)from, (long)size, flags, 0L, 0L);
}

int kernel_getsockname(int fd, struct sockaddr *address, socklen_t *size)
{
	return (int)SOCKET_CALL(SYS_getsockname, SYS_GETSOCKNAME, fd, (long)address, (long)size);
}

int kernel_getpeername(int fd, struct sockaddr *address, socklen_t *size)
{
	return (int)SOCKET_CALL(SYS_getpeername, SYS_GETPEERNAME, fd, (long)address, (long)size);
}

void kernel_sigprocmask(int how, const kernel_signals *set, kernel_signals *before)
{
	syscall(SYS_rt_sigprocmask, how, set, before, sizeof(*before));
}

kernel_signals kernel_sigpending(void)
{
	kernel_signals pending = 0;

	syscall(SYS_rt_sigpending, &pending, sizeof(pending));
	return pending;
}

void kernel_sigtake(kernel_signals set)
{
	static const long at_once[2]; /* a struct timespec of the kernel's */

	syscall(SYS_rt_sigtimedwait, &set, NULL, at_once, sizeof(set));
}
