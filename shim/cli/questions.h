/* SPDX-License-Identifier: MIT
 *
 * questions: asks a server what it is asked when it is compared, by clients over the network.
 */
#ifndef SSLHARDEN_QUESTIONS_H
#define SSLHARDEN_QUESTIONS_H

#include "ask.h"
#include "measured.h"

/*
 * Asks all of them, one after the other; each has @target's time for itself.
 *
 * @until     by when all are to be asked (patience_now)
 * @measured  begins as zeros
 *
 * Returns false if a signal came, or @until, before all were asked.
 */
bool questions_ask(const struct target *target, long until, struct measured *measured);

/* A connection on which the newest client has had its answer; the caller closes it.  -1: none. */
int questions_hold(const struct target *target);

#endif
