/* SPDX-License-Identifier: MIT */
#include "harden/side.h"

#include "harden/context.h"
#include "harden/note.h"
#include "harden/object.h"
#include "memory/context.h"
#include "memory/table.h"
#include "messages/log.h"

/*
 * Whether the pin's floor stays, whatever a program does to the options that hold it: in the end a
 * connection is held to its context's pin and to the operator's floor, and SSLv3 is not served.
 */
static bool is_held(const struct image *image, SSL *ssl, const struct method_kind *kind)
{
	const struct config *config = config_get();
	struct context context = context_of(image->SSL_get_SSL_CTX(ssl));

	return (context_pin_options(image, kind) & ~image->safe_options) == 0 ||
	       policy_floor(config, kind->transport, kind->pin) ==
		       policy_floor(config, kind->transport, 0) ||
	       (context.known && context_kind(context)->role != ROLE_CLIENT &&
		context_kind(context)->pin == kind->pin);
}

/* Gives the connection the flexible method; options on the connection hold the pin's floor. */
static void open_upwards(const struct image *image, SSL *ssl, const struct method_kind *kind)
{
	const void *flexible = method_flexible(image->methods, kind);
	struct bracket bracket;

	if (flexible == NULL || !context_opens(image, kind, ssl_options(image, ssl)) ||
	    !policy_exchanges(config_get(), kind->transport, kind->pin) ||
	    !is_held(image, ssl, kind) || has_srp_parameters(image, ssl))
		return;
	bracket = bracket_open(image);
	image->SSL_set_ssl_method(ssl, flexible);
	ssl_options_set(image, ssl, context_pin_options(image, kind));
	bracket_close(image, bracket);
}

/*
 * libssl lets a connection with a session keep the method of the version that its last handshake came
 * to.  It is no pin of the program's, and is not opened.
 */
static bool is_left_over(const struct image *image, const SSL *ssl, const struct method_kind *kind)
{
	return kind->pin != 0 && kind->role == ROLE_SERVER && image->SSL_get_session != NULL &&
	       image->SSL_get_session(ssl) != NULL;
}

/*
 * Gives a connection the flexible method again whose last handshake has left it the method of one
 * version, @left_over.  With the pin that its program asked for, libssl would have left it the pin;
 * the method of the version would refuse older clients, and ignore options.
 *
 * @served  it has served itself: what is noted at the address of a copy (SSL_dup) may be of a
 *          connection that was there before
 */
static void give_back(const struct image *image, SSL *ssl, const struct method_kind *left_over,
		      bool served)
{
	struct context context = context_of(image->SSL_get_SSL_CTX(ssl));
	const struct method_kind *asked = context_kind(context);
	struct decision decision = note_before_decision(image, ssl);
	struct bracket bracket;

	if (!served || left_over->transport != TRANSPORT_TLS || !context.known ||
	    asked->role == ROLE_CLIENT || !may_serve(image, ssl) ||
	    !context_opens(image, asked, ssl_options(image, ssl)) ||
	    (decision.allowed & ~version_set(left_over->pin)) == 0) /* it had one version */
		return;
	bracket = bracket_open(image);
	image->SSL_set_ssl_method(ssl, method_flexible(image->methods, left_over));
	bracket_close(image, bracket);
}

bool side_begins_anew(const struct image *image, const SSL *ssl)
{
	enum { STATE_OK = 3 }; /* SSL_ST_OK of ssl.h */

	return image->SSL_state != NULL && image->SSL_state(ssl) == STATE_OK &&
	       (image->SSL_renegotiate_pending == NULL || !image->SSL_renegotiate_pending(ssl));
}

/*
 * Nothing is done in the middle of a handshake: libssl has exchanged the method for that of the
 * version that it chose, and another exchange would lose its state.
 */
void side_taken(const struct image *image, SSL *ssl, bool begins)
{
	const struct method_kind *kind;
	bool anew = side_begins_anew(image, ssl);

	if (!anew && !is_before_handshake(image, ssl))
		return;
	kind = ssl_kind(image, ssl);
	/*
	 * SSL_dup of 0.9.8 crashes if the context has an SSL 2.0 method and the connection has not.
	 */
	if (kind == NULL || kind->role == ROLE_CLIENT ||
	    (version_set(kind->pin) == VERSION_SSL2 && !begins))
		return;
	if (is_left_over(image, ssl, kind))
		give_back(image, ssl, kind, has_served(image, ssl));
	else if (!anew)
		open_upwards(image, ssl, kind);
}

