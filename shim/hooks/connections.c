/* SPDX-License-Identifier: MIT
 *
 * The wrappers where a connection takes its side, and where its program asks for what a newer
 * version does not know.
 */
#include "harden/connection.h"
#include "harden/context_program.h"
#include "harden/last_word.h"
#include "harden/object.h"
#include "harden/side.h"
#include "hooks/hello_callbacks.h"
#include "hooks/info_callback.h"
#include "hooks/wrap.h"

/*
 * Of the calls that a handshake takes the first one counts, before anything of it has happened;
 * BoringSSL does not tell which that is.
 */
static bool is_first_call(const struct image *image, const SSL *ssl)
{
	return image->dialect.pinning == PIN_IS_RANGE || is_before_handshake(image, ssl);
}

/* LibreSSL serves such a one by SSL_accept also if it took the client's side, and stays there. */
static bool is_flexible_tls(const struct image *image, const SSL *ssl)
{
	const struct method_kind *kind = ssl_kind(image, ssl);

	return kind != NULL && kind->pin == 0 && kind->transport == TRANSPORT_TLS;
}

/* Of a libssl that has more to do then, or is not known yet; apart, for the rest is short. */
__attribute__((noinline)) static void takes_side_fully(const struct image *image, SSL *ssl,
						       bool begins)
{
	struct image scratch;

	if (!image->known)
		image = image_to_decide(image, image->SSL_get_SSL_CTX(ssl), &scratch);
	if (!is_watched(image))
		return;
	info_callback_stand_on(image, ssl);
	if (side_follows(image))
		side_taken(image, ssl, begins);
	if (image->dialect.pinning != PIN_STAYS || !is_before_handshake(image, ssl))
		return;
	if (begins && is_hardened(image) && !may_serve(image, ssl) && is_flexible_tls(image, ssl))
		image->SSL_set_accept_state(ssl);
	/* It has looked at the versions before it says that the handshake begins. */
	last_word_begins(image, ssl);
}

static inline void takes_side(const struct image *image, SSL *ssl, bool begins)
{
	if (!image->known || side_follows(image) || image->dialect.pinning == PIN_STAYS)
		takes_side_fully(image, ssl, begins);
	else if (is_watched(image))
		info_callback_stand_on(image, ssl);
}

void SSL_set_accept_state(SSL *ssl)
{
	WRAP_VOID(SSL_set_accept_state, ssl, ssl)

	image->SSL_set_accept_state(ssl);
	takes_side(image, ssl, false);
	if (is_hardened(image))
		connection_takes_side(image, ssl);
}

int SSL_accept(SSL *ssl)
{
	WRAP(SSL_accept, ssl, -1, ssl)

	if (is_first_call(image, ssl) || (side_follows(image) && side_begins_anew(image, ssl)))
		takes_side(image, ssl, true);
	return image->SSL_accept(ssl);
}

/* The other context may be a client's, and have no callback of ours. */
SSL_CTX *SSL_set_SSL_CTX(SSL *ssl, SSL_CTX *ctx)
{
	const SSL_CTX *before;
	SSL_CTX *now;

	WRAP(SSL_set_SSL_CTX, ssl, NULL, ssl, ctx)
	before = image->SSL_get_SSL_CTX(ssl);
	side_moves(image, ssl); /* afterwards that context may be gone */
	now = image->SSL_set_SSL_CTX(ssl, ctx);
	if (now == NULL || now == before || !is_watched(image))
		return now;
	hello_callbacks_moved(ssl, before);
	info_callback_stand_on(image, ssl);
	if (image->dialect.pinning != PIN_IS_RANGE)
		last_word_moved(image, ssl, before);
	return now;
}

/* Whether SSL_clear may leave another method than it would bare: before 1.1.1. */
static bool clear_matters(const struct image *image)
{
	return is_hardened(image) && image->dialect.no_tlsv1_3 == 0;
}

