/* SPDX-License-Identifier: MIT */
#include "harden/subject.h"

#include "harden/lists.h"
#include "harden/object.h"
#include "memory/context.h"
#include "memory/decision.h"

const SSL_METHOD *subject_flexible(const struct image *image, const struct subject *subject)
{
	struct method_kind serving = {.transport = subject->method->transport,
				      .role = ROLE_SERVER};

	return method_flexible(image->methods, &serving);
}

/* The peer's Finished message comes with the first handshake, and goes with SSL_clear. */
static bool is_first(const struct image *image, const SSL *ssl)
{
	char none;

	return image->SSL_get_peer_finished == NULL ||
	       image->SSL_get_peer_finished(ssl, &none, 0) == 0;
}

/*
 * DTLSv1_listen has read a hello before the handshake begins, and what it keeps of it would go
 * with the method.  It leaves the option that asks for cookies.
 */
static bool can_exchange(const struct image *image, const SSL *ssl, const struct subject *subject)
{
	enum { COOKIE_EXCHANGE = 0x2000 }; /* SSL_OP_COOKIE_EXCHANGE, the same in every release */
	bool listened = subject->method->transport == TRANSPORT_DTLS &&
			(subject->options & COOKIE_EXCHANGE) != 0;

	return !listened && subject->method->pin != 0 && image->dialect.pinning == PIN_AT_HANDSHAKE &&
	       image->SSL_set_ssl_method != NULL && is_before_handshake(image, ssl) &&
	       subject_flexible(image, subject) != NULL;
}

/* What its context has from us, and the pin of a method that went before the handshake. */
static void read_context(const struct image *image, const SSL *ssl, struct subject *subject)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	struct context context = context_of(ctx);
	struct decision decision;

	if (!context.known)
		return;
	subject->ours = context.added;
	subject->hint = context.hint;
	if (subject->method->pin != 0) {
		subject->barred = VERSIONS_ALL & ~(versions_from(context.min) &
						   versions_to(context.max));
		if (context.hint)
			subject->barred |= VERSION_TLS1_3;
		subject->names = context.names;
		if (decision_of(ssl, &decision))
			subject->barred |= decision.barred;
	}
	if (subject->method->pin == 0 && context.kind->pin != 0 &&
	    (image->dialect.pinning == PIN_BEFORE_HANDSHAKE ||
	     subject->method->transport == TRANSPORT_DTLS))
		subject->pin = context.kind->pin;
}

bool subject_read(const struct image *image, SSL *ssl, struct subject *subject)
{
	const struct method_kind *method = may_serve(image, ssl) ? ssl_kind(image, ssl) : NULL;

	if (method == NULL)
		return false;
	*subject = (struct subject){
		.dialect = &image->dialect,
		.method = method,
		.first = is_first(image, ssl),
		.options = ssl_options(image, ssl),
	};
	read_context(image, ssl, subject);
	if (subject->first) {
		subject->can_exchange = can_exchange(image, ssl, subject);
		subject->reused = image->SSL_get_session != NULL &&
				  image->SSL_get_session(ssl) != NULL;
	}
	if (image->dialect.proto_version) {
		subject->min = ssl_min_version(image, ssl);
		subject->max = ssl_max_version(image, ssl);
	}
	if (decide_asks(subject, config_get())) {
		struct bracket bracket = bracket_open(image);

		subject->asked = lists_asked(image, ssl, NULL, subject->hint);
		bracket_close(image, bracket);
	}
	return true;
}

void subject_ask(const struct image *image, SSL *ssl, struct subject *subject)
{
	const SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	struct context context = context_of(ctx);

	subject->asked = lists_asked(image, ssl, ctx, context.known && context.hint);
	if (context.known && context.kind->pin != 0 && context.hint)
		subject->barred |= VERSION_TLS1_3;
	if (context.known && context.kind->pin != 0)
		subject->barred |= VERSIONS_ALL & ~(versions_from(context.min) &
						    versions_to(context.max));
}
