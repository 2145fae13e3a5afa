/* SPDX-License-Identifier: MIT */
#include "harden/context.h"

#include <stdatomic.h>

#include "harden/curve.h"
#include "harden/operator_lists.h"
#include "harden/object.h"
#include "harden/tell.h"
#include "memory/context.h"
#include "memory/shared.h"
#include "messages/log.h"
#include "sslharden/config.h"

/* The version of a pin, where the flexible method in its place is to serve it, too. */
static versions own_version(const struct method_kind *kind)
{
	return version_set(kind->pin) &
	       versions_from(policy_floor(config_get(), kind->transport, kind->pin));
}

bool context_opens(const struct image *image, const struct method_kind *kind, uint64_t options)
{
	versions pinned = own_version(kind);
	/* Of 0.9.8 that is TLS 1.0, whose pin refuses clients for offering more. */
	versions newest = version_newest(image->flexible_versions[kind->transport]);

	return kind->pin != 0 && !policy_keeps_pin(config_get(), kind->transport, kind->pin) &&
	       (pinned & newest & VERSION_TLS1_2) == 0 &&
	       (pinned & versions_forbidden(&image->dialect, kind->transport, options)) == 0;
}

/*
 * Whether the pinned method is exchanged when the context is made.  From 1.1.0 on it is not: its
 * connections are opened when their handshake begins (decide.c).  Before, libssl cannot do that;
 * and for DTLS it is too late, because the program may have called DTLSv1_listen.
 */
static bool is_exchanged_early(const struct image *image, const struct method_kind *kind)
{
	bool early =
		image->dialect.pinning == PIN_BEFORE_HANDSHAKE ||
		(image->dialect.pinning == PIN_AT_HANDSHAKE && kind->transport == TRANSPORT_DTLS);

	return early && kind->role == ROLE_SERVER && context_opens(image, kind, 0);
}

struct plan context_plan(const struct image *image, const SSL_METHOD *asked)
{
	struct plan plan = {.kind = method_kind_of(image->methods, asked), .method = asked};
	const void *flexible;

	if (!image->known || plan.kind == NULL || !is_exchanged_early(image, plan.kind))
		return plan;
	flexible = method_flexible(image->methods, plan.kind);
	if (flexible != NULL) {
		plan.method = flexible;
		plan.exchanged = true;
	}
	return plan;
}

versions context_below_pin(const struct method_kind *kind)
{
	return VERSIONS_ALL &
	       ~versions_from(policy_floor(config_get(), kind->transport, kind->pin));
}

versions context_below_earlier(const struct image *image, SSL_CTX *ctx)
{
	struct context context = context_of(ctx);
	const struct method_kind *kind = context_kind(context);
	versions below = context.below_min;

	if (!context.known)
		return 0;
	/* A client's has none of the options that held them. */
	if (kind->role == ROLE_CLIENT)
		return below;
	return below &
	       versions_forbidden(&image->dialect, kind->transport, ctx_options(image, ctx));
}

uint64_t context_pin_options(const struct image *image, const struct method_kind *kind)
{
	return version_options(&image->dialect, kind->transport, context_below_pin(kind));
}

/* The safe options, and if the method was exchanged those that hold the pin's floor. */
static uint64_t wanted_options(const struct image *image, const struct method_kind *kind,
			       bool exchanged)
{
	uint64_t pin = exchanged ? context_pin_options(image, kind) : 0;

	return image->safe_options | pin;
}

/* A generic context gets no options, for it may be a client's. */
static void harden(const struct image *image, SSL_CTX *ctx, const struct plan *plan, bool curveless,
		   struct context context)
{
	struct bracket bracket;

