/* SPDX-License-Identifier: MIT */
#include "harden/context_program.h"

/*
 * What libssl itself sets on a context while this thread's SSL_CTX_new makes it (openssl.cnf's
 * signature algorithms and groups, by controls that are wrapped).  Nothing is remembered of the
 * context yet.
 */
static _Thread_local struct context set_inside __attribute__((tls_model("initial-exec")));

void context_begins(void)
{
	set_inside = (struct context){.known = false};
}

struct context context_set_inside(void)
{
	return set_inside;
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