/* Apart, so that the many need not make room for what it takes: each handshake clears. */
__attribute__((noinline)) static int clear(const struct image *image, SSL *ssl, const void *caller)
{
	const struct method_kind *before = ssl_kind(image, ssl);
	bool served = has_served(image, ssl);
	int ret = image->SSL_clear(ssl);

	if (ret == 0)
		return ret;
	if (!side_follows(image))
		connection_cleared(image, ssl);
	else if (before != NULL)
		side_cleared(image, ssl, before, served, image_has(image, caller));
	return ret;
}

int SSL_clear(SSL *ssl)
{
	WRAP(SSL_clear, ssl, 0, ssl)

	return clear_matters(image) ? clear(image, ssl, __builtin_return_address(0))
				    : image->SSL_clear(ssl);
}

/* Where libssl is linked -Bsymbolic, its own call of SSL_set_accept_state inside is not seen. */
BIO *BIO_new_ssl(SSL_CTX *ctx, int client)
{
	SSL *ssl = NULL;
	BIO *bio;

	WRAP(BIO_new_ssl, ctx, NULL, ctx, client)
	bio = image->BIO_new_ssl(ctx, client);
	if (bio != NULL && client == 0 && image->BIO_ctrl != NULL &&
	    image->BIO_ctrl(bio, CTRL_GET_SSL, 0, (void *)&ssl) > 0 && ssl != NULL)
		takes_side(image, ssl, false);
	return bio;
}

int SSL_renegotiate(SSL *ssl)
{
	int ret;

	WRAP(SSL_renegotiate, ssl, 0, ssl)
	ret = image->SSL_renegotiate(ssl);
	if (is_watched(image))
		connection_renegotiates(image, ssl, ret);
	return ret;
}

int SSL_renegotiate_abbreviated(SSL *ssl)
{
	int ret;

	WRAP(SSL_renegotiate_abbreviated, ssl, 0, ssl)
	ret = image->SSL_renegotiate_abbreviated(ssl);
	if (is_watched(image))
		connection_renegotiates(image, ssl, ret);
	return ret;
}

int SSL_CTX_use_psk_identity_hint(SSL_CTX *ctx, const char *hint)
{
	WRAP(SSL_CTX_use_psk_identity_hint, ctx, 0, ctx, hint)

	if (is_hardened(image) && hint != NULL)
		context_psk_hint_set(ctx);
	return image->SSL_CTX_use_psk_identity_hint(ctx, hint);
}

int SSL_use_psk_identity_hint(SSL *ssl, const char *hint)
{
	WRAP(SSL_use_psk_identity_hint, ssl, 0, ssl, hint)

	if (is_hardened(image) && hint != NULL)
		connection_bar(image, ssl, VERSION_TLS1_3);
	return image->SSL_use_psk_identity_hint(ssl, hint);
}

/* Not called in TLS 1.3, whoever it would refuse. */
int SSL_CTX_add_server_custom_ext(SSL_CTX *ctx, unsigned int type, any_callback add,
				  any_callback drop, void *add_arg, any_callback parse,
				  void *parse_arg)
{
	WRAP(SSL_CTX_add_server_custom_ext, ctx, 0, ctx, type, add, drop, add_arg, parse, parse_arg)

	if (is_hardened(image) && parse != NULL)
		context_custom_ext_read(ctx);
	return image->SSL_CTX_add_server_custom_ext(ctx, type, add, drop, add_arg, parse,
						    parse_arg);
}

int SSL_CTX_add_custom_ext(SSL_CTX *ctx, unsigned int type, unsigned int where, any_callback add,
			   any_callback drop, void *add_arg, any_callback parse, void *parse_arg)
{
	enum { TLS1_2_AND_BELOW_ONLY = 0x10 }; /* SSL_EXT_TLS1_2_AND_BELOW_ONLY of openssl/ssl.h */

	WRAP(SSL_CTX_add_custom_ext, ctx, 0, ctx, type, where, add, drop, add_arg, parse, parse_arg)

	if (is_hardened(image) && parse != NULL && (where & TLS1_2_AND_BELOW_ONLY) != 0)
		context_custom_ext_read(ctx);
	return image->SSL_CTX_add_custom_ext(ctx, type, where, add, drop, add_arg, parse,
					     parse_arg);
}
