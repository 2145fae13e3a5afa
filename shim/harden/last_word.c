/* SPDX-License-Identifier: MIT */
#include "harden/last_word.h"

#include "harden/connection.h"
#include "harden/count.h"
#include "harden/demands.h"
#include "harden/hello_watch.h"
#include "harden/lists.h"
#include "harden/operator_lists.h"
#include "harden/suite_list.h"
#include "harden/note.h"
#include "harden/object.h"
#include "harden/refusal.h"
#include "harden/strict.h"
#include "harden/tell.h"
#include "harden/write.h"
#include "messages/explain.h"
#include "messages/log.h"

enum { SENT_AND_RECEIVED_SHUTDOWN = 3 }; /* SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN */

/* Notes that the connection has a list of its own now; the rest of the decision stays. */
static void note_listed(const struct image *image, SSL *ssl, struct decision decision)
{
	decision.list_is_ours = true;
	note_set(image, ssl, &decision);
}

enum { PEER = 0x01, FAIL_IF_NONE = 0x02 }; /* SSL_VERIFY_* of openssl/ssl.h */

/* Whether its program asks for a certificate in all the ways of @mode. */
static bool asks_for_certificate(const struct image *image, const SSL *ssl, int mode)
{
	return image->SSL_get_verify_mode != NULL &&
	       (image->SSL_get_verify_mode(ssl) & mode) == mode;
}

/*
 * In TLS 1.3 who resumes gets a session with a time of its own, and so for ever, without ever showing
 * the certificate again; that of an older version ends when it would have ended before.  So who comes
 * with a session gets no other.
 */
static void end_sessions(const struct image *image, SSL *ssl)
{
	enum { EXTENSION_PRE_SHARED_KEY = 41 }; /* RFC 8446, 4.2.11 */
	const unsigned char *bytes;
	size_t len;

	if (image->SSL_client_hello_get0_ext != NULL && image->SSL_set_num_tickets != NULL &&
	    image->SSL_client_hello_get0_ext(ssl, EXTENSION_PRE_SHARED_KEY, &bytes, &len) == 1)
		image->SSL_set_num_tickets(ssl, 0);
}

/* The versions that options of the connection forbid now and did not, or did and do no longer. */
static versions turned_by_now(const struct image *image, SSL *ssl, const struct subject *subject)
{
	uint64_t turned = (ssl_options(image, ssl) ^ subject->options) & ~image->safe_options;

	return versions_forbidden(subject->dialect, subject->method->transport, turned);
}

static void raise_and_count(const struct image *image, const char *objection, bool counted)
{
	strict_raise(image, objection, false);
	if (counted)
		refusal_count_strict();
}

/* What holds of what was decided before. */
static void keep(struct decision *decision, const struct decision *before)
{
	/* Of a list that it was applied to there is nothing left to forbid. */
	decision->forbid_applied |= before->forbid_applied;
	decision->list_is_ours = before->list_is_ours;
	decision->turned = before->turned;
	decision->counted |= before->counted;
	decision->needs_certificate |= before->needs_certificate;
}

/*
 * @before  what was decided when the handshake began, and is looked at once more; NULL: it begins
 */
static void carry_out(const struct image *image, SSL *ssl, const struct subject *subject,
		      const struct decision *before)
{
	const struct config *config = config_get();
	const char *objection;
	struct change change;
	struct decision decision;
	bool refused, watched;

	decide(subject, config, &change);
	watched = change.keyless && asks_for_certificate(image, ssl, PEER);
	objection = strict_objection(image, ssl, change.remark);
	decision = (struct decision){
		.bare = before != NULL && before->bare != 0 ? before->bare : change.bare,
		.allowed = change.allowed,
		.barred = subject->barred_before,
		.dh_auto_off = subject->dh_auto_off,
		.curve_given = subject->curve_given,
		.operator_ciphers = change.ciphers,
		.forbid_applied = change.forbid,
		.needs_certificate =
			watched && asks_for_certificate(image, ssl, PEER | FAIL_IF_NONE),
		.pin_opened = change.pin_opened || subject->pin_opened};
	change.refuse |= objection != NULL;
	if (change.refuse)
		decision.allowed = 0;
	refused = objection != NULL && config->mode == MODE_ON;
	/* Where it would serve somebody, its client is refused for this, whatever it will offer. */
	decision.counted = refused && change.allowed != 0 && subject->first_handshake;
	if (before != NULL)
		keep(&decision, before);
	decision.list_is_ours |= subject->list_is_ours;
	if (config->mode == MODE_ON && write_change(image, ssl, subject, &change))
		decision.list_is_ours = true;
	if (decision.pin_opened)
		decision.turned ^= turned_by_now(image, ssl, subject);
	if (watched && before != NULL)
		end_sessions(image, ssl);
	/*
	 * The version may be chosen by now; whom nobody is to serve is cut off in the end all the
	 * same.  Where its hello is to be looked at, it is as if the program had it until then.
	 */
	if (subject->first_handshake || (before != NULL && change.refuse))
		note_set_in_hand(image, ssl, &decision, !watched);
	else if (before != NULL && decision.list_is_ours != before->list_is_ours)
		note_listed(image, ssl, *before);
	if (subject->client_renegotiates)
		explain(image, ssl,
			&(struct refusal){.cause = CAUSE_RENEGOTIATION, .security_level = -1});
	tell_connection(image, ssl, subject, &change);
	if (refused && (before == NULL || before->allowed != 0))
		raise_and_count(image, objection, decision.counted);
}

