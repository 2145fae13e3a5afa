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
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

/* libc's own. */
static long call(long number, ...)
{
	static _Atomic(void *) known;
	union {
		void *address;
		long (*function)(long number, ...);
	} next = {.address = atomic_load(&known)};
	va_list list;
	long a[6];

	if (next.address == NULL) {
		next.address = dlsym(RTLD_NEXT, "syscall");
		atomic_store(&known, next.address);
	}
	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	return next.function(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void tell(const char *name)
{
	const char *path = getenv("FAULT_FILE");
	long fd = path == NULL ? -1
			       : call(SYS_openat, AT_FDCWD, path,
				      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	call(SYS_write, fd, name, strlen(name));
	call(SYS_write, fd, "\n", 1);
	call(SYS_close, fd);
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
		       : (void *)call(SYS_mmap, address, size, prot, flags, fd, offset);
}

static long filled = -1;

/* Before the program becomes a user who may not. */
__attribute__((constructor)) static void fill_begin(void)
{
	if (getenv("FAULT_FILL") != NULL)
		filled = call(SYS_openat, AT_FDCWD, "/proc/self/fd/2",
			      O_WRONLY | O_NONBLOCK | O_CLOEXEC, 0);
}

static void fill(const void *caller)
{
	char page[4096] = "";

	if (filled < 0 || !is_the_library(caller))
		return;
	for (size_t size = sizeof(page); size != 0; size /= sizeof(page)) {
		while (call(SYS_write, filled, page, size) > 0)
			;
	}
}

/* The library makes most of its calls so (memory/kernel.h). */
long syscall(long number, ...)
{
	static const struct {
		long number;
		const char *name;
		int error;
	} failing[] = {
		{SYS_openat, "openat", EMFILE}, {SYS_read, "read", EIO},
		{SYS_write, "write", ENOSPC},   {SYS_readlinkat, "readlinkat", EACCES},
		{SYS_socket, "socket", EMFILE},
	};
	va_list list;
	long a[6];

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_write)
		fill(__builtin_return_address(0));
	if (number == SYS_openat)
		a[2] = KNOWN((int)a[2]);
	for (size_t i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		if (failing[i].number == number && FAILS(failing[i].name, failing[i].error))
			return -1;
	}
	return call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
