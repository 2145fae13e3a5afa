/* SPDX-License-Identifier: MIT */
#include "apply.h"

#include <inttypes.h>

#include "lists.h"
#include "log.h"
#include "object.h"
#include "table.h"

enum {
	TLS1_VERSION = 0x0301,
	STATE_BEFORE = 0x4000, /* SSL_ST_BEFORE of SSL_state(), before 1.1.0 */
	NID_P256 = 415, /* NID_X9_62_prime256v1 of openssl/obj_mac.h */
};

_Thread_local unsigned int libssl_depth __attribute__((tls_model("initial-exec")));

/* A context whose own version is left to connections: see ctx_prepare_generic. */
static bool is_pinned_generic(const struct method_kind *kind, const struct state *state)
{
	return kind != NULL && kind->role == ROLE_GENERIC && state->pin != 0;
}

/* The bounds that have to be set for the range to lie within [floor, cap]; 0: as it is. */
struct missing_bounds {
	int min, max;
};

/*
 * @lower  also bring a lower bound that is above the operator's own
 *         SSLHARDEN_MIN_PROTOCOL down to the floor: OpenSSL's configuration
 *         file set it, inside SSL_CTX_new, and the operator rules
 */
static struct missing_bounds range_missing(const struct bounded *b, enum transport transport,
					   int pin, bool lower)
{
	const struct config *config = config_get();
	int floor = policy_floor(config, transport, pin);
	int cap = cap_for(config, transport, floor);
	struct missing_bounds missing = {0, 0};
	int min, max;

	if (!b->image->dialect.proto_version)
		return missing;
	min = bound(b, CTRL_GET_MIN_PROTO_VERSION, 0);
	max = bound(b, CTRL_GET_MAX_PROTO_VERSION, 0);
	if (floor != 0 && (min == 0 || version_older(transport, min, floor) ||
			   (lower && config->min_protocol != 0 && min != floor)))
		missing.min = floor;
	if (cap != 0 && (max == 0 || version_older(transport, cap, max)))
		missing.max = cap;
	return missing;
}

static void range_hold(const struct bounded *b, enum transport transport, int pin, bool lower)
{
	struct missing_bounds missing = range_missing(b, transport, pin, lower);

	if (missing.min != 0)
		bound(b, CTRL_SET_MIN_PROTO_VERSION, missing.min);
	if (missing.max != 0)
		bound(b, CTRL_SET_MAX_PROTO_VERSION, missing.max);
}

struct plan plan_make(const struct image *image, const SSL_METHOD *asked)
{
	const struct config *config = config_get();
	struct plan plan = {method_kind_of(image->methods, asked), asked, true, true};
	const void *flexible;

	if (!image->known || plan.kind == NULL || plan.kind->pin == 0 ||
	    plan.kind->role == ROLE_CLIENT || config->allow_pinned ||
	    image->dialect.pinning == PIN_IS_RANGE || image->dialect.pinning == PIN_STAYS)
		return plan;
	/*
	 * 1.0.x lets a connection change its method and so keeps the context's;
	 * later ones go back to the context's method when the handshake starts
	 * (SSL_clear), so the context must be flexible from the first.
	 */
	if (plan.kind->role == ROLE_GENERIC && image->dialect.pinning == PIN_BY_CONNECTION)
		return plan;
	flexible = method_flexible(image->methods, plan.kind);
	if (flexible != NULL)
		plan.method = flexible;
	return plan;
}

/*
 * Gives a context of 1.0.x the curve that ECDHE needs.  The program's own
 * curve, set later, replaces it.  Key generation at this call is skipped when
 * SINGLE_ECDH_USE is set, and clients look at neither.
 */
static void ecdhe_enable(const struct image *image, SSL_CTX *ctx)
{
	uint64_t single = image->dialect.single_ecdh_use;
	bool had = (ctx_options(image, ctx) & single) != 0;
	EC_KEY *key;

	if (!image->dialect.ecdhe_on_request || image->EC_KEY_new_by_curve_name == NULL ||
	    image->EC_KEY_free == NULL)
		return;
	key = image->EC_KEY_new_by_curve_name(NID_P256);
	if (key == NULL) {
		log_message(LOG_LEVEL_WARNING, "context %p: no ECDHE, this libcrypto has no P-256",
			    (void *)ctx);
		return;
	}
	ctx_options_set(image, ctx, single);
	if (image->SSL_CTX_ctrl(ctx, CTRL_SET_TMP_ECDH, 0, key) <= 0)
		log_message(LOG_LEVEL_WARNING, "context %p: no ECDHE, P-256 was not taken",
			    (void *)ctx);
	if (!had)
		ctx_options_clear(image, ctx, single);
	image->EC_KEY_free(key);
}

