/* SPDX-License-Identifier: MIT */
#include "harden/tell_context.h"

#include <stdatomic.h>
#include <stdio.h>

#include "harden/object.h"
#include "harden/operator_lists.h"
#include "messages/log.h"
#include "sslharden/config.h"

void tell_passed(const struct image *image, const SSL_CTX *ctx, const struct method_kind *kind)
{
	static atomic_flag is_logged[] = {ATOMIC_FLAG_INIT, ATOMIC_FLAG_INIT, ATOMIC_FLAG_INIT};
	bool audit = config_get()->mode == MODE_AUDIT;
	bool known = image->known || (image->dialect.options_by_name && kind != NULL &&
				      kind->transport == TRANSPORT_QUIC);

	/* Once a reason, for some programs make a context for each connection. */
	if (atomic_flag_test_and_set(&is_logged[!known ? 0 : kind == NULL ? 1 : 2]))
		return;
	log_message(audit ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING,
		    "%scontext %p: %s, passed through as it is, and so are others like it",
		    audit ? "audit: " : "", (const void *)ctx,
		    !known         ? "a libssl that is not known"
		    : kind == NULL ? "a method that is not known"
				   : kind->name);
}

void tell_of_settings(const struct image *image, const struct method_kind *kind)
{
	static atomic_flag is_logged = ATOMIC_FLAG_INIT;
	int floor = config_get()->min_protocol;
	char libssl[LIBSSL_TEXT_MAX];

	if (floor == 0 || kind->transport != TRANSPORT_TLS ||
	    (image->flexible_versions[TRANSPORT_TLS] & version_set(floor)) != 0 ||
	    atomic_flag_test_and_set(&is_logged))
		return;
	libssl_text(image, libssl);
	log_message(LOG_LEVEL_WARNING,
		    "SSLHARDEN_MIN_PROTOCOL is %s, which this libssl (%s) does not have: its "
		    "servers refuse every client",
		    version_name(floor), libssl);
}

/* Writes which versions the settings leave: ", and serve ...". */
enum { RANGE_TEXT_MAX = 128 };
static void range_text(const struct method_kind *kind, char text[RANGE_TEXT_MAX])
{
	const struct config *config = config_get();
	bool opens = kind->pin != 0 && !policy_keeps_pin(config, kind->transport, kind->pin);
	int floor = policy_floor(config, kind->transport, opens ? kind->pin : 0);
	int cap = policy_cap(config, kind->transport);
	int used = 0;

	text[0] = '\0';
	if (opens)
		used = snprintf(
			text, RANGE_TEXT_MAX,
			", and serve every version from %s that its program does not forbid",
			version_name(floor));
	else if (floor != 0)
		used = snprintf(text, RANGE_TEXT_MAX, ", and serve nothing below %s",
				version_name(floor));
	if (cap != 0)
		snprintf(text + used, RANGE_TEXT_MAX - (size_t)used, ", nothing above %s",
			 version_name(cap));
}

/* Which of the operator's lists its connections get. */
static void planned_text(const struct image *image, SSL_CTX *ctx,
			 char text[OPERATOR_LISTS_TEXT_MAX])
{
	struct bracket bracket = bracket_open(image);
	struct change planned = operator_lists_planned(image, ctx);

	bracket_close(image, bracket);
	operator_lists_text(&planned, text);
}

void tell_audit(const struct image *image, SSL_CTX *ctx, const struct method_kind *kind,
		const char *who, uint64_t missing)
{
	char options[OPTIONS_TEXT_MAX], lists[OPERATOR_LISTS_TEXT_MAX], range[RANGE_TEXT_MAX];

	range_text(kind, range);
	options_text(&image->dialect, missing, options);
	planned_text(image, ctx, lists);
	log_message(LOG_LEVEL_INFO, "audit: context %p: %s: %s %s%s%s", (void *)ctx, kind->name,
		    who, options, range, lists);
}

void tell_context(const struct image *image, SSL_CTX *ctx, const struct method_kind *kind,
		  uint64_t added)
{
	const struct config *config = config_get();
	char options[OPTIONS_TEXT_MAX], lists[OPERATOR_LISTS_TEXT_MAX], libssl[LIBSSL_TEXT_MAX];
	bool opens = kind->pin != 0 && !policy_keeps_pin(config, kind->transport, kind->pin);

	if (config->log_level < LOG_LEVEL_INFO)
		return;
	if (config->mode == MODE_AUDIT && kind->role == ROLE_SERVER) {
		tell_audit(image, ctx, kind, "would add",
			   image->safe_options & ~ctx_options(image, ctx));
	} else if (config->mode == MODE_ON && kind->role == ROLE_SERVER) {
		options_text(&image->dialect, added, options);
		planned_text(image, ctx, lists);
		libssl_text(image, libssl);
		log_message(
			LOG_LEVEL_INFO,
			"context %p: %s, serves %s, %s added (%s), lower bound "
			"%s%s",
			(void *)ctx, kind->name,
			opens ? "what its program does not forbid above its pin" : "as made",
			options, libssl,
			version_name(policy_floor(config, kind->transport, opens ? kind->pin : 0)),
			lists);
	} else if (config->mode == MODE_ON) {
		log_message(LOG_LEVEL_INFO,
			    "context %p: %s, each connection that serves is hardened", (void *)ctx,
			    kind->name);
	}
}
