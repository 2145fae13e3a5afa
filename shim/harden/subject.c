/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "harden/subject.h"

#include <signal.h>
#include <stddef.h>

#include "harden/connection.h"
#include "harden/context.h"
#include "harden/context_program.h"
#include "harden/dh_auto.h"
#include "harden/demands.h"
#include "harden/note.h"
#include "harden/object.h"
#include "harden/serves.h"
#include "harden/side.h"
#include "memory/context.h"
#include "memory/kernel.h"

const SSL_METHOD *subject_flexible(const struct image *image, const struct subject *subject)
{
	struct method_kind serving = {.transport = subject->method->transport, .role = ROLE_SERVER};

	return method_flexible(image->methods, &serving);
}

/*
 * Whether the program's security callback takes a flexible method: libssl asks it when the handshake
 * begins, of a pin for its version, of a flexible method for the newest that there is, and refuses
 * everybody if it says no.
 */
static bool is_permitted(const struct image *image, const SSL *ssl, const struct subject *subject)
{
	versions asked =
		version_set(subject->method->pin) | version_newest(subject->flexible_versions);

	return ssl_permits(image, ssl, subject->method->transport, asked) == asked;
}

static bool can_exchange(const struct image *image, SSL *ssl, const struct subject *subject)
{
	const struct method_kind *method = subject->method;

	return method->pin != 0 && policy_exchanges(config_get(), method->transport, method->pin) &&
	       image->dialect.pinning == PIN_AT_HANDSHAKE && image->SSL_set_ssl_method != NULL &&
	       is_before_handshake(image, ssl) && subject_flexible(image, subject) != NULL &&
	       is_permitted(image, ssl, subject) && !has_srp_parameters(image, ssl);
}

/*
 * Whether the client began this renegotiation: the server's own begin with a call (connection.c).
 * False if libssl refuses it by itself, and for TLS 1.3, where each message after the handshake is
 * announced as if it were one.
 */
static bool is_unasked(const struct image *image, const SSL *ssl, const struct subject *subject)
{
	const struct dialect *dialect = &image->dialect;
	bool refused = (subject->options & dialect->no_renegotiation) != 0 ||
		       (dialect->allow_client_renegotiation != 0 &&
			(subject->options & dialect->allow_client_renegotiation) == 0);

	return config_get()->no_client_renegotiation && !refused && image->SSL_version != NULL &&
	       version_set(image->SSL_version(ssl)) != VERSION_TLS1_3 &&
	       !connection_awaits_renegotiation(ssl);
}

/* In TLS 1.2 and below such a client is asked in its handshake all the same. */
static bool asks_post_handshake(const struct image *image, const SSL *ssl)
{
	return image->dialect.no_tlsv1_3 != 0 &&
	       ssl_verifies(image, ssl, VERIFY_PEER | VERIFY_POST_HANDSHAKE);
}

static bool heeds_sigpipe(void)
{
	kernel_signals blocked;

	kernel_sigprocmask(SIG_BLOCK, NULL, &blocked);
	return !kernel_signal_is_ignored(SIGPIPE) && (blocked & kernel_signal(SIGPIPE)) == 0;
}

/*
 * Whether the groups that the program set bind the certificates that it asks its clients for: TLS 1.3
 * would take those on P-256 all the same, and below TLS 1.2 libssl takes each.
 */
static bool binds_certificates(const struct image *image, const SSL *ssl, struct context context)
{
	return context.no_p256 && ssl_verifies(image, ssl, VERIFY_PEER);
}

/* Reads what was set on a pinned context and its method ignores.  Apart, for few are pinned. */
__attribute__((noinline)) static void read_pin(const struct image *image, const SSL *ssl,
					       struct context context, struct subject *subject)
{
	subject->barred |= context.below_min | context.above_max;
	if (context.signatures || binds_certificates(image, ssl, context))
		subject->barred |= VERSIONS_OF_SIGNATURES;
	if (context.psk_hint || context.bars_tls1_3 || context.custom_ext_read ||
	    context.certificate_callback)
		subject->barred |= VERSION_TLS1_3;
}

/*
 * 1.1.0 leaves a connection the method that its last handshake came to, or that a pin was opened with;
 * where libssl alone would have left it the pin.
 */
static const struct method_kind *pin_of(const struct image *image, const SSL *ssl,
					const struct decision *noted,
					const struct method_kind *method)
{
	int version = version_highest(method->transport, noted->bare);
	const struct method_kind *pin =
		method_kind_of(image->methods, method_pinned(image->methods, method, version));
	bool replaced = noted->pin_opened && version != 0 && image->dialect.no_tlsv1_3 == 0 &&
			is_before_handshake(image, ssl) &&
			(method->pin == 0 || image->SSL_get_session(ssl) != NULL);

	return replaced && pin != NULL ? pin : method;
}

void subject_read_unsafe(const struct image *image, const SSL *ssl, struct subject *subject)
{
	subject->unsafe_ecdhe = subject->unsafe_ecdhe_alone = false;
	if (context_of(image->SSL_get_SSL_CTX(ssl)).own_curve && !subject->noted.curve_given)
		subject->unsafe_ecdhe =
			demands_have_unsafe_ecdhe(image, ssl, &subject->unsafe_ecdhe_alone);
}