void last_word_begins(const struct image *image, SSL *ssl)
{
	static const struct decision none_of_ours = {.allowed = VERSIONS_ALL};
	bool renewed = lists_renew(image, ssl);
	struct subject subject;

	/* Before 1.0.2 libssl does not tell at the end which side the connection took. */
	if (!subject_read(image, ssl, &subject)) {
		if (image->SSL_is_server == NULL && !may_serve(image, ssl))
			note_set(image, ssl, &none_of_ours);
		return;
	}
	subject.list_is_ours = renewed;
	hello_watch_begin(image, ssl);
	carry_out(image, ssl, &subject, NULL);
}

/*
 * For a connection that the program may have moved to another context in a callback.  libssl then
 * takes that context's list, unless the connection has one of its own; so a connection that has its
 * list from this library is given that context's.
 *
 * Returns what was decided when the handshake began.
 */
static struct decision follow(const struct image *image, SSL *ssl, const SSL_CTX *before,
			      struct subject *subject)
{
	const SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	struct decision decision = {.list_is_ours = false};
	struct bracket bracket;

	note_get(image, ssl, &decision);
	subject->pin_opened = decision.pin_opened;
	/* An opened connection has a flexible method by now, which does not show the pin. */
	if (decision.pin_opened) {
		subject->opened_versions = decision.allowed;
		subject->pin = version_highest(TRANSPORT_TLS, decision.bare);
	}
	if (config_get()->mode != MODE_ON || (ctx == before && !decision.pin_opened))
		return decision;
	bracket = bracket_open(image);
	if (ctx == before) { /* the callback may have given it another list */
		subject_read_demands(image, ssl, NULL, subject);
		bracket_close(image, bracket);
		return decision;
	}
	if (operator_lists_change_any() || decision.pin_opened)
		subject_read_demands(image, ssl, ctx, subject);
	/* Before 1.1.0 nothing is sure to be known: what the context asks of a client rules. */
	if (decision.list_is_ours ||
	    (image->dialect.pinning == PIN_BEFORE_HANDSHAKE && operator_lists_change_any())) {
		lists_take(image, ssl, ctx);
		if (image->dialect.pinning == PIN_BEFORE_HANDSHAKE)
			subject_read_unsafe(image, ssl, subject);
	}
	bracket_close(image, bracket);
	return decision;
}

/* The method of TLS 1.3 has no name; version and suite are chosen by then, and options are left. */
static void hold_options(const struct image *image, SSL *ssl)
{
	uint64_t missing = image->safe_options & ~ssl_options(image, ssl);

	if (missing != 0 && config_get()->mode == MODE_ON && may_serve(image, ssl) &&
	    image->SSL_version != NULL && version_set(image->SSL_version(ssl)) == VERSION_TLS1_3)
		ssl_options_set(image, ssl, missing);
}

/* @chosen  the version is */
static void look_again(const struct image *image, SSL *ssl, const SSL_CTX *before, bool chosen)
{
	struct subject subject;
	struct decision decision;

	if (!subject_read(image, ssl, &subject)) {
		hold_options(image, ssl);
		return;
	}
	if (chosen)
		subject.first_handshake = false;
	decision = follow(image, ssl, before, &subject);
	carry_out(image, ssl, &subject, &decision);
}

void last_word_hello(const struct image *image, SSL *ssl, const SSL_CTX *before)
{
	look_again(image, ssl, before, false); /* chosen is the version of a second hello alone */
}

