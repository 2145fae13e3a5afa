/* SPDX-License-Identifier: MIT */
#include "loader/image_slots.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "loader/loader_lock.h"
#include "memory/kernel.h"
#include "memory/late.h"

enum { SLOTS = 8 }; /* libssls that are remembered; others are resolved anew at each call */

/*
 * A seqlock: the slot is stable while the sequence is even.  A slot is written again only when its
 * libssl is gone, so a reader that has found its own libssl in it can go on using it.
 */
struct slot {
	_Atomic unsigned int sequence;
	_Atomic unsigned int generation; /* 0: empty */
	_Atomic bool permanent;
	_Atomic uintptr_t low, high;
	struct image image;
};

static WRITTEN_LATE struct slot slots[SLOTS];
const struct image *_Atomic image_permanent;

static _Atomic unsigned int generation = 1;
static _Atomic pid_t publisher; /* who writes a slot now; 0: nobody */

void resolve_forget(void)
{
	/* 0 means an empty slot, and 2^31 unloads come round to it. */
	if (atomic_fetch_add(&generation, 1) + 1 == 0)
		atomic_fetch_add(&generation, 1);
}

unsigned int image_generation(void)
{
	return atomic_load(&generation);
}

/* The dialect is not compared: it follows from the rest, but may have been learned since. */
static bool is_same(const struct image *a, const struct image *b)
{
	return memcmp(a, b, offsetof(struct image, known)) == 0;
}

/*
 * Whether there is no libssl any more where the slot's was.  None of its functions may be called
 * here: the caller holds no object of it, and another thread may be unloading it.
 */
static bool slot_is_dead(const struct slot *slot)
{
	struct elf_object object;

	return !libssl_at(slot->image.low, &object);
}

static struct slot *slot_choose(const struct image *image, unsigned int current)
{
	struct slot *dead = NULL;

	for (int i = 0; i < SLOTS; i++) {
		struct slot *slot = &slots[i];

		if (atomic_load(&slot->low) != image->low || atomic_load(&slot->generation) == 0)
			continue;
		if (!is_same(&slot->image, image) || slot->image.known || !image->known)
			return slot;
		/*
		 * Its options were learned since.  Present readers go on; nobody finds the slot
		 * again.
		 */
		atomic_store(&slot->low, 0);
		atomic_store(&slot->high, 0);
	}
	for (int i = 0; i < SLOTS; i++) {
		if (atomic_load(&slots[i].generation) == 0)
			return &slots[i];
	}
	for (int i = 0; i < SLOTS && dead == NULL; i++) {
		struct slot *slot = &slots[i];

		if (atomic_load(&slot->generation) != current && slot_is_dead(slot))
			dead = slot;
	}
	return dead;
}

/*
 * Remembers @image.  One thread at a time does so; another does not wait but goes on with its own
 * copy, as does a forked child whose parent was just here.  Nothing is remembered while a library
 * is being unloaded (a destructor may call libssl): @image may be that library, and another one may
 * lie at its addresses before dlclose returns.
 */
void image_publish(const struct image *image, unsigned int current)
{
	pid_t self = kernel_getpid();
	pid_t writer = 0;
	struct slot *slot;

	if (!image->permanent && loader_is_unloading())
		return;
	if (!atomic_compare_exchange_strong(&publisher, &writer, self) &&
	    (writer == self || !atomic_compare_exchange_strong(&publisher, &writer, self)))
		return;
	slot = slot_choose(image, current);
	if (slot != NULL && is_same(&slot->image, image)) {
		atomic_store(&slot->generation, current); /* it was loaded all the time */
	} else if (slot != NULL) {
		atomic_fetch_or(&slot->sequence, 1);
		atomic_thread_fence(memory_order_release);
		slot->image = *image;
		atomic_store(&slot->low, image->low);
		atomic_store(&slot->high, image->high);
		atomic_store(&slot->permanent, image->permanent);
		atomic_store(&slot->generation, current);
		atomic_fetch_add(&slot->sequence, 1);
		/* One whose options are still to be learned gets another slot then. */
		if (image->permanent && image->known && atomic_load(&image_permanent) == NULL)
			atomic_store(&image_permanent, &slot->image);
	}
	atomic_store(&publisher, 0);
}

const struct image *image_cached(uintptr_t address)
{
	unsigned int current = atomic_load_explicit(&generation, memory_order_acquire);

	for (int i = 0; i < SLOTS; i++) {
		const struct slot *slot = &slots[i];
		unsigned int before = atomic_load_explicit(&slot->sequence, memory_order_acquire);
		unsigned int filled = atomic_load_explicit(&slot->generation, memory_order_acquire);
		bool holds = filled == current ||
			     atomic_load_explicit(&slot->permanent, memory_order_relaxed);
		bool match = holds &&
			     address >= atomic_load_explicit(&slot->low, memory_order_relaxed) &&
			     address < atomic_load_explicit(&slot->high, memory_order_relaxed);

		atomic_thread_fence(memory_order_acquire);
		if (match && before % 2 == 0 &&
		    atomic_load_explicit(&slot->sequence, memory_order_relaxed) == before)
			return &slot->image;
		if (filled == 0) /* the slots are filled in order, and never emptied */
			break;
	}
	return NULL;
}