/* Reads what is remembered of the connection and its context, and of a pin exchanged before. */
static void read_memory(const struct image *image, const SSL *ssl, struct subject *subject)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	struct context context = context_of(ctx);
	const struct method_kind *kind;

	subject->barred = subject->noted.barred;
	subject->context_seen = !context.known || context.connection_seen;
	if (image->dialect.pinning == PIN_BEFORE_HANDSHAKE && subject->first_handshake)
		subject->below_former_pins = side_below_pin(ssl);
	if (!context.known)
		return;
	/* Those that its context has from us, and those that it got when it took its side. */
	subject->our_options =
		context.added_options | (image->safe_options & ~ctx_options(image, ctx));
	subject->breaks_tickets = context.ticket_callback && image->dialect.breaks_empty_ticket;
	if (image->dialect.pinning == PIN_BEFORE_HANDSHAKE) {
		subject->below_former_pins |= context_below_earlier(image, ctx);
		subject_read_unsafe(image, ssl, subject);
	}
	/* Also without a pin: an operator's floor may raise it. */
	if (context.custom_ext_read || binds_certificates(image, ssl, context))
		subject->barred |= VERSION_TLS1_3;
	if (subject->method->pin != 0) {
		read_pin(image, ssl, context, subject);
		subject->servername_callback = context.servername_callback;
		return;
	}
	/* From 1.1.0 on only a context of DTLS 1.0 has another method in place of its pinned one. */
	kind = context_kind(context);
	if (kind->pin == 0 || kind->role == ROLE_CLIENT ||
	    (image->dialect.pinning != PIN_BEFORE_HANDSHAKE &&
	     context_asked_method(image, ctx) == NULL))
		return;
	subject->exchanged_pin = kind->pin;
	if (context.signatures)
		subject->barred |= VERSIONS_OF_SIGNATURES;
}

/* Reads certificates and lists as far as they are needed, which may leave an error on the queue. */
static void read_credentials(const struct image *image, SSL *ssl, struct subject *subject)
{
	const struct config *config = config_get();
	bool chooses = config->min_dh_bits != 0 && !subject->noted.dh_auto_off &&
		       context_of(image->SSL_get_SSL_CTX(ssl)).dh_auto;
	bool asks = serves_by_demands(subject, config);
	struct bracket bracket;

	if (!chooses && !asks)
		return;
	bracket = bracket_open(image);
	if (chooses)
		dh_chosen(image, ssl, &subject->dh_weakest, &subject->dh_strongest);
	if (asks)
		subject_read_demands(image, ssl, NULL, subject);
	bracket_close(image, bracket);
}

bool subject_read(const struct image *image, SSL *ssl, struct subject *subject)
{
	const struct method_kind *own = may_serve(image, ssl) ? ssl_kind(image, ssl) : NULL;
	const struct method_kind *method = own;
	struct decision noted;

	if (own == NULL)
		return false;
	noted = note_before_decision(image, ssl);
	if (noted.pin_opened)
		method = pin_of(image, ssl, &noted, own);
	*subject = (struct subject){
		.dialect = &image->dialect,
		.method = method,
		.method_is_newer = method != own,
		.noted = noted,
		.safe_options = image->safe_options,
		.flexible_versions = image->flexible_versions[method->transport],
		.version_options = image->version_options[method->transport],
		.first_handshake = !has_served(image, ssl),
		.options = ssl_options(image, ssl),
	};
	read_memory(image, ssl, subject);
	subject->client_renegotiates = !subject->first_handshake && is_unasked(image, ssl, subject);
	if (subject->first_handshake) {
		subject->can_exchange = can_exchange(image, ssl, subject);
		subject->reused =
			image->SSL_get_session != NULL && image->SSL_get_session(ssl) != NULL;
	}
	if (image->dialect.proto_version) {
		subject->min = ssl_min_version(image, ssl);
		subject->max = ssl_max_version(image, ssl);
	}
	read_credentials(image, ssl, subject);
	/* Calls of system and program, so only where the answers matter: then demands were read, too. */
	if (subject->demands.known && subject->first_handshake &&
	    image->SSL_set_num_tickets != NULL && may_be_given_tls1_3(subject, config_get())) {
		subject->heeds_sigpipe = heeds_sigpipe();
		subject->forbids_tickets = !ssl_permits_tickets(image, ssl);
	}
	return true;
}

/* Before 1.1.1 each certificate serves older versions, too. */
static bool brings_certificate(const struct image *image, const SSL *ssl,
			       const struct subject *subject)
{
	struct context context = context_of(image->SSL_get_SSL_CTX(ssl));
	bool has_own = (subject->noted.barred & VERSION_TLS1_3) != 0; /* or a hint */

	return image->dialect.no_tlsv1_3 != 0 &&
	       ((context.known && context.certificate_callback) || has_own);
}

void subject_read_move(const struct image *image, const SSL *ssl, const SSL_CTX *ctx,
		       struct subject *subject)
{
	struct context context = context_of(ctx);

	if (context.known && (subject->pin_opened || context_kind(context)->pin != 0))
		read_pin(image, ssl, context, subject);
}

void subject_read_demands(const struct image *image, SSL *ssl, const SSL_CTX *list_of,
			  struct subject *subject)
{
	struct context context = context_of(image->SSL_get_SSL_CTX(ssl));

	subject->asks_post_handshake = asks_post_handshake(image, ssl);
	subject->demands = demands_read(image, ssl, list_of, context.known && context.psk_hint);
	subject->demands.tls1_2_asks_less =
		serves_older(subject) &&
		demands_tls1_2_asks_less(image, ssl, list_of,
					 brings_certificate(image, ssl, subject));
}
