/* SPDX-License-Identifier: MIT
 *
 * policy: which options, versions and DH sizes a server is to have by the operator's settings, in the
 * numbers of the libssl at hand (dialect.h).
 *
 * Every function is pure and may be called from any thread.  None allocates or keeps a pointer that
 * it is given.
 */
#ifndef SSLHARDEN_POLICY_H
#define SSLHARDEN_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "sslharden/config.h"
#include "sslharden/dialect.h"

/* The safe options, without those that the operator's SSLHARDEN_ALLOW_* leave to the program. */
uint64_t policy_options(const struct config *config, const struct dialect *dialect);

/*
 * The lowest wire version that a context may serve: the pin's or the operator's, whichever is newer.
 *
 * @pin  the wire version that the program's method is fixed to; 0: it negotiates
 *
 * Returns 0 if there is no lower bound.
 */
int policy_floor(const struct config *config, enum transport transport, int pin);

/*
 * Whether a method that is pinned to @pin stays: SSLHARDEN_ALLOW_PINNED is set, the pin is not below
 * SSLHARDEN_MIN_PROTOCOL, and it is neither SSL 2.0 nor, without SSLHARDEN_ALLOW_SSLV3, SSL 3.0.
 */
bool policy_keeps_pin(const struct config *config, enum transport transport, int pin);

/*
 * Whether a connection with a method pinned to @pin may be given another method.  For DTLS only if
 * it would serve nobody otherwise, because what SSL_set_mtu, DTLS_set_timer_cb and the like have set
 * on the connection is lost with its method.
 */
bool policy_exchanges(const struct config *config, enum transport transport, int pin);

/*
 * The size in bits of the group of RFC 7919 that replaces DH parameters of @bits: at least
 * SSLHARDEN_MIN_DH_BITS.  0: the parameters stay.
 */
unsigned int policy_dh_bits(const struct config *config, unsigned int bits);

/*
 * The same where libssl itself would choose a size from @weakest to @strongest by the certificate:
 * the answer is never smaller than the largest that it would have chosen.
 */
unsigned int policy_dh_choice(const struct config *config, unsigned int weakest,
			      unsigned int strongest);

/* The highest wire version that a context may serve; 0: no upper bound. */
int policy_cap(const struct config *config, enum transport transport);

#endif
