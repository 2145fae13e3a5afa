/* SPDX-License-Identifier: MIT */
#include "harden/apply.h"

#include <inttypes.h>

#include "memory/connection.h"
#include "harden/lists.h"
#include "messages/log.h"
#include "harden/object.h"
#include "harden/range.h"
#include "memory/table.h"

enum {
	NID_P256 = 415, /* NID_X9_62_prime256v1 of openssl/obj_mac.h */
	DTLS1_2_VERSION = 0xfefd,
};

_Thread_local bool inside_new __attribute__((tls_model("initial-exec")));

/*
 * A pinned method that is left: by the operator's leave; or since it may be a client's, whose
 * records would name another version (DTLS 1.2's, and nothing is newer there).
 */
static bool pin_stays(const struct method_kind *kind)
{
	return policy_keeps_pin(config_get(), kind->transport, kind->pin) ||
	       (kind->role == ROLE_GENERIC && kind->transport == TRANSPORT_DTLS &&
		kind->pin == DTLS1_2_VERSION);
}

struct plan plan_make(const struct image *image, const SSL_METHOD *asked)
{
	struct plan plan = {method_kind_of(image->methods, asked), asked, true, true};
	const void *flexible;

	if (!image->known || plan.kind == NULL || plan.kind->pin == 0 ||
	    plan.kind->role == ROLE_CLIENT || pin_stays(plan.kind) ||
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

/*
 * About to set a bound of a context: what it had is the program's, unless it was ours.  So is
 * what a program sets where the method that it asked for takes no notice.
 */
static void note_bounds(const struct bounded *range, struct state *state, bool min, bool max)
{
	int own_min = bounds_min(state->own), own_max = bounds_max(state->own);

	if (min && !state->min_added)
		own_min = bound(range, CTRL_GET_MIN_PROTO_VERSION, 0);
	if (max && !state->max_added)
		own_max = bound(range, CTRL_GET_MAX_PROTO_VERSION, 0);
	state->own = bounds_pack(own_min, own_max);
	state->min_added |= min;
	state->max_added |= max;
}

/* Options and range of a server's context, and in @state what of them is ours. */
static void hold(const struct image *image, SSL_CTX *ctx, struct state *state, bool fresh)
{
	enum transport transport = state->kind->transport;
	uint64_t missing = wanted_options(image, transport, state->pin) & ~ctx_options(image, ctx);
	struct bounded range = {image, ctx, NULL};
	struct missing_bounds bounds = range_missing(&range, transport, state->pin, fresh);

	if (missing != 0)
		ctx_options_set(image, ctx, missing);
	state->added |= missing;
	if (bounds.min != 0 || bounds.max != 0)
		note_bounds(&range, state, bounds.min != 0, bounds.max != 0);
	range_fill(&range, bounds);
}

static void tell_hardened(const struct image *image, SSL_CTX *ctx, const struct state *state)
{
	enum transport transport = state->kind->transport;
	struct bounded range = {image, ctx, NULL};
	int floor = policy_floor(config_get(), transport, state->pin);
	bool reads = image->dialect.proto_version;
	int min = reads ? bound(&range, CTRL_GET_MIN_PROTO_VERSION, 0) : floor;
	char options[OPTIONS_TEXT_MAX], lists[LISTS_TEXT_MAX];

	options_text(&image->dialect, state->added, options);
	lists_text(lists);
	log_message(LOG_LEVEL_INFO,
		    "context %p: %s, serves %s, options %s added (OpenSSL %s), lower bound %s%s%s",
		    (void *)ctx, state->kind->name,
		    state->pin != 0 ? "every version of a flexible method above its pin"
				    : "as made",
		    options, image->dialect.name, version_name(min),
		    state->pin != 0 && reads && min != floor
			    ? " (stricter than the pin: OpenSSL's configuration file)"
			    : "",
		    lists);
}

static bool harden_server(const struct image *image, SSL_CTX *ctx, const struct plan *plan)
{
	const struct method_kind *kind = plan->kind;
	bool exchanged = kind->pin != 0 && method_kind_of(image->methods, plan->method) != kind;
	struct state state = {.known = true, .kind = kind, .pin = exchanged ? kind->pin : 0};

	hold(image, ctx, &state, plan->fresh);
	if (plan->curveless)
		ecdhe_enable(image, ctx);
	lists_set_context(image, ctx);
	if (!state_set(ctx, &state))
		return !exchanged;
	if (config_get()->log_level >= LOG_LEVEL_INFO)
		tell_hardened(image, ctx, &state);
	return true;
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
	bool stays = pin_stays(kind) || image->dialect.pinning == PIN_STAYS;
	struct bounded range = {image, ctx, NULL};
	struct state state = {.known = true, .kind = kind, .pin = stays ? 0 : kind->pin};

	if (plan->curveless)
		ecdhe_enable(image, ctx);
	if (exchanged) {
		state.added =
			pin_options(image, kind->transport, kind->pin) & ~ctx_options(image, ctx);
		if (!plan->fresh) /* else OpenSSL's configuration file has set them */
			note_bounds(&range, &state, true, true);
		state.min_added = state.max_added = true;
		pin_hold(&range, kind->transport, kind->pin);
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

	log_begin();
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
	if (plan->kind->role != ROLE_CLIENT && plan->kind->transport == TRANSPORT_TLS)
		range_warn(image);
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
	struct bounded range = {image, ctx, NULL};

	ctx_options_clear(image, ctx, state->added);
	/* First without: a range upside down is refused. */
	if (state->max_added)
		bound(&range, CTRL_SET_MAX_PROTO_VERSION, 0);
	if (state->min_added)
		bound(&range, CTRL_SET_MIN_PROTO_VERSION, bounds_min(state->own));
	if (state->max_added)
		bound(&range, CTRL_SET_MAX_PROTO_VERSION, bounds_max(state->own));
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
		       pin_is_held(&range, kind->transport, state->pin);
	missing = range_missing(&range, kind->transport, state->pin, false);
	return missing.min == 0 && missing.max == 0 &&
	       (wanted_options(image, kind->transport, state->pin) & ~ctx_options(image, ctx)) == 0;
}

void apply_context(const struct image *image, SSL_CTX *ctx)
{
	const struct method_kind *kind = !image->known ? NULL : ctx_kind(image, ctx);
	struct bounded range = {image, ctx, NULL};
	struct bracket bracket;
	struct state state;

	if (kind == NULL || kind->role == ROLE_CLIENT)
		return;
	state = state_as(ctx, kind);
	if (context_is_whole(image, ctx, kind, &state))
		return;
	bracket = bracket_open(image);
	if (kind->role == ROLE_GENERIC) {
		pin_hold(&range, kind->transport, state.pin);
	} else {
		state.known = true;
		hold(image, ctx, &state, false);
		state_set(ctx, &state);
	}
	bracket_close(image, bracket);
}

const SSL_METHOD *apply_asked_method(const struct image *image, const SSL_CTX *ctx)
{
	const struct method_kind *kind = !image->known ? NULL : ctx_kind(image, ctx);
	struct state state;

	if (kind == NULL)
		return NULL;
	state = state_as(ctx, kind);
	return state.pin == 0 ? NULL : image_method(image, state.kind);
}

uint64_t apply_clearable_context(const struct image *image, SSL_CTX *ctx, uint64_t options)
{
	const struct method_kind *kind = !image->known ? NULL : ctx_kind(image, ctx);
	struct state state;
	uint64_t kept = 0;

	if (kind == NULL)
		return options;
	state = state_as(ctx, kind);
	if (kind->role == ROLE_SERVER)
		kept = options & wanted_options(image, kind->transport, state.pin);
	else if (kind->role == ROLE_GENERIC)
		kept = options & pin_options(image, kind->transport, state.pin);
	/* The program does without them: from now on they are there for us alone. */
	if (state.known && (kept & ~state.added) != 0) {
		state.added |= kept;
		state_set(ctx, &state);
	}
	return options & ~kept;
}

void apply_program_options(SSL_CTX *ctx, uint64_t options)
{
	struct state state = state_of(ctx);

	if (!state.known || (state.added & options) == 0)
		return;
	state.added &= ~options;
	state_set(ctx, &state);
}

bool apply_bound_context(const struct image *image, SSL_CTX *ctx, bool highest, long *version)
{
	const struct method_kind *kind = !image->known ? NULL : ctx_kind(image, ctx);
	struct bounded range = {image, ctx, NULL};
	long asked = *version;
	struct bracket bracket;
	struct state state;

	if (kind == NULL || kind->role == ROLE_CLIENT || !image->dialect.proto_version)
		return true;
	state = state_as(ctx, kind);
	if (kind->role == ROLE_GENERIC && state.pin != 0 &&
	    image->dialect.pinning == PIN_BY_CONTEXT)
		return !range_takes(*version);
	if (kind->role != ROLE_SERVER)
		return true;
	range_confine(kind->transport, state.pin, highest, version);
	if (state.pin != 0) {
		bracket = bracket_open(image);
		note_bounds(&range, &state, true, true);
		range_make_room(&range, kind->transport, highest, version);
		bracket_close(image, bracket);
	} else if (highest) {
		state.max_added = *version != asked;
		state.own = bounds_pack(bounds_min(state.own), (int)asked);
	} else {
		state.min_added = *version != asked;
		state.own = bounds_pack((int)asked, bounds_max(state.own));
	}
	if (state.known && range_takes(asked))
		state_set(ctx, &state);
	return true;
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
