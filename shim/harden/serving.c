/* SPDX-License-Identifier: MIT */
#include "harden/serving.h"

#include "memory/connection.h"
#include "harden/lists.h"
#include "messages/log.h"
#include "harden/object.h"
#include "harden/range.h"

enum { STATE_BEFORE = 0x4000 }; /* SSL_ST_BEFORE of SSL_state(), before 1.1.0 */

/* What a context says of the connections that are made of it. */
static struct connection of_context(const struct image *image, const SSL_CTX *ctx)
{
	const struct method_kind *kind = ctx_kind(image, ctx);
	struct state state;

	if (kind == NULL)
		return (struct connection){.serves = false};
	state = state_as(ctx, kind);
	return (struct connection){.serves = kind->role == ROLE_SERVER,
				   .kind = state.kind,
				   .pin = state.pin,
				   .own = state.own};
}

static struct connection what_it_is(const struct image *image, SSL *ssl)
{
	struct connection it = connection_of(ssl);

	return it.known ? it : of_context(image, image->SSL_get_SSL_CTX(ssl));
}

static void remember(SSL *ssl, const struct connection *it)
{
	if (!connection_set(ssl, it))
		log_message(LOG_LEVEL_ERROR,
			    "connection %p: no memory; held only while its context stays",
			    (void *)ssl);
}

static bool is_pinned_generic(const struct connection *it)
{
	return it->kind != NULL && it->kind->role == ROLE_GENERIC && it->pin != 0;
}

/* SSL_set_ssl_method: the side that libssl names may still be its context's. */
static bool was_given_a_server_method(const struct connection *it)
{
	return it->known && it->kind->role == ROLE_SERVER;
}

static bool is_serving(const struct image *image, SSL *ssl, const struct connection *it)
{
	return it->kind != NULL && it->serves &&
	       (was_given_a_server_method(it) || still_serves(image, ssl));
}

/* Not of a client's context alone: from 1.1.0 on that serves, too, once it is told to accept. */
static bool is_client(const struct image *image, SSL *ssl, const struct connection *it)
{
	return it->kind == NULL ||
	       (it->kind->role == ROLE_CLIENT && !it->serves && !may_serve(image, ssl));
}

/* --- its context's method --------------------------------------------------- */

/* The higher of two floors, if the context that a connection serves from is another one now. */
static void raise_to(SSL *ssl, struct connection it, const struct connection *now)
{
	if (now->pin == 0 || now->kind->transport != it.kind->transport ||
	    (it.pin != 0 && !version_older(it.kind->transport, it.pin, now->pin)))
		return;
	it.kind = now->kind;
	it.pin = now->pin;
	remember(ssl, &it);
}

/*
 * Before 3.2 a handshake begins with the method of the context that the connection has by
 * then.  Who serves is held to the higher floor of the two, since libssl does not go back
 * where a session is left of an earlier handshake; who may be a client is what its context
 * makes of it, and nothing else.
 */
static void follow_context(const struct image *image, SSL *ssl)
{
	struct connection was = connection_of(ssl);
	struct connection now = of_context(image, image->SSL_get_SSL_CTX(ssl));
	struct bounded range = {image, NULL, ssl};

	if (image->dialect.pinning != PIN_BY_CONTEXT || image->dialect.keeps_method ||
	    image->SSL_in_before == NULL || image->SSL_in_before(ssl) == 0 || now.kind == NULL)
		return;
	if (was.known && was.serves) {
		raise_to(ssl, was, &now);
		return;
	}
	if ((was.known && was.kind == now.kind) || (!was.known && now.pin == 0))
		return;
	if (now.kind->role == ROLE_SERVER && !may_serve(image, ssl)) { /* a client all the same */
		if (now.pin != 0)
			pin_hold(&range, now.kind->transport, now.pin);
		return;
	}
	if (was.known && is_pinned_generic(&was))
		range_set(&range, bounds_min(was.own), bounds_max(was.own));
	now.own = bounds_pack(bound(&range, CTRL_GET_MIN_PROTO_VERSION, 0),
			      bound(&range, CTRL_GET_MAX_PROTO_VERSION, 0));
	if (is_pinned_generic(&now))
		pin_hold(&range, now.kind->transport, now.pin);
	now.shared = was.shared;
	remember(ssl, &now);
}

