/* SPDX-License-Identifier: MIT
 *
 * slots: how a callback of ours knows which callback of the program it stands for.  A program has
 * only a few different ones of a kind.  Each gets a slot, and each slot has a function of ours, a
 * trampoline.  libssl is given the trampoline, and so keeps the number of the slot with the object,
 * through SSL_new, SSL_dup and SSL_set_SSL_CTX.  Nothing is allocated, and nothing has to be freed.
 *
 * Lock-free, and safe from any thread.
 */
#ifndef SSLHARDEN_SLOTS_H
#define SSLHARDEN_SLOTS_H

#include "loader/resolve.h"
#include "memory/table.h"

enum {
	SLOTS = 16,
	SLOT_NONE = 0, /* a context's: the program has set none */
	SLOT_CONTEXTS = 1, /* a connection's: it has none of its own, its context's is meant */
	SLOT_TABLE = 2, /* there was no slot left: the table knows it, by the object's address */
	SLOT_FIRST = 3,
};

/* clang-format off */
/* Of each ROW(n) a trampoline is made; SLOT_NONE needs none. */
#define EACH_SLOT(ROW) \
	ROW(1) ROW(2) ROW(3) ROW(4) ROW(5) ROW(6) ROW(7) ROW(8) \
	ROW(9) ROW(10) ROW(11) ROW(12) ROW(13) ROW(14) ROW(15)
/* clang-format on */

/* The program's callbacks of one kind; they are added and stay. */
struct slots {
	_Atomic(any_callback) callbacks[SLOTS];
	enum table_word word; /* of the table, which has those that found no slot */
};

/*
 * The slot for a callback that is set on @object; SLOTS: there is none, nor memory for another.
 * Some languages make an address for each closure: so many do not fit.
 */
int slot_of(struct slots *slots, any_callback callback, const void *object);

/* The program's callback that a slot stands for; NULL: there is none.  @object as in slot_of */
any_callback slot_callback(struct slots *slots, int slot, const void *object);

#endif
