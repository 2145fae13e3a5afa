/* SPDX-License-Identifier: MIT */
#include "harden/refusal.h"

#include <stdatomic.h>

#include "harden/cause.h"
#include "harden/hello_watch.h"
#include "harden/inquiry.h"
#include "harden/object.h"
#include "harden/reasons.h"
#include "memory/shared.h"
#include "messages/explain.h"
#include "sslharden/config.h"

_Static_assert((int)CAUSE_COUNT <= COUNTS_BY_CLIENT, "each cause has its count");

/* An error code packs library and reason differently from 3.0 on (openssl/err.h). */
static int ssl_reason(const struct image *image, unsigned long code)
{
	bool packed_3_0 = image->SSL_CTX_new_ex != NULL;
	int library = (int)(packed_3_0 ? code >> 23 & 0xff : code >> 24 & 0xff);

	return library != LIB_SSL ? 0 : (int)(code & (packed_3_0 ? 0x7fffff : 0xfff));
}

static void count_one(int row)
{
	atomic_fetch_add_explicit(&shared_page()->counts.refused[row], 1, memory_order_relaxed);
}

/* Counts a handshake once, though the program may call again; and no renegotiation. */
static void count_refused(const SSL *ssl, enum cause cause, int reason)
{
	if (!decision_mark_counted(ssl).counted)
		count_one(reason > REASON_ALERT ? COUNTS_BY_CLIENT : (int)cause);
}

void refusal_count_strict(void)
{
	count_one(CAUSE_STRICT);
}

static void tell(const struct inquiry *inquiry, struct refusal *refusal)
{
	const struct config *config = config_get();

	if (refusal->cause == CAUSE_NONE)
		return;
	/* Then the program's own list would stay, which strict does not take. */
	if (refusal->cause == CAUSE_FORBIDDEN && config->strict && config->ciphers[0] != '\0')
		refusal->needs_longer_list |= !inquiry->decision.operator_ciphers;
	refusal->offered = version_highest(TRANSPORT_TLS, inquiry->offer.newest);
	refusal->admitted = version_highest(TRANSPORT_TLS, inquiry->bare_version);
	explain(inquiry->image, inquiry->ssl, refusal);
}

/* A call that must be repeated waits for something (SSL_want), or has left no error. */
bool refusal_is_one(const struct image *image, const SSL *ssl)
{
	enum { WANT_NOTHING = 1 }; /* SSL_NOTHING of openssl/ssl.h */

	if (image->SSL_want != NULL && image->SSL_want(ssl) != WANT_NOTHING)
		return false;
	return image->ERR_peek_last_error != NULL && image->ERR_peek_last_error() != 0;
}

static void look_into(const struct image *image, SSL *ssl, const struct decision *decision,
		      int reason, struct refusal *refusal)
{
	struct bracket bracket = bracket_open(image);
	struct inquiry inquiry = inquiry_of(image, ssl, decision);

	if (inquiry.bare_version != 0)
		cause_find(&inquiry, reason, refusal);
	tell(&inquiry, refusal);
	bracket_close(image, bracket);
}

void refusal_explain(const struct image *image, SSL *ssl, bool is_over)
{
	struct refusal refusal = {.security_level = -1};
	struct decision decision;
	int reason;

	reason = ssl_reason(image, image->ERR_peek_last_error());
	/* The client left by itself: a port scan, or a load balancer's check. */
	if (reason == REASON_UNEXPECTED_EOF) {
		hello_watch_end(image, ssl);
		return;
	}
	if (!decision_load(ssl, &decision)) {
		/*
		 * After an alert only: the handshake may have been counted before, and be
		 * forgotten.
		 */
		if (is_over)
			count_refused(ssl, CAUSE_NONE, reason);
		return;
	}
	hello_watch_end(image, ssl);
	/* In an audit this library refuses nobody, and of whom strict refuses the reason is told. */
	if (reason != 0 && decision.bare != 0 && !decision.counted && !inquiry_is_audit())
		look_into(image, ssl, &decision, reason, &refusal);
	count_refused(ssl, refusal.cause, reason);
	if (reason == 0)
		return;
	/* Looked into at the alert, it is not looked into again at the end, when less is known. */
	decision.bare = 0;
	decision.counted = true;
	decision_store(ssl, &decision, false);
}

static const char *chosen_suite(const struct image *image, const SSL *ssl)
{
	if (image->SSL_get_current_cipher == NULL || image->SSL_CIPHER_get_name == NULL)
		return NULL;
	return image->SSL_CIPHER_get_name(image->SSL_get_current_cipher(ssl));
}

/* In an audit: whether the settings would refuse the client that was served. */
__attribute__((cold)) static void audit_served(const struct image *image, SSL *ssl)
{
	struct refusal refusal = {.security_level = -1};
	struct decision decision;
	struct inquiry inquiry;
	struct bracket bracket;

	if (!decision_load(ssl, &decision) || image->SSL_version == NULL)
		return;
	bracket = bracket_open(image);
	inquiry = inquiry_of(image, ssl, &decision);
	inquiry.bare_version = version_set(image->SSL_version(ssl));
	inquiry.chosen = chosen_suite(image, ssl);
	cause_of_served(&inquiry, &refusal);
	tell(&inquiry, &refusal);
	bracket_close(image, bracket);
}

void refusal_done(const struct image *image, SSL *ssl)
{
	hello_watch_end(image, ssl);
	if (inquiry_is_audit())
		audit_served(image, ssl);
}
