/* SPDX-License-Identifier: MIT */
#include "harden/connection.h"

#include "harden/context.h"
#include "harden/note.h"
#include "harden/object.h"
#include "memory/table.h"
#include "messages/log.h"

enum { VERIFY_APPLICATION_VERIFICATION = 50 }; /* X509_V_ERR_APPLICATION_VERIFICATION, 0.9.8 on */

static bool is_pinned(const struct method_kind *kind)
{
	return kind != NULL && kind->pin != 0;
}

/* Whether the connection is a server's for certain; a fresh one of a generic method is not. */
static bool serves(const struct image *image, SSL *ssl)
{
	const struct method_kind *kind = ssl_kind(image, ssl);

	if (kind != NULL && kind->role == ROLE_SERVER) /* whatever side it was told to take */
		return true;
	if (!may_serve(image, ssl))
		return false;
	if (!is_before_handshake(image, ssl)) /* its method is the version's by now */
		return true;
	/* With LibreSSL it has taken its side by then (connections.c). */
	if (image->dialect.pinning == PIN_STAYS)
		return true;
	/*
	 * Before 1.1.0 a pinned generic method was exchanged when it took the server side (side.c).
	 */
	return image->dialect.pinning == PIN_BEFORE_HANDSHAKE && kind != NULL && kind->pin == 0 &&
	       is_pinned(ctx_kind(image, image->SSL_get_SSL_CTX(ssl)));
}

/*
 * Before 1.1.0 options hold the floor of a pin that was exchanged before the handshake.  They are
 * told from the program's own by the context, from which SSL_new has copied those.
 */
static uint64_t pins_options(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);

	if (image->dialect.pinning != PIN_BEFORE_HANDSHAKE)
		return 0;
	return version_options(&image->dialect, TRANSPORT_TLS, VERSIONS_ALL) &
	       ~(ctx_options(image, ctx) & ~context_added(ctx));
}

uint64_t connection_clearable(const struct image *image, SSL *ssl, uint64_t options)
{
	if (!serves(image, ssl))
		return options;
	return options & ~(image->safe_options | pins_options(image, ssl));
}

/*
 * Gives a connection whose pin was opened the program's options back.  A pinned method ignores the
 * option that forbids its own version, which was cleared for the one handshake in which another
 * method had its place: the next would heed it.  And what held the pin would hold down, or make
 * gaps in, what the program itself makes of the connection after it.
 *
 * @decision  what is noted of it
 */
__attribute__((noinline)) static void give_options_back(const struct image *image, SSL *ssl,
							struct decision *decision)
{
	const struct dialect *dialect = &image->dialect;
	versions toggled = decision->toggled, allowed = decision->allowed;
	const struct method_kind *kind = ssl_kind(image, ssl); /* that of TLS 1.3 has no name */
	enum transport transport = kind == NULL ? TRANSPORT_TLS : kind->transport;

	ssl_options_clear(image, ssl, version_options(dialect, transport, toggled & ~allowed));
	ssl_options_set(image, ssl, version_options(dialect, transport, toggled & allowed));
	decision->toggled = 0;
	note_set(image, ssl, decision);
}

static bool has_toggled_options(const struct decision *decision)
{
	return decision->pin_opened && decision->toggled != 0;
}

void connection_program_options(const struct image *image, SSL *ssl, uint64_t options)
{
	struct decision decision = note_before_decision(image, ssl);
	versions forbidden = versions_forbidden(&image->dialect, TRANSPORT_TLS, options);

	if (!has_toggled_options(&decision) || (decision.toggled & forbidden) == 0)
		return;
	/* One that was taken back for it (toggled and allowed) is the program's as it is. */
	decision.toggled &= VERSIONS_ALL & (~forbidden | decision.allowed);
	note_set(image, ssl, &decision);
}

/* --- renegotiation ------------------------------------------------------------------- */

bool connection_awaits_renegotiation(const SSL *ssl)
{
	return table_get(table_key(ssl, TABLE_RENEGOTIATION)) != 0;
}

void connection_handshake_done(const struct image *image, SSL *ssl, struct decision decision)
{
	if (has_toggled_options(&decision))
		give_options_back(image, ssl, &decision);
	/*
	 * From 1.1.0 on sending the request is a handshake of its own, which does not complete it.
	 */
	if (config_get()->no_client_renegotiation && connection_awaits_renegotiation(ssl) &&
	    (image->SSL_renegotiate_pending == NULL || image->SSL_renegotiate_pending(ssl) == 0))
		table_set(table_key(ssl, TABLE_RENEGOTIATION), 0);
}

