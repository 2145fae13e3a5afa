/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "memory/shared.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

#include "memory/kernel.h"
#include "memory/late.h"

/* Used until there is a shared page.  It costs no memory until then. */
static WRITTEN_LATE struct shared_page private_page;
static _Atomic(struct shared_page *) page;

/* In writable memory, for other processes to find; nothing in this one reads it. */
__attribute__((used)) static struct shared_record record = {.mark = SHARED_RECORD_MARK};

struct shared_page *shared_page(void)
{
	struct shared_page *made = atomic_load_explicit(&page, memory_order_acquire);

	return made == NULL ? &private_page : made;
}

void shared_file_note(enum file_way way, int error)
{
	atomic_store(&record.file_error, (uint32_t)error);
	atomic_store(&record.file_way, (uint32_t)way);
}

void shared_file_kept(int fd)
{
	atomic_store(&record.file_kept, (uint32_t)(fd < 0 ? 0 : fd));
}

void shared_untaken_note(enum shared_list which, uint64_t untaken)
{
	atomic_fetch_or(&record.untaken[which], untaken);
	atomic_store(&record.lists_asked, 1);
}

/* Copies what was counted before.  A message that another thread counts meanwhile may be lost. */
static void take_over(struct shared_page *made)
{
	atomic_store(&made->sink_last, atomic_load(&private_page.sink_last));
	atomic_store(&made->lost, atomic_load(&private_page.lost));
	for (int i = 0; i < SHARED_SINKS; i++) {
		atomic_store(&made->written[i], atomic_load(&private_page.written[i]));
		atomic_store(&made->failed[i], atomic_load(&private_page.failed[i]));
		atomic_store(&made->error[i], atomic_load(&private_page.error[i]));
	}
	atomic_store(&made->complained, atomic_load(&private_page.complained));
}

/* False: there is one already. */
static bool publish(struct shared_page *made)
{
	struct shared_page *none = NULL;

	if (!atomic_compare_exchange_strong(&page, &none, made))
		return false;
	atomic_store(&record.address, (uint64_t)(uintptr_t)made);
	return true;
}

static void begin(struct shared_page *made)
{
	if (made != &private_page)
		take_over(made);
	atomic_store(&made->counts.since, (uint64_t)time(NULL));
	atomic_store(&made->size, SHARED_SIZE);
	atomic_store(&made->version, SHARED_VERSION);
}

void shared_page_make(void)
{
	struct shared_page *made;
	int saved_errno = errno;

	if (atomic_load_explicit(&page, memory_order_acquire) != NULL)
		return;
	made = kernel_pages(SHARED_SIZE, true);
	if (made == NULL)
		made = &private_page;
	begin(made);
	if (!publish(made) && made != &private_page)
		kernel_pages_free(made, SHARED_SIZE);
	errno = saved_errno;
}

bool shared_page_take(struct shared_page *taken)
{
	if (atomic_load(&taken->version) == 0) /* nobody's before */
		begin(taken);
	return publish(taken);
}
