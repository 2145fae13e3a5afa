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
	SHARED_LIMITS_OF_CLIENTS = 16, /* of those, for refused clients; the rest: contexts */
	SHARED_SINKS = 4, /* enum sink (messages/sink.h) has three */
};

/* Of one kind of line. */
struct shared_limit {
	_Atomic uint32_t
		last; /* second of the monotonic clock, and one, of the last line; 0: none */
	_Atomic uint32_t waiting; /* how many were not told since then */
};

/* A setting, of which is counted what it would have refused. */
enum stricter {
	STRICTER_ON, /* in an audit: what is set, if it were no audit */
	STRICTER_TLS1_1, /* SSLHARDEN_MIN_PROTOCOL */
	STRICTER_TLS1_2,
	STRICTER_TLS1_3,
	STRICTER_RESTRICTED, /* SSLHARDEN_CIPHERS */
	STRICTER_INTERMEDIATE, /* SSLHARDEN_PROFILE, by its list alone: add those of its version */
	STRICTER_MODERN,
	STRICTER_COUNT,
};

enum {
	COUNTS_VERSIONS = 6, /* SSL 2.0 to TLS 1.3, in the order of policy.h's bits */
	COUNTS_CLASSES = 6, /* enum trait_class (policy/traits.h) */
	COUNTS_CAUSES = 16, /* enum cause (explain.h); 0: by the program or libssl itself */
	COUNTS_BY_CLIENT = COUNTS_CAUSES - 1, /* and not a cause: the client sent an alert */
};

/* Of one setting: clients that were served and would not have been. */
struct shared_stricter {
	_Atomic uint64_t refused;
	_Atomic uint64_t unsure; /* those of them who may have offered more than was seen */
	_Atomic uint64_t last; /* when the last one came, seconds since 1970 */
};

/* Of handshakes; a renegotiation is none of its own. */
struct shared_counts {
	_Atomic uint64_t since; /* when the page was made, seconds since 1970 */
	_Atomic uint64_t contexts; /* that may serve */
	/* Those that serve: by version, class of cipher, and with forward secrecy (1) or not. */
	_Atomic uint64_t served[COUNTS_VERSIONS][COUNTS_CLASSES][2];
	_Atomic uint64_t resumed; /* of these; the rest was full */
	_Atomic uint64_t certified; /* with the client's certificate */
	_Atomic uint64_t datagram; /* DTLS */
	/* What the clients offered: at most this; or this at least, where no more can be known. */
	_Atomic uint64_t offered[COUNTS_VERSIONS], newer[COUNTS_VERSIONS];
	_Atomic uint64_t refused[COUNTS_CAUSES];
	struct shared_stricter stricter[STRICTER_COUNT];
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

	struct shared_counts counts;

	/* Zero. */
	unsigned char room[SHARED_SIZE - 80 - SHARED_LIMITS * sizeof(struct shared_limit) -
			   sizeof(struct shared_counts)];
};
_Static_assert(sizeof(struct shared_page) == SHARED_SIZE, "the same layout everywhere");

#define SHARED_VERSION 2

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