static uint64_t options_hold(const struct image *image, SSL_CTX *ctx, enum transport transport,
			     int pin)
{
	uint64_t missing = wanted_options(image, transport, pin) & ~ctx_options(image, ctx);

	if (missing != 0)
		ctx_options_set(image, ctx, missing);
	return missing;
}

static bool harden_server(const struct image *image, SSL_CTX *ctx, const struct plan *plan)
{
	const struct method_kind *kind = plan->kind;
	bool exchanged = kind->pin != 0 && method_kind_of(image->methods, plan->method) != kind;
	struct state state = {true, kind, exchanged ? kind->pin : 0, 0};
	struct bounded range = {image, ctx, NULL};

	state.added = options_hold(image, ctx, kind->transport, state.pin);
	range_hold(&range, kind->transport, state.pin, plan->fresh);
	if (plan->curveless)
		ecdhe_enable(image, ctx);
	lists_set_context(image, ctx);
	if (!state_set(ctx, &state))
		return !exchanged;
	log_message(LOG_LEVEL_INFO,
		    "context %p: %s, serves %s%s, options 0x%" PRIx64
		    " added (OpenSSL %s), lower bound %s%s",
		    (void *)ctx, kind->name,
		    exchanged ? "every version of a flexible method" : "as made",
		    exchanged ? " above its pin" : "", state.added, image->dialect.name,
		    image->dialect.proto_version
			    ? version_name(bound(&range, CTRL_GET_MIN_PROTO_VERSION, 0))
			    : version_name(policy_floor(config_get(), kind->transport, state.pin)),
		    exchanged && image->dialect.proto_version &&
				    bound(&range, CTRL_GET_MIN_PROTO_VERSION, 0) !=
					    policy_floor(config_get(), kind->transport, state.pin)
			    ? " (stricter than the pin: OpenSSL's configuration file)"
			    : "");
	return true;
}

/*
 * The options that hold a pinned generic context's lower bound where the bound
 * itself would show in a client's hello.
 */
static uint64_t pin_options(const struct image *image, enum transport transport, int pin)
{
	return image->dialect.hello_shows_minimum && transport == TRANSPORT_TLS &&
			       pin > TLS1_VERSION
		       ? version_options(&image->dialect, transport, pin, 0)
		       : 0;
}

static bool pin_is_held(const struct image *image, SSL_CTX *ctx, enum transport transport, int pin)
{
	struct bounded range = {image, ctx, NULL};
	uint64_t options = pin_options(image, transport, pin);

	return bound(&range, CTRL_GET_MIN_PROTO_VERSION, 0) == (options != 0 ? 0 : pin) &&
	       bound(&range, CTRL_GET_MAX_PROTO_VERSION, 0) == pin &&
	       (ctx_options(image, ctx) & options) == options;
}

/* Gives a flexible generic context the range [pin, pin]. */
static void pin_hold(const struct image *image, SSL_CTX *ctx, enum transport transport, int pin)
{
	struct bounded range = {image, ctx, NULL};
	uint64_t options = pin_options(image, transport, pin);

	/* First the old bounds away: a range upside down is refused. */
	bound(&range, CTRL_SET_MAX_PROTO_VERSION, 0);
	bound(&range, CTRL_SET_MIN_PROTO_VERSION, options != 0 ? 0 : pin);
	bound(&range, CTRL_SET_MAX_PROTO_VERSION, pin);
	if (options != 0)
		ctx_options_set(image, ctx, options);
}

/*
 * A generic context is left as a client needs it.  A pinned one, where it had
 * to be made with a flexible method, gets the range [pin, pin]: a client's
 * hello is then the same, byte for byte (wire/test_clients.py).
 */
static bool prepare_generic(const struct image *image, SSL_CTX *ctx, const struct plan *plan)
{
	const struct method_kind *kind = plan->kind;
	bool exchanged = kind->pin != 0 && method_kind_of(image->methods, plan->method) != kind;
	bool stays = config_get()->allow_pinned || image->dialect.pinning == PIN_STAYS;
	struct state state = {true, kind, stays ? 0 : kind->pin, 0};

	if (plan->curveless)
		ecdhe_enable(image, ctx);
	if (exchanged) {
		state.added =
			pin_options(image, kind->transport, kind->pin) & ~ctx_options(image, ctx);
		pin_hold(image, ctx, kind->transport, kind->pin);
	}
	if (!state_set(ctx, &state))
		return !exchanged;
	log_message(LOG_LEVEL_INFO, "context %p: %s, each connection that serves is hardened",
		    (void *)ctx, kind->name);
	return true;
}

