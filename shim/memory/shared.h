/* SPDX-License-Identifier: MIT
 *
 * shared: a page that a server and the children it forks have in common, for what is counted
 * and limited of the server as a whole.
 *
 * It holds numbers alone, no pointer, no text and no length that anything is read by: a child
 * that was taken over can write what it likes there, and makes the counts wrong, no more.
 */
#ifndef SSLHARDEN_SHARED_H
#define SSLHARDEN_SHARED_H

#include <stdatomic.h>
#include <stdint.h>

enum {
	SHARED_SIZE = 4096, /* bytes, whatever a page of the machine has */
	SHARED_LIMITS = 64, /* kinds of line that are told once a while */
	SHARED_LIMITS_OF_CLIENTS = 16, /* of refused ones; the others: contexts that a line told of */
	SHARED_SINKS = 4, /* enum sink (messages/sink.h) has three */
};

/* Of one kind of line. */
struct shared_limit {
	_Atomic uint32_t
		last; /* second of the monotonic clock, and one, of the last line; 0: none */
	_Atomic uint32_t waiting; /* how many were not told since then */
};

/*
 * The same layout on every machine.  A reader takes from `version` what it knows: what a later
 * version adds comes behind what is there, and `version` grows by one.
 */
struct shared_page {
	_Atomic uint32_t version; /* SHARED_VERSION */
	_Atomic uint32_t size; /* SHARED_SIZE */

	/* Where messages went: status shows it. */
	_Atomic uint32_t sink_last; /* enum sink and one of the last message; 0: there was none */
	_Atomic uint32_t lost; /* messages that no sink took */
	_Atomic uint32_t written[SHARED_SINKS]; /* messages that each took */
	_Atomic uint32_t failed[SHARED_SINKS]; /* that it did not take, and the next was tried */
	_Atomic uint32_t error[SHARED_SINKS]; /* errno of the last of those; 0: it is not ours */
	_Atomic uint32_t complained; /* what config could not read was said */
	uint32_t unused[3];

	struct shared_limit limits[SHARED_LIMITS];

	/* Zero: the counts of handshakes will lie here. */
	unsigned char room[SHARED_SIZE - 80 - SHARED_LIMITS * sizeof(struct shared_limit)];
};
_Static_assert(sizeof(struct shared_page) == SHARED_SIZE, "the same layout everywhere");

#define SHARED_VERSION 1

/*
 * Where the page of a process is.  Another process finds this record by its mark in the
 * library's writable memory, as it finds the settings (include/sslharden/config.h), and reads
 * SHARED_SIZE bytes at `address` (0: there is none yet) from /proc/PID/mem.
 */
#define SHARED_RECORD_MARK "sslharden's page 1"
struct shared_record {
	char mark[24];
	_Atomic uint64_t address;
};

/*
 * Makes the page, once; for the first server context, or earlier: what is forked before has a
 * page of its own.  A page that cannot be made costs the sharing: each process then counts for
 * itself.  Lock-free, from any thread; errno is left as found.
 */
void shared_page_make(void);

/* Never NULL: before the page is made, and without it, a private one. */
struct shared_page *shared_page(void);

#endif
