/* SPDX-License-Identifier: MIT
 *
 * advice: which settings would let a refused client in, in words.
 */
#ifndef SSLHARDEN_ADVICE_H
#define SSLHARDEN_ADVICE_H

#include "messages/explain.h"

/* Appends all that has to change, and whom that admits, to @text, which is "". */
enum { ADVICE_TEXT_MAX = 384 };
void advice_text(const struct refusal *refusal, char text[ADVICE_TEXT_MAX]);

#endif
