/* SPDX-License-Identifier: MIT
 *
 * given: a hash of the cipher list that this library has given a connection, by which the list is
 * known again when the connection is used again.
 *
 * A cache of 512 words, as memory/decision is one: of two connections whose addresses hash to one
 * place the older is forgotten, and keeps the list that it has.  Lock-free, and safe from any thread.
 */
#ifndef SSLHARDEN_GIVEN_H
#define SSLHARDEN_GIVEN_H

#include <stdint.h>

/* @hash  of the list; 0: it has none of ours */
void given_set(const void *ssl, uint32_t hash);

/* Returns 0 if none is remembered. */
uint32_t given_of(const void *ssl);

#endif
