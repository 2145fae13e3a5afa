/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "memory/joint.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "memory/kernel.h"
#include "memory/number.h"
#include "memory/shared.h"

enum {
	TEXT_MAX = 256 /* of /proc/PID/maps; longer ones have a file's name, and are passed over */
};

struct shared_page *joint_make(void)
{
	int id = kernel_shmget(IPC_PRIVATE, SHARED_SIZE, IPC_CREAT | IPC_EXCL | 0600);
	void *memory = id < 0 ? NULL : kernel_shmat(id);

	if (id >= 0)
		kernel_shmctl(id, IPC_RMID, NULL); /* Linux lets others come to it even so */
	return memory;
}

/* Numbers are the namespace's: the same one may be other memory in another. */
static bool has_our_numbers(pid_t pid)
{
	char path[48], own[48], other[48]; /* "ipc:[4026531839]" */
	ssize_t len = kernel_readlinkat(AT_FDCWD, "/proc/self/ns/ipc", own, sizeof(own));

	snprintf(path, sizeof(path), "/proc/%ld/ns/ipc", (long)pid);
	return len > 0 && kernel_readlinkat(AT_FDCWD, path, other, sizeof(other)) == len &&
	       memcmp(own, other, (size_t)len) == 0;
}

/* Whether it is as joint_make makes it, and nobody else can have written to it. */
static bool is_joint(int id)
{
	struct shmid_ds of;

	return kernel_shmctl(id, IPC_STAT, &of) == 0 && of.shm_segsz == SHARED_SIZE &&
	       (of.shm_perm.mode & (SHM_DEST | 0777)) == (SHM_DEST | 0600) &&
	       (of.shm_perm.uid == 0 || of.shm_perm.uid == kernel_geteuid()) &&
	       (of.shm_perm.cuid == 0 || of.shm_perm.cuid == kernel_geteuid());
}

/* A page of a library with other counts is not for us to write to. */
static bool is_laid_out(const struct shared_page *page)
{
	return atomic_load(&page->version) == SHARED_VERSION &&
	       atomic_load(&page->size) == SHARED_SIZE;
}

static struct shared_page *attach(int id)
{
	void *memory = is_joint(id) ? kernel_shmat(id) : NULL;

	if (memory == NULL || is_laid_out(memory))
		return memory;
	kernel_shmdt(memory);
	return NULL;
}

/* "7f0c-7f0d rw-s 00000000 00:01 32769    /SYSV00000000 (deleted)": 32769, or -1 for another. */
static int number_of(const char *line)
{
	const char *end = strstr(line, " /SYSV00000000 (deleted)");

	if (end == NULL || strstr(line, " rw-s ") == NULL)
		return -1;
	while (end > line && end[-1] == ' ')
		end--;
	while (end > line && end[-1] >= '0' && end[-1] <= '9')
		end--;
	return (int)number_read(&end);
}

/* Reads @fd by lines, without stdio: its memory may not be ready yet. */
static struct shared_page *find(int fd, bool *is_there)
{
	struct shared_page *page = NULL;
	char line[TEXT_MAX], byte[512];
	size_t len = 0;
	ssize_t got;

	while (page == NULL && (got = kernel_read(fd, byte, sizeof(byte))) > 0) {
		for (ssize_t i = 0; i < got && page == NULL; i++) {
			int number;

			if (byte[i] != '\n') {
				len += len < sizeof(line) - 1;
				line[len - 1] = byte[i];
				continue;
			}
			line[len] = '\0';
			len = 0;
			number = number_of(line);
			*is_there = *is_there || number >= 0;
			page = number < 0 ? NULL : attach(number);
		}
	}
	return page;
}

struct shared_page *joint_find(pid_t keeper, const char **why)
{
	struct shared_page *page;
	bool is_there = false;
	char path[48];
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/maps", (long)keeper);
	fd = kernel_open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || !has_our_numbers(keeper)) {
		*why = fd < 0 ? "its memory is not for this user to see"
			      : "it is in another IPC namespace";
		page = NULL;
	} else {
		page = find(fd, &is_there);
		*why = is_there ? "its page is another user's, or of another version of the library"
				: "it has not the library, or not this setting";
	}
	if (fd >= 0)
		kernel_close(fd);
	return page;
}