	if (plan->kind->role == ROLE_SERVER) {
		context.added_options =
			(uint32_t)(wanted_options(image, plan->kind, plan->exchanged) &
				   ~ctx_options(image, ctx));
		if (context.added_options != 0)
			ctx_options_set(image, ctx, context.added_options);
	}
	if (curveless && image->dialect.ecdhe_on_request)
		context.own_curve = curve_give(image, ctx);
	bracket = bracket_open(image);
	operator_lists_taken(image, ctx); /* asks its libssl, before connections need to know */
	bracket_close(image, bracket);
	if (!context_set(ctx, context))
		log_message(LOG_LEVEL_ERROR,
			    "context %p: no memory for what it was; it is hardened all the same",
			    (void *)ctx);
	context_options_set(image, ctx);
	tell_context(image, ctx, plan->kind, context.added_options);
}

/* Connections that it made as a server's still serve, with what they have from it. */
static void remember_client(SSL_CTX *ctx, const struct method_kind *kind, struct context context)
{
	if (!context.known)
		return;
	context.kind_id = (unsigned int)(kind - method_kinds);
	context_set(ctx, context);
}

/* @context  what is to be remembered of it; its kind and options are filled in */
static void apply(const struct image *image, SSL_CTX *ctx, const struct plan *plan, bool curveless,
		  struct context context)
{
	context.added_options = 0;
	context.remark_told = context.connection_seen = false;
	log_begin();
	context_forget(ctx);
	if (plan->kind != NULL && plan->kind->role == ROLE_CLIENT) {
		remember_client(ctx, plan->kind, context);
		return;
	}
	if (!image->known || plan->kind == NULL ||
	    (plan->kind->transport == TRANSPORT_QUIC && plan->kind->role == ROLE_SERVER)) {
		tell_passed(image, ctx, plan->kind);
		return;
	}
	atomic_fetch_add(&shared_page()->counts.contexts, 1);
	tell_of_settings(image, plan->kind);
	context.kind_id = (unsigned int)(plan->kind - method_kinds);
	if (config_get()->mode == MODE_ON) {
		harden(image, ctx, plan, curveless, context);
		return;
	}
	context_set(ctx, context);
	tell_context(image, ctx, plan->kind, 0);
}

/*
 * What libssl itself sets on a context while this thread's SSL_CTX_new makes it (openssl.cnf's
 * signature algorithms and groups, by controls that are wrapped).  Nothing is remembered of the
 * context yet; context_created begins with this.
 */
static _Thread_local struct context set_inside __attribute__((tls_model("initial-exec")));

void context_begins(void)
{
	set_inside = (struct context){.known = false};
}

void context_created(const struct image *image, SSL_CTX *ctx, const struct plan *plan)
{
	apply(image, ctx, plan, true, set_inside);
}

/*
 * A context that gets another method keeps its callbacks, its hint, its signature algorithms and
 * groups in libssl, so what is remembered of them stays.
 *
 * Our own options are taken back, but on a server not those that forbid versions: the program may
 * have set the same by SSL_CONF_cmd, which is not wrapped.
 */
void context_replaced(const struct image *image, SSL_CTX *ctx, const struct plan *plan)
{
	struct context before = context_of(ctx);
	bool client = plan->kind != NULL && plan->kind->role == ROLE_CLIENT;
	uint64_t back = before.added_options;

	if (!client)
		back &= ~version_options(&image->dialect, TRANSPORT_TLS, VERSIONS_ALL);
	/* Connections that it has made keep the method that was exchanged for the pin. */
	if (before.known && image->dialect.pinning == PIN_BEFORE_HANDSHAKE &&
	    is_exchanged_early(image, context_kind(before)))
		before.below_min |= context_below_pin(context_kind(before));
	if (before.known && back != 0)
		ctx_options_clear(image, ctx, back);
	apply(image, ctx, plan, !before.known, before);
}

/* Whether the context has a flexible method in place of the pinned one that was asked for. */
static bool was_exchanged(const struct image *image, struct context context,
			  const struct method_kind *now)
{
	const struct method_kind *asked = context_kind(context);

	return context.known && now != asked && now->role == asked->role &&
	       is_exchanged_early(image, asked);
}

