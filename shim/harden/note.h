/* SPDX-License-Identifier: MIT
 *
 * note: keeps the decision about a connection, with the connection itself if it must not be lost.
 *
 * That is done in OpenSSL's ex_data, which SSL_dup copies, from 1.1.0 on.  Before, indexes of
 * ex_data start at 0 again after CRYPTO_cleanup_all_ex_data, and ours would then be the program's;
 * but nothing there must be kept.  Safe from any thread that may use the SSL itself.
 */
#ifndef SSLHARDEN_NOTE_H
#define SSLHARDEN_NOTE_H

#include "loader/resolve.h"
#include "memory/decision.h"

/*
 * Notes a decision: in the cache, and with the connection if it must last.  @in_hand: as of
 * decision_store (memory/decision.h)
 */
void note_set_in_hand(const struct image *image, SSL *ssl, const struct decision *decision,
		      bool in_hand);

/* The same of what its program has said. */
static inline void note_set(const struct image *image, SSL *ssl, const struct decision *decision)
{
	note_set_in_hand(image, ssl, decision, false);
}

/* Returns false if nothing is known. */
bool note_get(const struct image *image, const SSL *ssl, struct decision *decision);

/* What was noted before the handshake began (bounds, hints, dh_auto_off); nearly always nothing. */
struct decision note_before_decision(const struct image *image, const SSL *ssl);

#endif
