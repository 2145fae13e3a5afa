/* SPDX-License-Identifier: MIT */
#include "harden/last_word.h"

#include "harden/lists.h"
#include "harden/object.h"
#include "harden/strict.h"
#include "harden/tell.h"
#include "harden/write.h"
#include "memory/decision.h"
#include "messages/log.h"
#include "messages/refusal.h"

enum { SENT_AND_RECEIVED_SHUTDOWN = 3 }; /* SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN */

static void carry_out(const struct image *image, SSL *ssl, const struct subject *subject)
{
	const char *objection = strict_objection(image);
	struct change change = decide(subject, config_get());
	struct decision decision = {.bare = change.bare,
				    .held = change.held,
				    .opened = change.opened || subject->opened};

	if (config_get()->strict && change.remark != REMARK_NONE)
		objection = "SSLHARDEN_CIPHERS has no suite for the server's credentials";
	change.refuse |= objection != NULL;
	if (config_get()->mode == MODE_ON)
		decision.listed = write_change(image, ssl, subject, &change);
	if (subject->first)
		decision_note(ssl, &decision);
	tell_connection(image, ssl, subject, &change);
	if (objection != NULL && config_get()->mode == MODE_ON)
		strict_raise(image, objection);
}

void last_word_begins(const struct image *image, SSL *ssl)
{
	struct subject subject;

	if (!subject_read(image, ssl, &subject))
		return;
	refusal_watch(image, ssl);
	carry_out(image, ssl, &subject);
}

/*
 * The program may have moved it to another context in a callback.  libssl takes that one's list
 * where a connection has none of its own, so one that has it from us gets it, too.
 */
static void follow(const struct image *image, SSL *ssl, const SSL_CTX *before,
		   struct subject *subject)
{
	const SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	struct decision decision = {.listed = false};
	struct bracket bracket;

	decision_of(ssl, &decision);
	subject->opened = decision.opened;
	/* What was opened has a flexible method by now, which says nothing of the pin. */
	if (decision.opened)
		subject->bound = decision.held;
	if (ctx == before || config_get()->mode != MODE_ON)
		return;
	bracket = bracket_open(image);
	if (lists_are_given() || decision.opened)
		subject->asked = lists_asked(image, ssl, ctx);
	if (decision.listed)
		lists_take(image, ssl, ctx);
	bracket_close(image, bracket);
}

void last_word_hello(const struct image *image, SSL *ssl, const SSL_CTX *before)
{
	struct subject subject;

	if (!subject_read(image, ssl, &subject))
		return;
	follow(image, ssl, before, &subject);
	carry_out(image, ssl, &subject);
}

void last_word_servername(const struct image *image, SSL *ssl, const SSL_CTX *before)
{
	struct subject subject;

	if (!subject_read(image, ssl, &subject))
		return;
	subject.first = false; /* the version is chosen */
	follow(image, ssl, before, &subject);
	carry_out(image, ssl, &subject);
}

void last_word_ends(const struct image *image, SSL *ssl)
{
	struct decision decision;
	versions served;

	if (config_get()->mode != MODE_ON || image->SSL_version == NULL ||
	    image->SSL_set_shutdown == NULL || !may_serve(image, ssl))
		return;
	served = version_set(image->SSL_version(ssl));
	if (!decision_of(ssl, &decision))
		decision.held = config_get()->allow_sslv3
					? VERSIONS_ALL
					: VERSIONS_ALL & ~(versions)(VERSION_SSL2 | VERSION_SSL3);
	if (served == 0 || (served & decision.held) != 0)
		return;
	image->SSL_set_shutdown(ssl, SENT_AND_RECEIVED_SHUTDOWN);
	log_message(LOG_LEVEL_ERROR,
		    "connection %p: it came out as %s, which was decided against; it gives and takes "
		    "no data.  This must not happen: please report it",
		    (void *)ssl, version_name(image->SSL_version(ssl)));
}
