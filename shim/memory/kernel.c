/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "memory/kernel.h"

#include <fcntl.h>
#include <linux/net.h>
#include <sys/mman.h>
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

bool kernel_signal_is_ignored(int number)
{
	struct { /* the kernel's, of which each architecture has other members after the first */
		void *handler;
		long others[15];
	} action;

	return syscall(SYS_rt_sigaction, number, NULL, &action, sizeof(kernel_signals)) == 0 &&
	       action.handler == (void *)1; /* SIG_IGN */
}

void *kernel_pages(size_t size, bool shared)
{
	void *made = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_ANONYMOUS | (shared ? MAP_SHARED : MAP_PRIVATE), -1, 0);

	return made == MAP_FAILED ? NULL : made;
}

void kernel_pages_free(void *pages, size_t size)
{
	syscall(SYS_munmap, pages, size);
}

/* On i386 the calls of System V's IPC are one call, and before Linux 5.1 nothing else. */
#ifdef SYS_ipc
/* linux/ipc.h has them too, and cannot be read beside libc's headers. */
enum { SHMAT = 21, SHMDT, SHMGET, SHMCTL };

int kernel_shmget(key_t key, size_t size, int flags)
{
	return (int)syscall(SYS_ipc, SHMGET, key, size, flags, NULL);
}

void *kernel_shmat(int id)
{
	void *memory;

	return syscall(SYS_ipc, SHMAT, id, 0, &memory, NULL) == -1 ? NULL : memory;
}

void kernel_shmdt(const void *memory)
{
	syscall(SYS_ipc, SHMDT, 0, 0, 0, memory);
}

int kernel_shmctl(int id, int command, struct shmid_ds *of)
{
	enum { IPC_64 = 0x100 }; /* of the kernel's linux/ipc.h: the struct since Linux 2.4 */

	return (int)syscall(SYS_ipc, SHMCTL, id, command | IPC_64, 0, of);
}
#else
int kernel_shmget(key_t key, size_t size, int flags)
{
	return (int)syscall(SYS_shmget, key, size, flags);
}

void *kernel_shmat(int id)
{
	long memory = syscall(SYS_shmat, id, NULL, 0);

	return memory == -1 ? NULL : (void *)memory;
}

void kernel_shmdt(const void *memory)
{
	syscall(SYS_shmdt, memory);
}

int kernel_shmctl(int id, int command, struct shmid_ds *of)
{
	return (int)syscall(SYS_shmctl, id, command, of);
}
#endif