/* Whether it has its context's method, which is there in place of a pinned one. */
static bool has_exchanged(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);

	return context_asked_method(image, ctx) != NULL &&
	       ssl_kind(image, ssl) == ctx_kind(image, ctx);
}

/*
 * SSL_CONF_cmd takes the options that hold a pin of a connection past every wrapper, and after a move
 * its context tells no longer which that was.
 */
void side_moves(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	const struct method_kind *kind, *pin;
	struct context context;
	const void *key = table_key(ssl, TABLE_BELOW_PIN);
	uint64_t below;

	if (!side_follows(image) || !is_before_handshake(image, ssl))
		return;
	context = context_of(ctx);
	kind = ssl_kind(image, ssl);
	pin = context_kind(context);
	if (!context.known || kind == NULL || kind->pin != 0)
		return;
	below = context_below_earlier(image, ctx);
	if (pin->pin != 0 && pin->role != ROLE_CLIENT)
		below |= context_below_pin(pin);
	if (below != 0 && !table_set(key, table_get(key) | below))
		log_message(LOG_LEVEL_ERROR,
			    "connection %p: no memory for the pin of the context that it is moved "
			    "from; options hold it all the same",
			    (void *)ssl);
}

versions side_below_pin(const SSL *ssl)
{
	const void *key = table_key(ssl, TABLE_BELOW_PIN);
	versions below = (versions)table_get(key);

	if (below != 0)
		table_set(key, 0);
	return below;
}

void side_cleared(const struct image *image, SSL *ssl, const struct method_kind *before,
		  bool served, bool inside)
{
	const struct method_kind *now = ssl_kind(image, ssl);
	struct context context;

	/* Without a session libssl gives it its context's method. */
	if (!inside && (image->SSL_get_session == NULL || image->SSL_get_session(ssl) == NULL))
		side_below_pin(ssl);
	if (!inside && now == before && is_left_over(image, ssl, now))
		give_back(image, ssl, now, served);
	/* SSL_clear keeps the accept function of the flexible method that it had. */
	if (now != NULL && before->pin == 0 && before->role != ROLE_CLIENT &&
	    now->role != ROLE_CLIENT && may_serve(image, ssl))
		open_upwards(image, ssl, now);
	if (!has_exchanged(image, ssl))
		return;
	/* All pinned methods have the same accept function, flexible ones another: set it anew. */
	if (before->pin != 0 && may_serve(image, ssl))
		image->SSL_set_accept_state(ssl);
	context = context_of(image->SSL_get_SSL_CTX(ssl));
	ssl_options_set(image, ssl, context_pin_options(image, context_kind(context)));
}

/*
 * A context of SSL 2.0 has a list of that, and takes no other.  Its connection, given another method,
 * would serve by the list of the flexible method in that one's place whom the program serves by none.
 */
static void keep_ssl2_list(const struct image *image, SSL *ssl, const struct method_kind *kind)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	const SSL_METHOD *asked = context_asked_method(image, ctx);
	struct bracket bracket;

	if (asked == NULL || version_set(context_kind(context_of(ctx))->pin) != VERSION_SSL2 ||
	    kind == NULL || version_set(kind->pin) == VERSION_SSL2)
		return;
	bracket = bracket_open(image);
	image->SSL_set_cipher_list(ssl, "SSLv2");
	ctx_set_method(ctx, asked);
	bracket_close(image, bracket);
}

/* A method that the program gives a connection between two handshakes is not left over of the first. */
static void note_method(const struct image *image, SSL *ssl, const struct method_kind *kind)
{
	struct decision decision = note_before_decision(image, ssl);

	if (decision.allowed == 0 || kind == NULL ||
	    (!is_before_handshake(image, ssl) && !side_begins_anew(image, ssl)))
		return;
	decision.allowed = version_set(kind->pin); /* give_back asks for it */
	note_set(image, ssl, &decision);
}

void side_method(const struct image *image, SSL *ssl, const struct method_kind *kind)
{
	if (!side_follows(image))
		return;
	side_below_pin(ssl); /* it has another now */
	note_method(image, ssl, kind);
	keep_ssl2_list(image, ssl, kind);
	if (kind != NULL && kind->role == ROLE_SERVER)
		open_upwards(image, ssl, kind);
}
