/* SPDX-License-Identifier: MIT */
#include "harden/side.h"

#include "harden/context.h"
#include "harden/object.h"
#include "memory/context.h"

/* A pin's floor is held by options, which the connection keeps. */
static void open_upwards(const struct image *image, SSL *ssl, const struct method_kind *kind)
{
	const void *flexible = method_flexible(image->methods, kind);
	struct bracket bracket;

	if (kind->pin == 0 || flexible == NULL ||
	    policy_keeps_pin(config_get(), kind->transport, kind->pin))
		return;
	bracket = bracket_open(image);
	image->SSL_set_ssl_method(ssl, flexible);
	/* libssl ignored that the program forbids the pin's own version. */
	ssl_options_clear(image, ssl,
			  version_options(&image->dialect, kind->transport,
					  version_set(kind->pin) &
						  versions_from(policy_floor(
							  config_get(), kind->transport, kind->pin))));
	ssl_options_set(image, ssl, context_pin_options(image, kind));
	bracket_close(image, bracket);
}

static bool is_of_old(const struct image *image)
{
	return image->known && image->dialect.pinning == PIN_BEFORE_HANDSHAKE &&
	       image->SSL_set_ssl_method != NULL && config_get()->mode == MODE_ON;
}

/*
 * In the middle of a handshake libssl itself has changed the method, to the version that it
 * chose, and another change would throw its state away.
 */
void side_taken(const struct image *image, SSL *ssl)
{
	const struct method_kind *kind;

	if (!is_of_old(image) || !is_before_handshake(image, ssl))
		return;
	kind = ssl_kind(image, ssl);
	if (kind != NULL && kind->role != ROLE_CLIENT)
		open_upwards(image, ssl, kind);
}

void side_cleared(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx;
	struct context context;

	if (!is_of_old(image))
		return;
	ctx = image->SSL_get_SSL_CTX(ssl);
	context = context_of(ctx);
	if (context.known && context_asked_method(image, ctx) != NULL &&
	    ssl_kind(image, ssl) == ctx_kind(image, ctx))
		ssl_options_set(image, ssl, context_pin_options(image, context.kind));
}

void side_method(const struct image *image, SSL *ssl, const struct method_kind *kind)
{
	if (is_of_old(image) && kind != NULL && kind->role == ROLE_SERVER)
		open_upwards(image, ssl, kind);
}