/* --- its side ------------------------------------------------------------- */

/* Opens a pinned generic connection upwards. */
static void unpin(const struct image *image, SSL *ssl, const struct connection *it)
{
	struct bounded range = {image, NULL, ssl};
	int floor = policy_floor(config_get(), it->kind->transport, it->pin);

	if (image->dialect.pinning == PIN_BY_CONNECTION) {
		const struct method_kind *kind =
			method_kind_of(image->methods, image->SSL_get_ssl_method(ssl));
		const void *flexible = kind == NULL || kind->pin == 0
					       ? NULL
					       : method_flexible(image->methods, kind);

		if (flexible != NULL)
			image->SSL_set_ssl_method(ssl, flexible);
	}
	if (image->dialect.proto_version) {
		bound(&range, CTRL_SET_MAX_PROTO_VERSION,
		      cap_for(config_get(), it->kind->transport, floor));
		bound(&range, CTRL_SET_MIN_PROTO_VERSION, floor);
	}
}

/* Whether a connection still has what came of its context's pin. */
static bool is_at_its_pin(const struct image *image, SSL *ssl, const struct connection *it)
{
	struct bounded range = {image, NULL, ssl};
	int max;

	/*
	 * In the middle of a handshake libssl itself has changed the method, to the
	 * version that it chose, and another change would throw its state away.
	 */
	if (image->dialect.pinning == PIN_BY_CONNECTION)
		return image->SSL_state == NULL || (image->SSL_state(ssl) & STATE_BEFORE) != 0;
	if (it->serves) /* opened already: this maximum is the program's */
		return false;
	max = bound(&range, CTRL_GET_MAX_PROTO_VERSION, 0);
	/* AWS-LC does not tell. */
	return max == it->pin || (max == 0 && image->dialect.pinning == PIN_IS_RANGE);
}

static void serve(const struct image *image, SSL *ssl, struct connection it)
{
	struct bounded range = {image, NULL, ssl};
	uint64_t missing;

	missing = wanted_options(image, it.kind->transport, it.pin) & ~ssl_options(image, ssl);
	if (is_pinned_generic(&it) && is_at_its_pin(image, ssl, &it))
		unpin(image, ssl, &it);
	if (missing != 0)
		ssl_options_set(image, ssl, missing);
	range_hold(&range, it.kind->transport, it.pin, false);
	if (it.serves)
		return;
	if (lists_are_given())
		lists_set(image, ssl);
	it.serves = true;
	remember(ssl, &it);
}

/*
 * Whether serve() does more than set options and remember: these two leave no mark on the
 * error queue, so that the most frequent case need not look at it.
 */
static bool may_leave_a_mark(const struct image *image, SSL *ssl, const struct connection *it)
{
	struct bounded range = {image, NULL, ssl};
	struct missing_bounds missing;

	if (is_pinned_generic(it) || (!it->serves && lists_are_given()))
		return true;
	missing = range_missing(&range, it->kind->transport, it->pin, false);
	return missing.min != 0 || missing.max != 0;
}

static bool has_lost_options(const struct image *image, SSL *ssl, const struct connection *it)
{
	return (wanted_options(image, it->kind->transport, it->pin) & ~ssl_options(image, ssl)) !=
	       0;
}

/* @certain: it serves, whatever its context was made for. */
static void serve_bracketed(const struct image *image, SSL *ssl, bool certain)
{
	struct connection it = what_it_is(image, ssl);
	struct bracket bracket;

	if (it.kind == NULL || (!certain && is_client(image, ssl, &it)))
		return;
	if (it.known && pins_are_known()) {
		follow_context(image, ssl);
		it = connection_of(ssl);
	}
	if (may_leave_a_mark(image, ssl, &it)) {
		bracket = bracket_open(image);
		serve(image, ssl, it);
		bracket_close(image, bracket);
	} else if (!it.serves || has_lost_options(image, ssl, &it)) {
		serve(image, ssl, it);
	}
}

