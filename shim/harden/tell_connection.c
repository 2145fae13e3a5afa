/* SPDX-License-Identifier: MIT */
#include "harden/tell_connection.h"

#include <stdatomic.h>
#include <stdio.h>

#include "harden/demands.h"
#include "harden/dh_parameters.h"
#include "harden/object.h"
#include "harden/offer.h"
#include "harden/operator_lists.h"
#include "harden/tell_context.h"
#include "memory/context.h"
#include "memory/shared.h"
#include "messages/log.h"

/* True once a context in the whole server: each child sees a first connection of its own. */
static bool is_first_of_server(const SSL_CTX *ctx)
{
	struct shared_page *page = shared_page();
	uint32_t tag = (uint32_t)((uintptr_t)ctx >> 4) | 1;

	for (int i = SHARED_LIMITS_OF_CLIENTS; i < SHARED_LIMITS; i++) {
		uint32_t there = 0;

		if (atomic_compare_exchange_strong(&page->limits[i].last, &there, tag))
			return true;
		if (there == tag)
			return false;
	}
	return false; /* who makes one for each client has said it often enough */
}

/*
 * Warns if the server's order, which is forced, puts worse suites first.  (In an audit only the
 * program's list can be read, not the operator's in its place.)
 */
static void tell_order(const struct image *image, SSL *ssl, const struct change *change)
{
	const struct config *config = config_get();
	bool audit = config->mode == MODE_AUDIT;
	const SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	struct bracket bracket;
	bool worse;

	if (config->log_level < LOG_LEVEL_WARNING || config->allow_client_preference ||
	    (change->allowed & ~(versions)VERSION_TLS1_3) == 0 ||
	    (audit && config->ciphers[0] != '\0'))
		return;
	bracket = bracket_open(image);
	worse = demands_prefer_worse(image, ssl);
	bracket_close(image, bracket);
	if (worse && is_first_of_server(ctx))
		log_message(LOG_LEVEL_WARNING,
			    "%scontext %p: its list has a cipher without forward secrecy before "
			    "one with it, and the server's order %s; SSLHARDEN_CIPHERS=restricted "
			    "has the better ones first",
			    audit ? "audit: " : "", (const void *)ctx,
			    audit ? "would rule" : "rules");
}

/* "TLSv1 to TLSv1.2", "TLSv1 alone"; of a set with a gap each: "TLSv1, TLSv1.3". */
enum { SPAN_TEXT_MAX = 64 };
static const char *span_text(const struct subject *subject, versions set, char text[SPAN_TEXT_MAX])
{
	enum transport transport = subject->method->transport;
	int lowest = version_lowest(transport, set), highest = version_highest(transport, set);
	versions least = set & -set, run = least == 0 ? 0 : set / least;
	int used = 0;

	if (lowest == highest)
		snprintf(text, SPAN_TEXT_MAX, "%s alone", version_name(lowest));
	else if ((run & (run + 1)) == 0)
		snprintf(text, SPAN_TEXT_MAX, "%s to %s", version_name(lowest),
			 version_name(highest));
	else
		for (; set != 0 && used < SPAN_TEXT_MAX; set &= set - 1)
			used += snprintf(text + used, SPAN_TEXT_MAX - (size_t)used, "%s%s",
					 used == 0 ? "" : ", ",
					 version_name(version_lowest(transport, set)));
	return text;
}

/*
 * What libssl serves of a set: it may have no SSL 3.0, and a security level forbids old versions.
 */
static versions really(const struct image *image, const SSL *ssl, versions set)
{
	if (image->SSL_get_security_level != NULL)
		set &= level_permits(image, image->SSL_get_security_level(ssl));
	return image->methods[METHOD_SSLv3_method] == NULL ? set & ~(versions)VERSION_SSL3 : set;
}

