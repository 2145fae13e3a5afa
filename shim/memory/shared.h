/* SPDX-License-Identifier: MIT
 *
 * shared: a page of memory that a server shares with the children that it forks: the counts, and
 * the times of the last messages, are those of the server as a whole.
 *
 * It holds numbers only: no pointer, no text, no length by which anything is read.  A child that an
 * attacker has taken over can make the counts wrong, and nothing else.
 */
#ifndef SSLHARDEN_SHARED_H
#define SSLHARDEN_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	SHARED_SIZE = 4096, /* bytes, also where the machine's pages are larger */
	SHARED_LIMITS = 64, /* kinds of message whose number is limited */
	SHARED_LIMITS_OF_CLIENTS =
		16, /* the first of those are for refused clients, the rest for contexts */
	SHARED_SINKS = 4, /* enum sink (messages/sink.h) has three */
};

/* When one kind of message was last written. */
struct shared_limit {
	/*
	 * A client's: when, in seconds since 1970.  A context's: which one (tell_connection.c).
	 * 0: never.
	 */
	_Atomic uint32_t last;
	_Atomic uint32_t untold; /* how many of the kind were not written since then */
};

/* The settings for each of which the clients are counted that it would have refused. */
enum stricter {
	STRICTER_ON, /* in an audit: the present settings, if they were in force */
	STRICTER_TLS1_1, /* SSLHARDEN_MIN_PROTOCOL */
	STRICTER_TLS1_2,
	STRICTER_TLS1_3,
	STRICTER_RESTRICTED, /* SSLHARDEN_CIPHERS */
	STRICTER_INTERMEDIATE, /* SSLHARDEN_PROFILE, by its list alone: add those of its version */
	STRICTER_MODERN,
	STRICTER_COUNT,
};

enum {
	COUNTS_VERSIONS = 6, /* SSL 2.0 to TLS 1.3, in the order of versions.h's bits */
	COUNTS_CLASSES = 6, /* enum trait_class (policy/traits.h) */
	COUNTS_CAUSES = 16, /* enum cause (explain.h); 0: the program or libssl itself refused */
	COUNTS_BY_CLIENT = COUNTS_CAUSES - 1, /* no cause of ours: the client sent an alert */
};

/* The clients that were served and that one setting would have refused. */
struct shared_stricter {
	_Atomic uint64_t refused;
	_Atomic uint64_t unsure; /* those of them that may have offered more than is known */
	_Atomic uint64_t last; /* when the last one came, seconds since 1970 */
};

/* Counts of handshakes.  A renegotiation is not counted again. */
struct shared_counts {
	_Atomic uint64_t since; /* when the page was made, seconds since 1970 */
	_Atomic uint64_t contexts; /* contexts of a server or generic method */
	/* Clients that were served, by version, class of cipher, and forward secrecy (1) or none (0). */
	_Atomic uint64_t served[COUNTS_VERSIONS][COUNTS_CLASSES][2];
	_Atomic uint64_t resumed; /* served from a session; the rest had a full handshake */
	_Atomic uint64_t certified; /* served, with a certificate of the client's */
	_Atomic uint64_t datagram; /* served over DTLS */
	/* Served clients by their newest version: exactly this one; or this one or newer. */
	_Atomic uint64_t offered[COUNTS_VERSIONS], newer[COUNTS_VERSIONS];
	_Atomic uint64_t refused[COUNTS_CAUSES];
	struct shared_stricter stricter[STRICTER_COUNT];
};

/*
 * The layout is the same on every machine.  A later version only appends, and adds one to `version`,
 * so that a reader knows which members are there.
 */
struct shared_page {
	_Atomic uint32_t version; /* SHARED_VERSION */
	_Atomic uint32_t size; /* SHARED_SIZE */

	/* Where messages went; sslharden status shows it. */
	_Atomic uint32_t
		sink_last; /* enum sink, plus one, of the last message; 0: there was none */
	_Atomic uint32_t lost; /* messages that no sink took */
	_Atomic uint32_t written[SHARED_SINKS]; /* messages that each sink took */
	_Atomic uint32_t
		failed[SHARED_SINKS]; /* messages that it did not take; the next was tried */
	_Atomic uint32_t error[SHARED_SINKS]; /* errno of its last failure; 0: it was not tried */
	_Atomic uint32_t complained; /* 1: the faults of the settings were logged */
	uint32_t unused[3];

	struct shared_limit limits[SHARED_LIMITS];

	struct shared_counts counts;

	/* Always zero. */
	unsigned char room[SHARED_SIZE - 80 - SHARED_LIMITS * sizeof(struct shared_limit) -
			   sizeof(struct shared_counts)];
};
_Static_assert(sizeof(struct shared_page) == SHARED_SIZE, "the same layout everywhere");

#define SHARED_VERSION 2

/*
 * The address of the page of a process.  Another process finds this record by its mark in the
 * library's writable memory, as it finds the settings (include/sslharden/config.h), and reads
 * SHARED_SIZE bytes at `address` (0: there is no page yet) from /proc/PID/mem.
 */
#define SHARED_RECORD_MARK "sslharden's page 1"
struct shared_record {
	char mark[24];
	_Atomic uint64_t address;

	/* The log file, as this process alone found it. */
	_Atomic uint32_t file_way; /* enum file_way */
	_Atomic uint32_t file_error; /* errno of FILE_KEPT and FILE_REFUSED; 0: its line says why */
	_Atomic uint32_t file_kept; /* the descriptor that is kept; 0: none */

	/* What its libssl does not know of the operator's lists; if it has several, one of them. */
	_Atomic uint32_t lists_asked; /* 1: it was asked */
	_Atomic uint64_t untaken[3]; /* of each list: a bit for each name, in its order */
};

/* The operator's lists. */
enum shared_list { LIST_CIPHERS, LIST_SUITES, LIST_GROUPS, SHARED_LISTS };
enum { SHARED_NAMES = 63 }; /* of a list that are looked at */
#define SHARED_NOTHING_TAKEN ((uint64_t)1 << SHARED_NAMES) /* the list is not in force */
void shared_untaken_note(enum shared_list which, uint64_t untaken);

/* How the log file took the last line, or the first look at it. */
enum file_way {
	FILE_UNTRIED,
	FILE_NAMED, /* by its name */
	FILE_KEPT, /* by the descriptor that was kept: the name could not be opened */
	FILE_REFUSED,
};
void shared_file_note(enum file_way way, int error);
void shared_file_kept(int fd);

/*
 * Makes the page, once: before the first server context at the latest.  Children that were forked
 * earlier have pages of their own, and if no page can be had each process counts for itself.
 * Lock-free, and safe from any thread; errno is left as found.
 */
void shared_page_make(void);

/*
 * Takes @page for it, if there is none yet; returns false if there is.  Likewise safe.
 *
 * @page  as joint_make or joint_find gives it (joint.h)
 */
bool shared_page_take(struct shared_page *page);

/* The page; a private one before the page is made or if it cannot be had.  Never NULL. */
struct shared_page *shared_page(void);

#endif