void last_word_hello_alone(const struct image *image, SSL *ssl)
{
	last_word_hello(image, ssl, image->SSL_get_SSL_CTX(ssl));
}

void last_word_servername(const struct image *image, SSL *ssl, const SSL_CTX *before)
{
	look_again(image, ssl, before, true);
}

/* Also without a list of the operator's: what may not serve with a curve of ours was taken out. */
static bool has_list_of_ours(const struct image *image, const SSL *ssl)
{
	struct decision decision;

	return operator_lists_change_any() ||
	       (image->dialect.ecdhe_on_request && note_get(image, ssl, &decision) &&
		decision.list_is_ours);
}

/* One that has done its first handshake is looked at when the next begins. */
void last_word_moved(const struct image *image, SSL *ssl, const SSL_CTX *before)
{
	char none;

	if (!is_before_handshake(image, ssl) && has_list_of_ours(image, ssl) &&
	    (image->SSL_get_peer_finished == NULL ||
	     image->SSL_get_peer_finished(ssl, &none, 0) == 0))
		last_word_servername(image, ssl, before);
}

/*
 * Whether what the program asks of a client forbids TLS 1.3 with a suite of @bits.
 *
 * @ctx   the context whose list is meant; NULL: the connection's own
 * @ours  that list is the operator's, who has chosen how strong it is, unless a callback set another
 * @moot  that list is not in force, but one that the program has given the connection
 * @pin   that was opened
 */
static bool is_objected_by(const struct image *image, SSL *ssl, const SSL_CTX *ctx, bool ours,
			   bool moot, int bits, int pin)
{
	/* The method of TLS 1.3 has no name, so no subject is read of the connection by now. */
	struct subject subject = {
		.dialect = &image->dialect, .flexible_versions = VERSIONS_ALL, .pin = pin};

	subject_read_demands(image, ssl, ctx, &subject);
	if (ours || moot)
		subject.demands.newer_ask_less = false;
	if (ours) {
		subject.demands.can_tls1_3 = true;
		subject.demands.weakest_bits = 0;
	}
	subject.demands.known &= !moot;
	return decide_forbids_tls1_3(&subject, config_get(), bits);
}

/*
 * An opened pin that came out as TLS 1.3: a callback of the program's may have moved it to a
 * context, or given it a list, that would have kept it below.
 */
static bool is_objected_to(const struct image *image, SSL *ssl, const struct decision *decision)
{
	struct bracket bracket;
	bool own = suite_list_is_own(image, ssl), moot = own && !decision->list_is_ours;
	int bits = 0, pin = version_highest(TRANSPORT_TLS, decision->bare);
	bool objected;

	if (image->SSL_get_current_cipher == NULL || image->SSL_CIPHER_get_bits == NULL)
		return false;
	bracket = bracket_open(image);
	image->SSL_CIPHER_get_bits(image->SSL_get_current_cipher(ssl), &bits);
	objected = is_objected_by(image, ssl, image->SSL_get_SSL_CTX(ssl), false, moot, bits, pin);
	/* Without a list of its own it is the context's that was asked. */
	if (!objected && own)
		objected =
			is_objected_by(image, ssl, NULL, decision->list_is_ours, false, bits, pin);
	bracket_close(image, bracket);
	return objected;
}

/*
 * Whether a session of TLS 1.3 began with a key: libssl makes it anew then, with the timeout that only
 * such a session has, and its tickets keep that.  Others have their context's.
 */
static bool is_of_key(const struct image *image, const void *session)
{
	enum { TIMEOUT_OF_NEW = 60 * 5 + 4 }; /* seconds: SSL_SESSION_new(), 1.1.1 to 4.0 */

	return image->SSL_SESSION_get_timeout != NULL &&
	       image->SSL_SESSION_get_timeout(session) == TIMEOUT_OF_NEW;
}

/* Whether the program's list has a suite with which a key alone would do in an older version. */
__attribute__((cold)) static bool takes_keys(const struct image *image, SSL *ssl,
					     const struct decision *decision)
{
	const SSL_CTX *ctx = decision->list_is_ours ? image->SSL_get_SSL_CTX(ssl) : NULL;
	struct bracket bracket = bracket_open(image);
	bool takes = demands_read(image, ssl, ctx, false).psk;

	bracket_close(image, bracket);
	return takes;
}

/*
 * Who came in by a ticket or a key, and showed no certificate then.  The ticket may be one of another
 * context with the same keys, and the key one that the program has given the connection since it
 * began: the version that it alone serves knows neither.
 */
