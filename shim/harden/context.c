/* SPDX-License-Identifier: MIT */
#include "harden/context.h"

#include <stdatomic.h>

#include "harden/context_program.h"
#include "harden/curve.h"
#include "harden/operator_lists.h"
#include "harden/object.h"
#include "harden/tell_context.h"
#include "memory/context.h"
#include "memory/shared.h"
#include "messages/log.h"
#include "sslharden/config.h"

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

void context_created(const struct image *image, SSL_CTX *ctx, const struct plan *plan)
{
	apply(image, ctx, plan, true, context_set_inside());
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
	    context_exchanges(image, context_kind(before)))
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
	       context_exchanges(image, asked);
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