void serving_takes_side(const struct image *image, SSL *ssl)
{
	if (image->known && may_serve(image, ssl))
		serve_bracketed(image, ssl, false);
}

void serving_accepts(const struct image *image, SSL *ssl)
{
	struct connection it;

	if (!image->known)
		return;
	if (!image->dialect.fresh_is_client && !may_serve(image, ssl)) {
		it = what_it_is(image, ssl);
		/* A client's context has no side but this call's: SSL_accept takes it inside. */
		if (!is_serving(image, ssl, &it) &&
		    (it.kind == NULL || it.kind->role != ROLE_CLIENT))
			return;
	}
	serve_bracketed(image, ssl, true);
}

bool serving_is_certain(const struct image *image, SSL *ssl)
{
	struct connection it;

	if (!image->known)
		return false;
	it = what_it_is(image, ssl);
	return is_serving(image, ssl, &it);
}

bool serving_took_sslv3(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	struct state state = state_of(ctx);
	uint64_t option = image->dialect.no_sslv3;

	/* A libssl without SSLv3 has no method for it either.  A floor is above it. */
	if (option == 0 || image->methods[METHOD_SSLv3_method] == NULL ||
	    (config_get()->allow_sslv3 && config_get()->min_protocol == 0))
		return false;
	if ((ctx_options(image, ctx) & option) == 0)
		return true; /* generic: only the connection has it, and we gave it */
	return (state.added & option) != 0;
}

/* --- its life ------------------------------------------------------------- */

void serving_new(const struct image *image, SSL *ssl, SSL_CTX *ctx)
{
	bool ciphers = config_get()->ciphers[0] != '\0';
	struct connection it;
	struct bracket bracket;

	connection_forget(ssl);
	if (!image->known || (state_of(ctx).pin == 0 && !ciphers))
		return;
	it = of_context(image, ctx);
	if (it.pin != 0)
		remember(ssl, &it);
	if (!ciphers || !it.serves)
		return;
	bracket = bracket_open(image);
	if (!lists_suit(image, ssl))
		lists_keep_own(image, ssl, ctx);
	bracket_close(image, bracket);
}

void serving_dup(const struct image *image, SSL *ssl, SSL *copy)
{
	struct connection it = connection_of(ssl), now;

	if (copy == ssl) {
		serving_shared(image, ssl);
		return;
	}
	connection_forget(copy);
	if (!it.known)
		return;
	/* From 1.1.0 on libssl makes a copy of the context that the connection has by now. */
	now = of_context(image, image->SSL_get_SSL_CTX(copy));
	if (image->dialect.pinning == PIN_BY_CONTEXT && !it.serves && now.pin != 0)
		it = now;
	remember(copy, &it);
	if (image->dialect.pinning == PIN_BY_CONTEXT && it.serves)
		raise_to(copy, it, &now);
}

void serving_shared(const struct image *image, SSL *ssl)
{
	struct connection it;

	if (!image->known)
		return;
	it = what_it_is(image, ssl);
	it.shared = true;
	if (it.kind != NULL)
		remember(ssl, &it);
}

/* A connection that may yet take either side, of a method that no other context changes. */
static bool keeps_method(const struct image *image, const struct connection *it)
{
	return it->kind != NULL && it->kind->role == ROLE_GENERIC &&
	       (image->dialect.keeps_method || image->dialect.pinning == PIN_BY_CONNECTION);
}

bool serving_moves(const struct image *image, SSL *ssl)
{
	struct connection it;

	if (!image->known)
		return false;
	it = what_it_is(image, ssl);
	if (!it.known && (it.serves || keeps_method(image, &it)))
		remember(ssl, &it);
	return lists_are_given() && lists_are_contexts(image, ssl);
}