void connection_handshake_failed(const struct image *image, SSL *ssl)
{
	struct decision decision = note_before_decision(image, ssl);

	if (has_toggled_options(&decision))
		give_options_back(image, ssl, &decision);
}

void connection_renegotiates(const struct image *image, SSL *ssl, int ret)
{
	struct decision decision;
	bool pinned;

	if (ret == 1 && config_get()->no_client_renegotiation)
		table_set(table_key(ssl, TABLE_RENEGOTIATION), 1);
	if (config_get()->mode != MODE_ON)
		return;
	/* Its context may be another by now; and an operator's floor raises a maximum, too. */
	if (note_get(image, ssl, &decision))
		pinned = decision.pin_opened || (decision.bare & VERSION_TLS1_3) == 0;
	else
		pinned = is_pinned(ctx_kind(image, image->SSL_get_SSL_CTX(ssl)));
	if (ret == 1 || !pinned || !may_serve(image, ssl) || image->SSL_version == NULL ||
	    image->SSL_set_verify_result == NULL ||
	    version_set(image->SSL_version(ssl)) != VERSION_TLS1_3)
		return;
	image->SSL_set_verify_result(ssl, VERIFY_APPLICATION_VERIFICATION);
	log_message(
		LOG_LEVEL_WARNING,
		"connection %p: its program renegotiates, to ask for a certificate perhaps, which "
		"TLS 1.3 does not know; SSLHARDEN_MAX_PROTOCOL=TLSv1.2 lets it",
		(void *)ssl);
}

void connection_takes_side(const struct image *image, SSL *ssl)
{
	uint64_t missing = image->safe_options & ~ssl_options(image, ssl);
	const struct method_kind *kind;

	if (missing == 0) /* as of a server's context */
		return;
	kind = ssl_kind(image, ssl);
	/* A client's method cannot serve, whatever it was told. */
	if (kind != NULL && kind->role != ROLE_CLIENT)
		ssl_options_set(image, ssl, missing);
}

/* --- between two handshakes ---------------------------------------------------------- */

/* It is no longer the pin that was opened. */
void connection_method_set(const struct image *image, SSL *ssl)
{
	struct decision decision;

	if (image->dialect.pinning != PIN_AT_HANDSHAKE)
		return;
	decision = note_before_decision(image, ssl);
	if (!decision.pin_opened)
		return;
	if (decision.toggled != 0)
		give_options_back(image, ssl, &decision);
	decision.pin_opened = false;
	note_set(image, ssl, &decision);
}

void connection_cleared(const struct image *image, SSL *ssl)
{
	if (image->SSL_get_session == NULL || image->SSL_get_session(ssl) == NULL)
		connection_method_set(image, ssl);
}

/* --- what a pinned method takes no notice of --------------------------------------- */

/*
 * Whether a pin will be opened when the handshake begins: the connection's own, or its context's, which
 * before 3.2 it then gets.
 */
static bool will_open(const struct image *image, const SSL *ssl)
{
	const struct method_kind *kind = ssl_kind(image, ssl);
	enum pinning pinning = image->dialect.pinning;

	return kind != NULL && kind->role != ROLE_CLIENT && kind->transport == TRANSPORT_TLS &&
	       (is_pinned(kind) || is_pinned(ctx_kind(image, image->SSL_get_SSL_CTX(ssl)))) &&
	       (pinning == PIN_AT_HANDSHAKE || pinning == PIN_IS_RANGE);
}

void connection_bar(const struct image *image, SSL *ssl, versions barred)
{
	struct decision decision = {.barred = 0};

	note_get(image, ssl, &decision);
	/* In a callback it may be open already. */
	if (!decision.pin_opened && !will_open(image, ssl))
		return;
	decision.barred |= barred;
	note_set(image, ssl, &decision);
}

void connection_bound_set(const struct image *image, SSL *ssl, bool highest, int version)
{
	connection_bar(image, ssl,
		       VERSIONS_ALL & ~(highest ? versions_to(version) : versions_from(version)));
}

void connection_curve_given(const struct image *image, SSL *ssl)
{
	struct decision decision;

	if (!image->dialect.ecdhe_on_request)
		return;
	decision = note_before_decision(image, ssl);
	decision.curve_given = true;
	note_set(image, ssl, &decision);
}
