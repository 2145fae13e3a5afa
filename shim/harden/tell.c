/* SPDX-License-Identifier: MIT */
#include "harden/tell.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

#include "harden/lists.h"
#include "harden/object.h"
#include "memory/context.h"
#include "messages/log.h"

void tell_passed(const struct image *image, const SSL_CTX *ctx, const struct method_kind *kind)
{
	bool audit = config_get()->mode == MODE_AUDIT;

	log_message(audit ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING,
		    "%scontext %p: %s, passed through as it is", audit ? "audit: " : "",
		    (const void *)ctx,
		    !image->known  ? "a libssl that is not known"
		    : kind == NULL ? "a method that is not known"
				   : kind->name);
}

void tell_of_settings(const struct image *image, const struct method_kind *kind)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;
	int floor = config_get()->min_protocol;

	if (floor == 0 || kind->transport != TRANSPORT_TLS ||
	    (versions_spoken(&image->dialect, TRANSPORT_TLS) & version_set(floor)) != 0 ||
	    atomic_flag_test_and_set(&told))
		return;
	log_message(LOG_LEVEL_WARNING,
		    "SSLHARDEN_MIN_PROTOCOL is %s, which this libssl (%s) does not have: its "
		    "servers refuse every client",
		    version_name(floor), image->dialect.name);
}

/* What the settings make of the versions of a method: ", and serve ...". */
enum { RANGE_TEXT_MAX = 96 };
static void range_text(const struct method_kind *kind, char text[RANGE_TEXT_MAX])
{
	const struct config *config = config_get();
	bool opens = kind->pin != 0 && !policy_keeps_pin(config, kind->transport, kind->pin);
	int floor = policy_floor(config, kind->transport, opens ? kind->pin : 0);
	int cap = policy_cap(config, kind->transport);
	int used = 0;

	text[0] = '\0';
	if (opens)
		used = snprintf(text, RANGE_TEXT_MAX, ", and serve every version from %s",
				version_name(floor));
	else if (floor != 0)
		used = snprintf(text, RANGE_TEXT_MAX, ", and serve nothing below %s",
				version_name(floor));
	if (cap != 0)
		snprintf(text + used, RANGE_TEXT_MAX - (size_t)used, ", nothing above %s",
			 version_name(cap));
}

static void tell_audit(const struct image *image, const SSL_CTX *ctx,
		       const struct method_kind *kind, const char *who, uint64_t missing)
{
	char options[OPTIONS_TEXT_MAX], lists[LISTS_TEXT_MAX], range[RANGE_TEXT_MAX];

	range_text(kind, range);
	options_text(&image->dialect, missing, options);
	lists_text(lists);
	log_message(LOG_LEVEL_INFO, "audit: context %p: %s: %s options %s%s%s", (const void *)ctx,
		    kind->name, who, options, range, lists);
}

void tell_context(const struct image *image, SSL_CTX *ctx, const struct method_kind *kind,
		  uint64_t added)
{
	const struct config *config = config_get();
	char options[OPTIONS_TEXT_MAX], lists[LISTS_TEXT_MAX];
	bool opens = kind->pin != 0 && !policy_keeps_pin(config, kind->transport, kind->pin);

	if (config->log_level < LOG_LEVEL_INFO)
		return;
	if (config->mode == MODE_AUDIT && kind->role == ROLE_SERVER) {
		tell_audit(image, ctx, kind, "would add",
			   policy_options(config, &image->dialect) & ~ctx_options(image, ctx));
	} else if (config->mode == MODE_ON && kind->role == ROLE_SERVER) {
		options_text(&image->dialect, added, options);
		lists_text(lists);
		log_message(
			LOG_LEVEL_INFO,
			"context %p: %s, serves %s, options %s added (OpenSSL %s), lower bound "
			"%s%s",
			(void *)ctx, kind->name,
			opens ? "every version of a flexible method above its pin" : "as made",
			options, image->dialect.name,
			version_name(policy_floor(config, kind->transport, opens ? kind->pin : 0)),
			lists);
	} else if (config->mode == MODE_ON) {
		log_message(LOG_LEVEL_INFO,
			    "context %p: %s, each connection that serves is hardened", (void *)ctx,
			    kind->name);
	}
}

/* True once a context; a context of which nothing is known is not told of. */
static bool is_first_time(const SSL_CTX *ctx)
{
	struct context context = context_of(ctx);

	if (!context.known || context.told)
		return false;
	context.told = true;
	context_set(ctx, &context);
	return true;
}

static const char *remark_text(enum remark remark)
{
	return remark == REMARK_OWN_LIST
		       ? "SSLHARDEN_CIPHERS or its own list has no suite for its certificate's kind of key before "
			 "TLS 1.3"
		       : "it has no certificate, or a list of suites that need none, and "
			 "SSLHARDEN_CIPHERS or SSLHARDEN_CIPHERSUITES would let nobody in or whom it would refuse";
}

void tell_connection(const struct image *image, SSL *ssl, const struct subject *subject,
		     const struct change *change)
{
	const struct config *config = config_get();
	SSL_CTX *ctx;

	if (change->remark == REMARK_NONE && config->log_level < LOG_LEVEL_INFO)
		return;
	ctx = image->SSL_get_SSL_CTX(ssl);
	if (change->remark != REMARK_NONE && is_first_time(ctx))
		log_message(LOG_LEVEL_WARNING, "context %p: %s; the program's own list stays",
			    (const void *)ctx, remark_text(change->remark));
	if (config->mode == MODE_AUDIT && subject->method->role == ROLE_GENERIC &&
	    is_first_time(ctx))
		tell_audit(image, ctx, subject->method, "its connections that serve would get",
			   policy_options(config, &image->dialect) & ~subject->options);
}
