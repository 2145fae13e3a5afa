/* SPDX-License-Identifier: MIT
 *
 * contrast_judge: whether what a server answers hardened is better or worse than what it answers
 * bare.  Pure.
 */
#ifndef SSLHARDEN_CONTRAST_JUDGE_H
#define SSLHARDEN_CONTRAST_JUDGE_H

#include "measured.h"
#include "sslharden/config.h"

enum change {
	CHANGE_NONE,
	CHANGE_OTHER, /* neither better nor worse */
	CHANGE_STRONGER,
	CHANGE_WEAKER,
	CHANGE_LOST, /* is no longer served, though no setting forbids it */
};

/* Both sides of a row, the settings of the hardened one, and who asked. */
struct pair {
	const struct measured *bare, *hardened;
	const struct config *config;
	enum question question;
};

enum change judge_client(const struct pair *pair); /* of one version: ASK_SSL3 to ASK_TLS1_3 */
enum change judge_newest(const struct pair *pair);
enum change judge_suite(const struct pair *pair); /* of a client up to TLS 1.2 */
enum change judge_static(const struct pair *pair); /* of one without forward secrecy */
enum change judge_order(const struct pair *pair);
enum change judge_keys(const struct pair *pair); /* ASK_DHE, ASK_ECDHE */
enum change judge_compression(const struct pair *pair);
enum change judge_tickets(const struct pair *pair);

#endif