void serving_moved(const struct image *image, SSL *ssl, bool lists)
{
	bool served = connection_of(ssl).serves;
	struct bracket bracket;

	if (!image->known)
		return;
	bracket = bracket_open(image);
	follow_context(image, ssl);
	if (serving_is_certain(image, ssl)) {
		serve(image, ssl, what_it_is(image, ssl));
		if (!served && lists_are_given()) /* it was made of a context without them */
			lists_set(image, ssl);
		lists_follow(image, ssl, lists);
	}
	bracket_close(image, bracket);
}

const SSL_METHOD *serving_method_for(const struct image *image, const struct plan *plan,
				     const SSL_METHOD *asked)
{
	/* A generic method is opened when the side is known; until then it stays. */
	return image->known && plan->kind != NULL && plan->kind->role == ROLE_SERVER ? plan->method
										     : asked;
}

/* From 1.1.0 on the handshake starts by going back to the context's method. */
static void remember_method(const struct image *image, SSL *ssl, const struct method_kind *kind)
{
	struct connection it = what_it_is(image, ssl);

	if (image->dialect.pinning != PIN_BY_CONNECTION)
		return;
	it.kind = kind;
	it.pin = policy_keeps_pin(config_get(), kind->transport, kind->pin) ? 0 : kind->pin;
	it.serves = kind->role == ROLE_SERVER || (it.serves && kind->role == ROLE_GENERIC);
	remember(ssl, &it);
}

void serving_method(const struct image *image, SSL *ssl, const struct plan *plan)
{
	if (!image->known || plan->kind == NULL)
		return;
	remember_method(image, ssl, plan->kind);
	if (plan->kind->role == ROLE_SERVER || serving_is_certain(image, ssl))
		serve_bracketed(image, ssl, false);
}

void serving_cleared(const struct image *image, SSL *ssl)
{
	if (image->known && image->dialect.pinning == PIN_BY_CONTEXT &&
	    !image->dialect.keeps_method && state_of(image->SSL_get_SSL_CTX(ssl)).pin != 0 &&
	    serving_is_certain(image, ssl))
		serve_bracketed(image, ssl, false);
}

/* --- what the program does to it ------------------------------------------- */

void serving_configured(const struct image *image, SSL *ssl)
{
	struct bounded range = {image, NULL, ssl};
	struct connection it;
	struct bracket bracket;

	if (!image->known)
		return;
	it = what_it_is(image, ssl);
	bracket = bracket_open(image);
	if (is_serving(image, ssl, &it)) {
		serve(image, ssl, it);
		if (lists_are_given())
			lists_set(image, ssl);
	} else if (is_pinned_generic(&it) && image->dialect.pinning == PIN_BY_CONTEXT &&
		   !pin_is_held(&range, it.kind->transport, it.pin)) {
		pin_hold(&range, it.kind->transport, it.pin);
	}
	bracket_close(image, bracket);
}

void serving_lists(const struct image *image, SSL *ssl)
{
	struct bracket bracket;

	if (!lists_are_given() || !serving_is_certain(image, ssl))
		return;
	bracket = bracket_open(image);
	lists_set(image, ssl);
	bracket_close(image, bracket);
}

uint64_t serving_clearable(const struct image *image, SSL *ssl, uint64_t options)
{
	struct connection it;

	if (!image->known)
		return options;
	it = what_it_is(image, ssl);
	if (is_serving(image, ssl, &it))
		options &= ~wanted_options(image, it.kind->transport, it.pin);
	if (is_pinned_generic(&it))
		options &= ~pin_options(image, it.kind->transport, it.pin);
	return options;
}

bool serving_bound(const struct image *image, SSL *ssl, bool highest, long *version)
{
	struct bounded range = {image, NULL, ssl};
	struct connection it;
	struct bracket bracket;

	if (!image->known || !image->dialect.proto_version)
		return true;
	it = what_it_is(image, ssl);
	if (is_serving(image, ssl, &it)) {
		range_confine(it.kind->transport, it.pin, highest, version);
		if (it.pin != 0) {
			bracket = bracket_open(image);
			range_make_room(&range, it.kind->transport, highest, version);
			bracket_close(image, bracket);
		}
	} else if (is_pinned_generic(&it) && image->dialect.pinning == PIN_BY_CONTEXT)
		return !range_takes(*version);
	return true;
}
