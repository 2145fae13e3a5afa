/* SPDX-License-Identifier: MIT
 *
 * A page that others find by the process that keeps it: what is taken, and what is not.
 */
#define _GNU_SOURCE
#include "memory/joint.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "memory/shared.h"

enum { CHILDREN = 8, TIMES = 1000 };

/* Whether a child finds a page with its parent, and counts there. */
static bool is_found(void)
{
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		const char *why = NULL;
		struct shared_page *page = joint_find(getppid(), &why);

		for (int i = 0; i < TIMES && page != NULL; i++)
			atomic_fetch_add(&page->counts.contexts, 1);
		_exit(page == NULL ? why == NULL : 2);
	}
	waitpid(child, &status, 0);
	CHECK(status == 0 || WEXITSTATUS(status) == 2);
	return status != 0;
}

/* Memory of another kind, with numbers as a page has them. */
static void check_other(size_t size, int mode, bool removed, uint32_t version, bool found)
{
	int id = shmget(IPC_PRIVATE, size, IPC_CREAT | mode);
	struct shared_page *page = shmat(id, NULL, 0);

	page->version = version;
	page->size = SHARED_SIZE;
	if (removed)
		shmctl(id, IPC_RMID, NULL);
	CHECK(is_found() == found);
	CHECK(atomic_load(&page->counts.contexts) == (found ? TIMES : 0));
	shmdt(page);
	if (!removed)
		shmctl(id, IPC_RMID, NULL);
}

/* How many segments this process has made that are still there. */
static int left(void)
{
	FILE *file = fopen("/proc/sysvipc/shm", "re");
	char line[512];
	int count = 0, maker;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		count += sscanf(line, "%*d %*d %*o %*u %d", &maker) == 1 && maker == getpid();
	if (file != NULL)
		fclose(file);
	return count;
}

int main(void)
{
	struct shared_page *page;

	CHECK(!is_found());
	page = joint_make();
	CHECK(page != NULL);
	CHECK(!is_found()); /* nobody has laid it out yet */
	CHECK(shared_page_take(page) && shared_page() == page);
	CHECK(!shared_page_take(page));
	for (int i = 0; i < CHILDREN; i++)
		CHECK(is_found());
	CHECK(atomic_load(&page->counts.contexts) == (uint64_t)CHILDREN * TIMES);
	CHECK(left() <= 1); /* 0: there is no /proc/sysvipc here */
	shmdt(page);
	CHECK(left() == 0);

	check_other(SHARED_SIZE, 0600, true, SHARED_VERSION, true);
	check_other(SHARED_SIZE, 0600, false, SHARED_VERSION, false);
	check_other(SHARED_SIZE, 0660, true, SHARED_VERSION, false);
	check_other(SHARED_SIZE + 1, 0600, true, SHARED_VERSION, false);
	check_other(SHARED_SIZE, 0600, true, SHARED_VERSION + 1, false);
	CHECK(left() == 0);
	return check_failures != 0;
}