static bool apply_plan(const struct image *image, SSL_CTX *ctx, const struct plan *plan)
{
	struct bracket bracket;
	bool kept = true;

	log_complaints();
	if (!image->known || plan->kind == NULL ||
	    (plan->kind->transport == TRANSPORT_QUIC && plan->kind->role == ROLE_SERVER)) {
		table_set(ctx, 0);
		log_message(LOG_LEVEL_WARNING, "context %p: %s, passed through as it is",
			    (void *)ctx,
			    !image->known        ? "a libssl that is not known"
			    : plan->kind == NULL ? "a method that is not known"
						 : plan->kind->name);
		return true;
	}
	bracket = bracket_open(image);
	if (plan->kind->role == ROLE_CLIENT)
		table_set(ctx, 0);
	else if (plan->kind->role == ROLE_SERVER)
		kept = harden_server(image, ctx, plan);
	else
		kept = prepare_generic(image, ctx, plan);
	bracket_close(image, bracket);
	return kept;
}

SSL_CTX *apply_created(const struct image *image, SSL_CTX *ctx, const struct plan *plan)
{
	if (ctx == NULL || apply_plan(image, ctx, plan))
		return ctx;
	log_message(LOG_LEVEL_ERROR, "no memory to keep a context above %s: not made",
		    version_name(plan->kind->pin));
	image->SSL_CTX_free(ctx);
	return NULL;
}

/* Takes back what was added to a context: it may be about to become a client's. */
static void revert(const struct image *image, SSL_CTX *ctx, const struct state *state)
{
	ctx_options_clear(image, ctx, state->added);
	if (state->pin != 0 && state->kind != NULL && image->dialect.proto_version) {
		struct bounded range = {image, ctx, NULL};
		int floor = policy_floor(config_get(), state->kind->transport, state->pin);
		int max = bound(&range, CTRL_GET_MAX_PROTO_VERSION, 0);

		/* Ours only: what is stricter is the program's own. */
		if (max == state->pin ||
		    max == cap_for(config_get(), state->kind->transport, floor))
			bound(&range, CTRL_SET_MAX_PROTO_VERSION, 0);
		if (bound(&range, CTRL_GET_MIN_PROTO_VERSION, 0) == floor)
			bound(&range, CTRL_SET_MIN_PROTO_VERSION, 0);
	}
	table_set(ctx, 0);
}

void apply_replaced(const struct image *image, SSL_CTX *ctx, struct plan *plan)
{
	struct state state = state_of(ctx);

	plan->fresh = false;
	plan->curveless = !state.known; /* a client's until now */
	if (state.known)
		revert(image, ctx, &state);
	if (!apply_plan(image, ctx, plan))
		log_message(LOG_LEVEL_ERROR, "context %p: no memory to keep it above %s",
			    (void *)ctx, version_name(plan->kind->pin));
}

/* Reads only, nothing that could leave a mark anywhere: other threads use this context. */
static bool context_is_whole(const struct image *image, SSL_CTX *ctx,
			     const struct method_kind *kind, const struct state *state)
{
	struct bounded range = {image, ctx, NULL};
	struct missing_bounds missing;

	if (kind->role == ROLE_GENERIC)
		return state->pin == 0 || image->dialect.pinning != PIN_BY_CONTEXT ||
		       pin_is_held(image, ctx, kind->transport, state->pin);
	missing = range_missing(&range, kind->transport, state->pin, false);
	return missing.min == 0 && missing.max == 0 &&
	       (wanted_options(image, kind->transport, state->pin) & ~ctx_options(image, ctx)) == 0;
}

void apply_context(const struct image *image, SSL_CTX *ctx)
{
	const struct method_kind *kind = !image->known ? NULL : ctx_kind(image, ctx);
	struct state state = state_of(ctx);
	struct bounded range = {image, ctx, NULL};
	struct bracket bracket;

	if (kind == NULL || kind->role == ROLE_CLIENT || context_is_whole(image, ctx, kind, &state))
		return;
	bracket = bracket_open(image);
	if (kind->role == ROLE_GENERIC) {
		pin_hold(image, ctx, kind->transport, state.pin);
	} else {
		state.kind = kind;
		state.added |= options_hold(image, ctx, kind->transport, state.pin);
		state_set(ctx, &state);
		range_hold(&range, kind->transport, state.pin, false);
	}
	bracket_close(image, bracket);
}

