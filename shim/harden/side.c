/* SPDX-License-Identifier: MIT */
#include "harden/side.h"

#include "harden/context.h"
#include "harden/object.h"
#include "memory/context.h"

/* Gives the connection the flexible method; options on the connection hold the pin's floor. */
static void open_upwards(const struct image *image, SSL *ssl, const struct method_kind *kind)
{
	const void *flexible = method_flexible(image->methods, kind);
	struct bracket bracket;

	if (kind->pin == 0 || flexible == NULL ||
	    !policy_exchanges(config_get(), kind->transport, kind->pin) ||
	    policy_keeps_pin(config_get(), kind->transport, kind->pin))
		return;
	bracket = bracket_open(image);
	image->SSL_set_ssl_method(ssl, flexible);
	/* The pinned method ignored an option that forbids its own version. */
	ssl_options_clear(
		image, ssl,
		version_options(&image->dialect, kind->transport,
				version_set(kind->pin) &
					versions_from(policy_floor(config_get(), kind->transport,
								   kind->pin))));
	ssl_options_set(image, ssl, context_pin_options(image, kind));
	bracket_close(image, bracket);
}

/*
 * Nothing is done in the middle of a handshake: libssl has exchanged the method for that of the
 * version that it chose, and another exchange would lose its state.
 */
void side_taken(const struct image *image, SSL *ssl, bool begins)
{
	const struct method_kind *kind;

	if (!is_before_handshake(image, ssl))
		return;
	kind = ssl_kind(image, ssl);
	/*
	 * SSL_dup of 0.9.8 crashes if the context has an SSL 2.0 method and the connection has not.
	 */
	if (kind == NULL || kind->role == ROLE_CLIENT ||
	    (version_set(kind->pin) == VERSION_SSL2 && !begins))
		return;
	open_upwards(image, ssl, kind);
}

/* Whether it has its context's method, which is there in place of a pinned one. */
static bool has_exchanged(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);

	return context_asked_method(image, ctx) != NULL &&
	       ssl_kind(image, ssl) == ctx_kind(image, ctx);
}

uint64_t side_settable(const struct image *image, SSL *ssl, uint64_t options)
{
	if (!side_follows(image) || !has_exchanged(image, ssl))
		return options;
	return context_settable(image, image->SSL_get_SSL_CTX(ssl), options);
}

/*
 * Where a pin stands in the program, libssl would have left the connection that.  The flexible method
 * in its place was exchanged for that of the version which its last handshake came to, and SSL_clear
 * lets a connection with a session keep it: older clients would be refused, and options ignored.
 */
static bool keeps_a_version(const struct image *image, SSL *ssl, const struct method_kind *before)
{
	struct context context = context_of(image->SSL_get_SSL_CTX(ssl));
	const struct method_kind *asked = context_kind(context);

	return before->pin != 0 && before->role == ROLE_SERVER && ssl_kind(image, ssl) == before &&
	       before->transport == TRANSPORT_TLS && context.known && asked->pin != 0 &&
	       asked->role != ROLE_CLIENT && may_serve(image, ssl) &&
	       !policy_keeps_pin(config_get(), asked->transport, asked->pin);
}

void side_cleared(const struct image *image, SSL *ssl, const struct method_kind *before,
		  bool inside)
{
	const struct method_kind *now;
	struct context context;

	if (!inside && keeps_a_version(image, ssl, before)) {
		struct bracket bracket = bracket_open(image);

		image->SSL_set_ssl_method(ssl, method_flexible(image->methods, before));
		bracket_close(image, bracket);
	}
	now = ssl_kind(image, ssl);
	/* SSL_clear keeps the accept function of the flexible method that it had. */
	if (now != NULL && before->pin == 0 && before->role != ROLE_CLIENT &&
	    now->role == ROLE_GENERIC && may_serve(image, ssl))
		open_upwards(image, ssl, now);
	if (!has_exchanged(image, ssl))
		return;
	/* All pinned methods have the same accept function, flexible ones another: set it anew. */
	if (before->pin != 0 && may_serve(image, ssl))
		image->SSL_set_accept_state(ssl);
	context = context_of(image->SSL_get_SSL_CTX(ssl));
	ssl_options_set(image, ssl, context_pin_options(image, context_kind(context)));
}

void side_method(const struct image *image, SSL *ssl, const struct method_kind *kind)
{
	if (side_follows(image) && kind != NULL && kind->role == ROLE_SERVER)
		open_upwards(image, ssl, kind);
}