static bool came_without_certificate(const struct image *image, SSL *ssl,
				     const struct decision *decision)
{
	const void *session =
		image->SSL_SESSION_get0_peer == NULL ? NULL : image->SSL_get_session(ssl);

	return session != NULL && image->SSL_session_reused != NULL &&
	       image->SSL_session_reused(ssl) != 0 &&
	       image->SSL_SESSION_get0_peer(session) == NULL &&
	       (image->SSL_get0_peer_rpk == NULL || image->SSL_get0_peer_rpk(ssl) == NULL) &&
	       !(is_of_key(image, session) && takes_keys(image, ssl, decision));
}

/* How a connection came out against what was decided, for a message; NULL: it did not. */
static const char *fault_of(const struct image *image, SSL *ssl, versions served)
{
	struct decision decision = {.allowed = VERSIONS_ALL};

	if (!note_get(image, ssl, &decision) && !config_get()->allow_sslv3)
		decision.allowed &= ~(VERSION_SSL2 | VERSION_SSL3);
	if ((served & decision.allowed) == 0)
		return "which was decided against; it gives and takes no data.  Unless its program "
		       "allowed that version while the handshake ran (a callback, say), this must "
		       "not happen: please report it";
	/* When the handshake began its list did not object, so the program has changed it. */
	if (decision.pin_opened && served == VERSION_TLS1_3 &&
	    is_objected_to(image, ssl, &decision))
		return "but while the handshake ran its program gave it a list or context that "
		       "asks of clients what TLS 1.3 does not heed; it gives and takes no data.  "
		       "SSLHARDEN_MAX_PROTOCOL=TLSv1.2 lets it serve";
	if (decision.needs_certificate && served == VERSION_TLS1_3 &&
	    came_without_certificate(image, ssl, &decision))
		return "by a key or another context's ticket in place of the certificate that its "
		       "program asks for; it gives and takes no data.  "
		       "SSLHARDEN_MAX_PROTOCOL=TLSv1.2 asks for it";
	return NULL;
}

/* Before 1.1.0, where a program's BIO cannot be held: what it is to write is refused. */
static long refuse_to_write(BIO *bio, int oper, const char *argp, int argi, long argl, long ret)
{
	enum { BIO_WRITE = 0x03 }; /* BIO_CB_WRITE of openssl/bio.h */

	(void)bio, (void)argp, (void)argi, (void)argl;
	return oper == BIO_WRITE ? -1 : ret;
}

/*
 * Puts a memory BIO that is made of a constant, and so cannot be written to, before the program's,
 * which goes on looking at its own.  Both are freed with the connection.
 */
static void write_nowhere(const struct image *image, SSL *ssl, BIO *own)
{
	BIO *nowhere = image->BIO_new_mem_buf("", 0);

	if (nowhere == NULL)
		return;
	image->BIO_up_ref(own); /* the connection lets go of it */
	image->SSL_set0_wbio(ssl, image->BIO_push(nowhere, own));
}

/* Ends the connection: no data goes in or out, also if an SSL_write has driven the handshake. */
static void cut_off(const struct image *image, SSL *ssl)
{
	BIO *own = image->SSL_get_wbio == NULL ? NULL : image->SSL_get_wbio(ssl);

	/* LibreSSL may still have its buffer there, and no call that minds it. */
	if (own != NULL && image->SSL_set0_wbio != NULL && image->BIO_new_mem_buf != NULL &&
	    image->BIO_up_ref != NULL && image->BIO_push != NULL)
		write_nowhere(image, ssl, own);
	else if (own != NULL && image->dialect.pinning == PIN_BEFORE_HANDSHAKE &&
		 image->BIO_set_callback != NULL)
		image->BIO_set_callback(own, refuse_to_write);
	image->SSL_set_shutdown(ssl, SENT_AND_RECEIVED_SHUTDOWN);
}

void last_word_ends(const struct image *image, SSL *ssl)
{
	int version = image->SSL_version == NULL ? 0 : image->SSL_version(ssl);
	versions served = version_set(version);
	const char *fault;

	connection_handshake_done(image, ssl);
	if (served == 0)
		return;
	count_served(image, ssl, version, served);
	if (config_get()->mode != MODE_ON || image->SSL_set_shutdown == NULL)
		return;
	fault = fault_of(image, ssl, served);
	if (fault == NULL)
		return;
	cut_off(image, ssl);
	log_message(LOG_LEVEL_ERROR, "connection %p: it came out as %s, %s", (void *)ssl,
		    version_name(version), fault);
}
