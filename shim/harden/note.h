/* SPDX-License-Identifier: MIT
 *
 * note: what must not be forgotten of a connection while it lives, kept with it.
 *
 * From 1.1.0 on that is OpenSSL's ex_data, of which SSL_dup makes a copy.  Before, an index of it
 * starts at 0 again after CRYPTO_cleanup_all_ex_data, and ours would then be the program's; and
 * there is nothing there that must not be forgotten.
 */
#ifndef SSLHARDEN_NOTE_H
#define SSLHARDEN_NOTE_H

#include "loader/resolve.h"
#include "memory/decision.h"

/* Notes a decision; with the connection if there is more in it than versions. */
void note_set(const struct image *image, SSL *ssl, const struct decision *decision);

/* False: nothing is known. */
bool note_get(const struct image *image, const SSL *ssl, struct decision *decision);

/* What of it is known before a decision: nearly always nothing. */
struct decision note_asked(const struct image *image, const SSL *ssl);

#endif
