/* SPDX-License-Identifier: MIT
 *
 * asked: whether a server serves what the settings ask of their lists, and what of the settings
 * cannot be seen from outside.
 */
#ifndef SSLHARDEN_ASKED_H
#define SSLHARDEN_ASKED_H

#include "cli.h"
#include "measured.h"
#include "sslharden/config.h"

/*
 * @suites    those that SSLHARDEN_CIPHERS means to the server's libssl; none: that is not known
 * @faults    takes a line for each thing that is served and is not on its list
 * @unknown   takes a line for each setting of which the answers do not tell whether it is so
 */
void asked(const struct measured *measured, const struct config *config,
	   const struct strings *suites, struct strings *faults, struct strings *unknown);

#endif
