/* SPDX-License-Identifier: MIT
 *
 * serving_suite: which suite serves a refused client, of the program's list and of the operator's,
 * and what has to change in the operator's for it.
 *
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the SSL
 * itself.
 */
#ifndef SSLHARDEN_SERVING_SUITE_H
#define SSLHARDEN_SERVING_SUITE_H

#include "harden/inquiry.h"
#include "messages/explain.h"

/*
 * Looks for a suite that serves the client in a version, in the program's list and in the one in
 * force.  Says in @refusal what of the lists has to change.
 *
 * Returns false if the program alone would refuse the client.
 */
bool serving_suite_find(const struct inquiry *inquiry, versions version, struct refusal *refusal);

/*
 * Whether the operator's list is in force.  To admit SSL 3.0 (the refusal's cause) the profile has to
 * go, and its list.
 */
bool serving_suite_is_operators(const struct inquiry *inquiry, versions version,
				const struct refusal *refusal);

/*
 * Whether SSLHARDEN_FORBID takes suites from the list that serves a version; of what is not served
 * by now that is not known.
 */
bool serving_suite_heeds_forbid(const struct inquiry *inquiry, versions version);

#endif
