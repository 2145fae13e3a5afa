/* SPDX-License-Identifier: MIT */
#include "hooks/slots.h"

#include <stdatomic.h>

#include "messages/log.h"

int slot_of(struct slots *slots, any_callback callback, const void *object)
{
	static atomic_flag is_logged = ATOMIC_FLAG_INIT;

	for (int i = SLOT_FIRST; i < SLOTS; i++) {
		any_callback there =
			atomic_load_explicit(&slots->callbacks[i], memory_order_acquire);

		if (there == callback ||
		    (there == NULL &&
		     (atomic_compare_exchange_strong(&slots->callbacks[i], &there, callback) ||
		      there == callback)))
			return i;
	}
	if (table_set(table_key(object, slots->word), (uintptr_t)callback))
		return SLOT_TABLE;
	if (!atomic_flag_test_and_set(&is_logged))
		log_message(LOG_LEVEL_ERROR,
			    "no memory for a callback of the program's: ours stays "
			    "away from the handshakes of one object");
	return SLOTS;
}

any_callback slot_callback(struct slots *slots, int slot, const void *object)
{
	if (slot == SLOT_TABLE)
		return (any_callback)(uintptr_t)table_get(table_key(object, slots->word));
	return atomic_load_explicit(&slots->callbacks[slot], memory_order_acquire);
}