const SSL_METHOD *context_asked_method(const struct image *image, const SSL_CTX *ctx)
{
	const struct method_kind *kind = !image->known ? NULL : ctx_kind(image, ctx);
	struct context context = context_of(ctx);

	if (kind == NULL || !was_exchanged(image, context, kind))
		return NULL;
	return image_method(image, context_kind(context));
}

uint64_t context_clearable(const struct image *image, SSL_CTX *ctx, uint64_t options)
{
	const struct method_kind *kind = !image->known ? NULL : ctx_kind(image, ctx);
	struct context context = context_of(ctx);
	uint64_t kept;

	if (kind == NULL || kind->role != ROLE_SERVER)
		return options;
	kept = options & wanted_options(image, context.known ? context_kind(context) : kind,
					was_exchanged(image, context, kind));
	/* The program no longer wants them: from now on they are our own. */
	if ((kept & ~context.added_options) != 0)
		CONTEXT_MARK(ctx, added_options, before.added_options | (uint32_t)kept);
	return options & ~kept;
}

uint64_t context_added(const SSL_CTX *ctx)
{
	return context_of(ctx).added_options;
}

void context_bound_set(SSL_CTX *ctx, bool highest, int version)
{
	struct context context = context_of(ctx);
	const struct method_kind *kind = context_kind(context);

	if (!context.known || kind->pin == 0 || kind->transport != TRANSPORT_TLS)
		return;
	if (highest)
		CONTEXT_MARK(ctx, above_max, VERSIONS_ALL & ~versions_to(version));
	else
		CONTEXT_MARK(ctx, below_min, VERSIONS_ALL & ~versions_from(version));
}

void context_psk_hint_set(SSL_CTX *ctx)
{
	CONTEXT_MARK(ctx, psk_hint, true);
}

void context_p256_set(SSL_CTX *ctx, bool lacks)
{
	set_inside.no_p256 = lacks;
	CONTEXT_MARK(ctx, no_p256, lacks);
}

void context_signatures_set(SSL_CTX *ctx, bool everybody)
{
	set_inside.signatures |= everybody;
	CONTEXT_MARK(ctx, signatures, true);
}

void context_bar_tls1_3(SSL_CTX *ctx)
{
	set_inside.bars_tls1_3 = true;
	CONTEXT_MARK(ctx, bars_tls1_3, true);
}

void context_custom_ext_read(SSL_CTX *ctx)
{
	CONTEXT_MARK(ctx, custom_ext_read, true);
}

void context_servername_callback_set(SSL_CTX *ctx, bool names)
{
	CONTEXT_MARK(ctx, servername_callback, names);
}

void context_ticket_callback_set(SSL_CTX *ctx, bool seals)
{
	CONTEXT_MARK(ctx, ticket_callback, seals);
}

void context_certificate_callback_set(SSL_CTX *ctx, bool brings)
{
	CONTEXT_MARK(ctx, certificate_callback, brings);
}

void context_dh_auto_set(SSL_CTX *ctx, bool chooses)
{
	CONTEXT_MARK(ctx, dh_auto, chooses);
}

void context_curve_given(SSL_CTX *ctx)
{
	if (!context_of(ctx).connection_seen)
		CONTEXT_MARK(ctx, own_curve, false);
}

void context_options_set(const struct image *image, SSL_CTX *ctx)
{
	const SSL_METHOD *asked = image->dialect.pinning == PIN_BEFORE_HANDSHAKE
					  ? context_asked_method(image, ctx)
					  : NULL;

	if (asked != NULL &&
	    !context_opens(image, context_kind(context_of(ctx)), ctx_options(image, ctx)))
		ctx_set_method(ctx, asked);
}

void context_program_options(SSL_CTX *ctx, uint64_t options)
{
	if ((context_of(ctx).added_options & options) != 0)
		CONTEXT_MARK(ctx, added_options, before.added_options & (uint32_t)~options);
}