/* Only the first connection shows what those of a generic context get, and that bounds pin it. */
static void tell_first(const struct image *image, const SSL *ssl, const struct subject *subject,
		       const struct change *change)
{
	const SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	versions bare = really(image, ssl, change->bare),
		 held = really(image, ssl, change->allowed);
	char options[OPTIONS_TEXT_MAX], lists[OPERATOR_LISTS_TEXT_MAX], libssl[LIBSSL_TEXT_MAX];
	char now[SPAN_TEXT_MAX], before[SPAN_TEXT_MAX];
	bool stays = (bare & (bare - 1)) == 0 && held == bare && subject->method->pin == 0 &&
		     subject->exchanged_pin == 0;

	if (change->refuse) {
		log_message(LOG_LEVEL_INFO,
			    "context %p: %s, its first connection that serves "
			    "refuses every client",
			    (const void *)ctx, subject->method->name);
		return;
	}
	if (subject->method->role == ROLE_GENERIC) {
		operator_lists_text(change, lists);
		libssl_text(image, libssl);
		options_text(&image->dialect,
			     (subject->our_options & subject->options) | change->set, options);
		log_message(LOG_LEVEL_INFO,
			    "context %p: %s, its connections that serve: %s added (%s), "
			    "%s%s%s%s",
			    (const void *)ctx, subject->method->name, options, libssl,
			    span_text(subject, held, now),
			    held == bare ? "" : " where the program serves ",
			    held == bare ? "" : span_text(subject, bare, before), lists);
	}
	if (stays)
		log_message(LOG_LEVEL_INFO,
			    "context %p: %s, pinned to %s by the program's bounds or NO_ options, "
			    "which stay",
			    (const void *)ctx, subject->method->name,
			    version_name(version_highest(subject->method->transport, held)));
}

static void tell_once(const struct image *image, SSL *ssl, const struct subject *subject,
		      const struct change *change)
{
	const struct config *config = config_get();
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);

	CONTEXT_MARK(ctx, connection_seen, true);
	tell_order(image, ssl, change);
	if (change->dh_bits != 0)
		dh_tell(&(struct dh_object){.ctx = image->SSL_get_SSL_CTX(ssl)},
			"libssl's for its certificate", subject->dh_weakest, change->dh_bits);
	if (config->log_level < LOG_LEVEL_INFO)
		return;
	if (config->mode == MODE_ON)
		tell_first(image, ssl, subject, change);
	else if (subject->method->role == ROLE_GENERIC)
		tell_audit(image, ctx, subject->method, "its connections that serve would get",
			   image->safe_options & ~subject->options);
}

/* True once a context; never for one of which nothing is remembered. */
static bool is_first_time(const SSL_CTX *ctx)
{
	struct context context = context_of(ctx), told;

	do {
		if (!context.known || context.remark_told)
			return false;
		told = context;
		told.remark_told = true;
	} while (!context_swap(ctx, &context, told)); /* of several threads one tells */
	return true;
}

static const char *remark_text(enum remark remark)
{
	if (remark == REMARK_GROUPS)
		return "SSLHARDEN_GROUPS lacks the curve of its certificate, which this libssl "
		       "would "
		       "then not use";
	if (remark == REMARK_FORBID)
		return "SSLHARDEN_FORBID names all that it can be sure to serve with before TLS "
		       "1.3";
	return remark == REMARK_OWN_LIST
		       ? "SSLHARDEN_CIPHERS or its own list has no suite for its versions and "
			 "its certificate's kind of key before TLS 1.3"
		       : "it has no certificate, or a list of suites that need none, and "
			 "SSLHARDEN_CIPHERS or SSLHARDEN_CIPHERSUITES would let nobody in or whom "
			 "it would refuse";
}

void tell_connection(const struct image *image, SSL *ssl, const struct subject *subject,
		     const struct change *change)
{
	SSL_CTX *ctx;

	if (!subject->context_seen)
		tell_once(image, ssl, subject, change);
	if (change->remark == REMARK_NONE || change->refuse)
		return;
	ctx = image->SSL_get_SSL_CTX(ssl);
	if (is_first_time(ctx))
		log_message(LOG_LEVEL_WARNING, "context %p: %s; the program's own list stays",
			    (const void *)ctx, remark_text(change->remark));
}
