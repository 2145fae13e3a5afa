/* SPDX-License-Identifier: MIT
 *
 * Preloaded before libsslharden.so: of the calls that it makes, and nobody else in the
 * process, the one number FAULT_AT fails (with FAULT_FROM=1 those after it, too), as it may at
 * any time.  The names of those that failed are written to the file FAULT_FILE.
 * With FAULT_FILL=1 none fails, but somebody else fills descriptor 2, a pipe, just before each
 * write.
 * With FAULT_KERNEL=1 the flags of its calls that Linux 2.6.18 does not know are ignored, as they
 * are there; the calls that it does not have are refused from outside (logs.py).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_uintptr_t low, high;
static atomic_int calls;

static int find(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size, (void)unused;
	if (strstr(info->dlpi_name, "/libsslharden.so") == NULL)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];

		if (header->p_type == PT_LOAD && (header->p_flags & PF_X) != 0) {
			atomic_store(&high, info->dlpi_addr + header->p_vaddr + header->p_memsz);
			atomic_store(&low, info->dlpi_addr + header->p_vaddr);
		}
	}
	return 1;
}

/* At the first call: the constructor of what is preloaded after us runs before ours would. */
static int is_the_library(const void *caller)
{
	static atomic_int looked;

	if (atomic_exchange(&looked, 1) == 0)
		dl_iterate_phdr(find, NULL);
	return (uintptr_t)caller >= atomic_load(&low) && (uintptr_t)caller < atomic_load(&high);
}

static void tell(const char *name)
{
	const char *path = getenv("FAULT_FILE");
	long fd = path == NULL ? -1
			       : syscall(SYS_openat, AT_FDCWD, path,
					 O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	syscall(SYS_write, fd, name, strlen(name));
	syscall(SYS_write, fd, "\n", 1);
	syscall(SYS_close, fd);
}

/* Whether the call that returns to @caller is the one to fail. */
static int fails(const char *name, const void *caller, int error)
{
	const char *at = getenv("FAULT_AT");
	int number;

	if (at == NULL || !is_the_library(caller))
		return 0;
	number = atomic_fetch_add(&calls, 1);
	if (number != atoi(at) && !(number > atoi(at) && getenv("FAULT_FROM") != NULL))
		return 0;
	tell(name);
	errno = error;
	return 1;
}

/* What such a kernel makes of the flags of open. */
static int known(int flags, const void *caller)
{
	return getenv("FAULT_KERNEL") != NULL && is_the_library(caller)
		       ? flags & ~(O_PATH | O_CLOEXEC)
		       : flags;
}

#define KNOWN(flags) known(flags, __builtin_return_address(0))
#define FAILS(name, error) fails(name, __builtin_return_address(0), error)

void *__libc_malloc(size_t size);

void *malloc(size_t size)
{
	return FAILS("malloc", ENOMEM) ? NULL : __libc_malloc(size);
}

void *mmap(void *address, size_t size, int prot, int flags, int fd, off_t offset)
{
	return FAILS("mmap", ENOMEM)
		       ? MAP_FAILED
		       : (void *)syscall(SYS_mmap, address, size, prot, flags, fd, offset);
}

int open(const char *path, int flags, ...)
{
	va_list arguments;
	int mode;

	va_start(arguments, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(arguments, int) : 0;
	va_end(arguments);
	return FAILS("open", EMFILE) ? -1
				     : (int)syscall(SYS_openat, AT_FDCWD, path, KNOWN(flags), mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	va_list arguments;
	int mode;

	va_start(arguments, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(arguments, int) : 0;
	va_end(arguments);
	return FAILS("openat", EMFILE) ? -1
				       : (int)syscall(SYS_openat, dir, path, KNOWN(flags), mode);
}

ssize_t read(int fd, void *to, size_t size)
{
	return FAILS("read", EIO) ? -1 : syscall(SYS_read, fd, to, size);
}

static long filled = -1;

/* Before the program becomes a user who may not. */
__attribute__((constructor)) static void fill_begin(void)
{
	if (getenv("FAULT_FILL") != NULL)
		filled = syscall(SYS_openat, AT_FDCWD, "/proc/self/fd/2",
				 O_WRONLY | O_NONBLOCK | O_CLOEXEC, 0);
}

static void fill(const void *caller)
{
	char page[4096] = "";

	if (filled < 0 || !is_the_library(caller))
		return;
	for (size_t size = sizeof(page); size != 0; size /= sizeof(page)) {
		while (syscall(SYS_write, filled, page, size) > 0)
			;
	}
}

ssize_t write(int fd, const void *from, size_t size)
{
	fill(__builtin_return_address(0));
	return FAILS("write", ENOSPC) ? -1 : syscall(SYS_write, fd, from, size);
}

ssize_t readlink(const char *path, char *to, size_t size)
{
	return FAILS("readlink", EACCES) ? -1 : syscall(SYS_readlinkat, AT_FDCWD, path, to, size);
}

int socket(int family, int type, int protocol)
{
	return FAILS("socket", EMFILE) ? -1 : (int)syscall(SYS_socket, family, type, protocol);
}