/* Opens a pinned generic connection upwards. */
static void unpin(const struct image *image, SSL *ssl, enum transport transport, int pin)
{
	struct bounded range = {image, NULL, ssl};
	int floor = policy_floor(config_get(), transport, pin);

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
		bound(&range, CTRL_SET_MAX_PROTO_VERSION, cap_for(config_get(), transport, floor));
		bound(&range, CTRL_SET_MIN_PROTO_VERSION, floor);
	}
}

/* Whether a connection of a pinned generic context still has the range that came of the pin. */
static bool is_at_its_pin(const struct image *image, SSL *ssl, int pin)
{
	struct bounded range = {image, NULL, ssl};
	int max;

	/*
	 * In the middle of a handshake libssl itself has changed the method, to the
	 * version that it chose, and another change would throw its state away.
	 */
	if (image->dialect.pinning == PIN_BY_CONNECTION)
		return image->SSL_state == NULL || (image->SSL_state(ssl) & STATE_BEFORE) != 0;
	max = bound(&range, CTRL_GET_MAX_PROTO_VERSION, 0);
	/* AWS-LC does not tell. */
	return max == pin || (max == 0 && image->dialect.pinning == PIN_IS_RANGE);
}

static void serve(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	const struct method_kind *kind = ctx_kind(image, ctx);
	struct state state = state_of(ctx);
	struct bounded range = {image, NULL, ssl};
	enum transport transport = kind == NULL ? TRANSPORT_TLS : kind->transport;
	uint64_t missing;

	if (kind == NULL || kind->role == ROLE_CLIENT)
		return;
	missing = wanted_options(image, transport, state.pin) & ~ssl_options(image, ssl);
	if (is_pinned_generic(kind, &state) && is_at_its_pin(image, ssl, state.pin))
		unpin(image, ssl, transport, state.pin);
	if (missing != 0)
		ssl_options_set(image, ssl, missing);
	range_hold(&range, transport, state.pin, false);
	if (kind->role == ROLE_GENERIC && lists_are_given())
		lists_set(image, ssl);
}

static void serve_bracketed(const struct image *image, SSL *ssl)
{
	struct bracket bracket = bracket_open(image);

	serve(image, ssl);
	bracket_close(image, bracket);
}

void apply_serving(const struct image *image, SSL *ssl)
{
	if (image->known && may_serve(image, ssl))
		serve_bracketed(image, ssl);
}

void apply_accepting(const struct image *image, SSL *ssl)
{
	if (image->known && (image->dialect.fresh_is_client || may_serve(image, ssl)))
		serve_bracketed(image, ssl);
}

/*
 * Whether a connection serves for certain: its context only serves, or it
 * carries what was put on it when it took the server side.
 */
static bool is_serving(const struct image *image, SSL *ssl)
{
	const struct method_kind *kind = ctx_kind(image, image->SSL_get_SSL_CTX(ssl));
	uint64_t policy = policy_options(config_get(), &image->dialect);

	if (kind == NULL || kind->role == ROLE_CLIENT || !may_serve(image, ssl))
		return false;
	return kind->role == ROLE_SERVER || (ssl_options(image, ssl) & policy) == policy;
}

void apply_connection(const struct image *image, SSL *ssl)
{
	if (image->known && is_serving(image, ssl))
		apply_serving(image, ssl);
}

uint64_t apply_clearable_context(const struct image *image, SSL_CTX *ctx, uint64_t options)
{
	const struct method_kind *kind = !image->known ? NULL : ctx_kind(image, ctx);
	int pin = state_of(ctx).pin;

	if (kind != NULL && kind->role == ROLE_SERVER)
		options &= ~wanted_options(image, kind->transport, pin);
	else if (kind != NULL && kind->role == ROLE_GENERIC)
		options &= ~pin_options(image, kind->transport, pin);
	return options;
}

uint64_t apply_clearable(const struct image *image, SSL *ssl, uint64_t options)
{
	SSL_CTX *ctx = !image->known ? NULL : image->SSL_get_SSL_CTX(ssl);

	if (ctx == NULL)
		return options;
	if (is_serving(image, ssl))
		options &=
			~wanted_options(image, ctx_kind(image, ctx)->transport, state_of(ctx).pin);
	return apply_clearable_context(image, ctx, options);
}

