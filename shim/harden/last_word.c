/* SPDX-License-Identifier: MIT */
#include "harden/last_word.h"

#include "harden/hello_watch.h"
#include "harden/lists.h"
#include "harden/operator_lists.h"
#include "harden/note.h"
#include "harden/object.h"
#include "harden/refusal.h"
#include "harden/strict.h"
#include "harden/suite_list.h"
#include "harden/tell_connection.h"
#include "harden/write.h"
#include "messages/explain.h"

/* Notes that the connection has a list of its own now; the rest of the decision stays. */
static void note_listed(const struct image *image, SSL *ssl, struct decision decision)
{
	decision.list_is_ours = true;
	note_set(image, ssl, &decision);
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
static versions toggled_by_now(const struct image *image, SSL *ssl, const struct subject *subject)
{
	uint64_t toggled = (ssl_options(image, ssl) ^ subject->options) & ~image->safe_options;

	return versions_forbidden(subject->dialect, subject->method->transport, toggled);
}

static void raise_and_count(const struct image *image, const char *objection, bool counted)
{
	strict_raise(image, objection, false);
	if (counted)
		refusal_count_strict();
}

/*
 * What is noted of a decision.
 *
 * @before  what was decided when the handshake began, and is looked at once more; NULL: it begins
 */
static struct decision decision_of(const struct subject *subject, const struct change *change,
				   const struct decision *before)
{
	struct decision decision = subject->noted;

	decision.bare = change->bare;
	decision.allowed = change->refuse ? 0 : change->allowed;
	decision.operator_ciphers = change->ciphers;
	decision.forbid_applied = change->forbid;
	decision.pin_opened = change->pin_opened || subject->pin_opened;
	decision.toggled = 0;
	decision.counted = decision.needs_certificate = false;
	if (before == NULL)
		return decision;
	if (before->bare != 0)
		decision.bare = before->bare;
	/* Of a list that it was applied to there is nothing left to forbid. */
	decision.forbid_applied |= before->forbid_applied;
	decision.toggled = before->toggled;
	decision.counted = before->counted;
	decision.needs_certificate = before->needs_certificate;
	return decision;
}

/* @before  as of decision_of */
static void carry_out(const struct image *image, SSL *ssl, const struct subject *subject,
		      const struct decision *before)
{
	const struct config *config = config_get();
	const char *objection;
	struct change change;
	struct decision decision;
	bool refused, counted, watched;

	decide(subject, config, &change);
	objection = strict_objection(image, ssl, change.remark);
	refused = objection != NULL && config->mode == MODE_ON;
	/* Where it would serve somebody, its client is refused for this, whatever it will offer. */
	counted = refused && change.allowed != 0 && subject->first_handshake;
	change.refuse |= objection != NULL;
	watched = change.adds_tls1_3 && ssl_verifies(image, ssl, VERIFY_PEER);
	decision = decision_of(subject, &change, before);
	decision.counted |= counted;
	decision.needs_certificate |=
		watched && ssl_verifies(image, ssl, VERIFY_FAIL_IF_NO_CERTIFICATE);
	if (config->mode == MODE_ON && write_change(image, ssl, subject, &change))
		decision.list_is_ours = true;
	if (decision.pin_opened)
		decision.toggled ^= toggled_by_now(image, ssl, subject);
	if (watched && before != NULL)
		end_sessions(image, ssl);
	/*
	 * A refusal is noted although the version may be chosen by now: then the connection is cut off
	 * when its handshake is done (outcome.c).  The connection counts as out of libssl's hands
	 * where its hello has to be looked at for a session (end_sessions).
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
	subject.noted.list_is_ours = renewed;
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
	/* Before 1.1.0 what is noted may be lost, and so whose list a connection has. */
	bool is_sure =
		note_get(image, ssl, &decision) || image->dialect.pinning != PIN_BEFORE_HANDSHAKE;
	struct bracket bracket;

	subject->pin_opened = decision.pin_opened;
	/* An opened connection has a flexible method by now, which does not show the pin. */
	if (decision.pin_opened) {
		subject->opened_versions = decision.allowed;
		subject->exchanged_pin = version_highest(TRANSPORT_TLS, decision.bare);
	}
	if (config_get()->mode != MODE_ON || (ctx == before && !decision.pin_opened))
		return decision;
	bracket = bracket_open(image);
	if (ctx == before) { /* the callback may have given it another list */
		subject_read_demands(image, ssl, NULL, subject);
		bracket_close(image, bracket);
		return decision;
	}
	if (operator_lists_change_any() || decision.pin_opened) {
		/* A list that the program gave the connection stays in force. */
		bool is_own = is_sure && !decision.list_is_ours && suite_list_is_own(image, ssl);

		subject_read_move(image, ssl, ctx, subject);
		subject_read_demands(image, ssl, is_own ? NULL : ctx, subject);
	}
	/* Where it is not known whose list it has, what the context asks of a client rules. */
	if (decision.list_is_ours || (!is_sure && operator_lists_change_any()))
		lists_take(image, ssl, ctx);
	if (image->dialect.pinning == PIN_BEFORE_HANDSHAKE &&
	    (decision.list_is_ours || operator_lists_change_any()))
		subject_read_unsafe(image, ssl, subject);
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
	if (!is_before_handshake(image, ssl) && has_list_of_ours(image, ssl) &&
	    !has_served(image, ssl))
		last_word_servername(image, ssl, before);
}