void apply_program_options(SSL_CTX *ctx, uint64_t options)
{
	struct state state = state_of(ctx);

	if (!state.known || (state.added & options) == 0)
		return;
	state.added &= ~options;
	state_set(ctx, &state);
}

static void bound_hold(enum transport transport, int pin, bool highest, long *version)
{
	const struct config *config = config_get();
	int floor = policy_floor(config, transport, pin);
	int cap = cap_for(config, transport, floor);

	if (!highest && floor != 0 &&
	    (*version == 0 || version_older(transport, (int)*version, floor)))
		*version = floor;
	if (highest && cap != 0 && (*version == 0 || version_older(transport, cap, (int)*version)))
		*version = cap;
	/* A pinned method took no notice of a bound; below the pin it would now serve nobody. */
	if (highest && pin != 0 && *version != 0 && version_older(transport, (int)*version, floor))
		*version = floor;
}

bool apply_bound_context(const struct image *image, SSL_CTX *ctx, bool highest, long *version)
{
	const struct method_kind *kind = !image->known ? NULL : ctx_kind(image, ctx);
	struct state state = state_of(ctx);

	if (kind == NULL || kind->role == ROLE_CLIENT || !image->dialect.proto_version)
		return true;
	if (is_pinned_generic(kind, &state) && image->dialect.pinning == PIN_BY_CONTEXT)
		return false;
	if (kind->role == ROLE_SERVER)
		bound_hold(kind->transport, state.pin, highest, version);
	return true;
}

bool apply_bound(const struct image *image, SSL *ssl, bool highest, long *version)
{
	SSL_CTX *ctx;
	const struct method_kind *kind;
	struct state state;

	if (!image->known || !image->dialect.proto_version)
		return true;
	ctx = image->SSL_get_SSL_CTX(ssl);
	kind = ctx_kind(image, ctx);
	state = state_of(ctx);
	if (is_pinned_generic(kind, &state) && image->dialect.pinning == PIN_BY_CONTEXT &&
	    !is_serving(image, ssl))
		return false;
	if (is_serving(image, ssl))
		bound_hold(kind->transport, state.pin, highest, version);
	return true;
}

const SSL_METHOD *apply_method_for(const struct image *image, const struct plan *plan,
				   const SSL_METHOD *asked)
{
	const struct config *config = config_get();
	uint64_t floor;

	if (!image->known || plan->kind == NULL || plan->kind->role != ROLE_SERVER)
		return asked;
	if (image->dialect.proto_version)
		return plan->method;
	floor = version_options(&image->dialect, plan->kind->transport,
				policy_floor(config, plan->kind->transport, plan->kind->pin), 0);
	return (floor & ~policy_options(config, &image->dialect)) == 0 ? plan->method : asked;
}

void apply_method(const struct image *image, SSL *ssl, const struct plan *plan)
{
	struct bracket bracket;
	uint64_t wanted, missing;

	if (!image->known || plan->kind == NULL || plan->kind->role != ROLE_SERVER)
		return;
	bracket = bracket_open(image);
	wanted = wanted_options(image, plan->kind->transport,
				config_get()->allow_pinned ? 0 : plan->kind->pin);
	missing = wanted & ~ssl_options(image, ssl);
	if (missing != 0)
		ssl_options_set(image, ssl, missing);
	bracket_close(image, bracket);
}

bool apply_took_sslv3(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	struct state state = state_of(ctx);
	uint64_t option = image->dialect.no_sslv3;

	/* A libssl without SSLv3 has no method for it either. */
	if (option == 0 || config_get()->allow_sslv3 || image->methods[METHOD_SSLv3_method] == NULL)
		return false;
	if ((ctx_options(image, ctx) & option) == 0)
		return true; /* generic: only the connection has it, and we gave it */
	return (state.added & option) != 0;
}

bool apply_is_serving(const struct image *image, SSL *ssl)
{
	return image->known && is_serving(image, ssl);
}

void apply_lists_context(const struct image *image, SSL_CTX *ctx)
{
	const struct method_kind *kind = !image->known ? NULL : ctx_kind(image, ctx);
	struct bracket bracket;

	if (!lists_are_given() || kind == NULL || kind->role != ROLE_SERVER)
		return;
	bracket = bracket_open(image);
	lists_set_context(image, ctx);
	bracket_close(image, bracket);
}

void apply_lists(const struct image *image, SSL *ssl)
{
	struct bracket bracket;

	if (!lists_are_given() || !apply_is_serving(image, ssl))
		return;
	bracket = bracket_open(image);
	lists_set(image, ssl);
	bracket_close(image, bracket);
}
