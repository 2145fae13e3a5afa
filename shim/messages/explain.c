/* SPDX-License-Identifier: MIT */
#include "messages/explain.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "memory/shared.h"
#include "messages/advice.h"
#include "messages/log.h"
#include "messages/peer.h"
#include "sslharden/config.h"

enum {
	SECONDS_BETWEEN = 60, /* lines for one cause */
	TEXT_MAX = 384,
};

/*
 * The row of shared_page that limits a refusal's lines.  Each version below the floor has its own:
 * the setting that admits one client need not admit an older one.
 */
static int row_of(const struct refusal *refusal)
{
	return refusal->cause == CAUSE_MIN_PROTOCOL ? CAUSE_COUNT + refusal->admitted - WIRE_TLS1
						    : (int)refusal->cause;
}

_Static_assert(CAUSE_COUNT + WIRE_TLS1_3 - WIRE_TLS1 <= SHARED_LIMITS_OF_CLIENTS,
	       "each row has its place");

/* Whether a line may be written now; *untold is the number of those left out, in all children. */
static bool is_due(int row, unsigned int *untold)
{
	struct shared_limit *limit = &shared_page()->limits[row];
	uint32_t before = atomic_load(&limit->last), second = (uint32_t)time(NULL);

	/* If the clock was set back, the unsigned difference is very large. */
	if ((before != 0 && second - before < SECONDS_BETWEEN) ||
	    !atomic_compare_exchange_strong(&limit->last, &before, second)) {
		atomic_fetch_add(&limit->untold, 1);
		return false;
	}
	*untold = atomic_exchange(&limit->untold, 0);
	return true;
}

/* What the client offers, or does, as far as it is the reason. */
static void what_it_offers(const struct refusal *refusal, char text[TEXT_MAX])
{
	switch (refusal->serves_nobody ? CAUSE_NONE : refusal->cause) {
	case CAUSE_SSLV3:
	case CAUSE_MIN_PROTOCOL:
	case CAUSE_FORBIDDEN:
	case CAUSE_LEVEL:
		snprintf(text, TEXT_MAX, " offering at most %s", version_name(refusal->offered));
		break;
	case CAUSE_MAX_PROTOCOL:
		snprintf(text, TEXT_MAX, " offering only newer versions");
		break;
	case CAUSE_CIPHERS:
	case CAUSE_FORBID:
	case CAUSE_CIPHERSUITES:
		snprintf(text, TEXT_MAX, " offering no cipher of the list%s",
			 refusal->needs_longer_groups ? ", or none that its groups go with" : "");
		break;
	case CAUSE_OPENED:
		snprintf(text, TEXT_MAX,
			 " of TLS 1.3, to which a pin was opened, without a group or "
			 "suite of the server's there");
		break;
	case CAUSE_RENEGOTIATION:
		snprintf(text, TEXT_MAX, " that renegotiates");
		break;
	case CAUSE_GROUPS:
		snprintf(text, TEXT_MAX, " offering no group of the list");
		break;
	default:
		text[0] = '\0';
	}
}

/* The version bound that the operator has set, where it comes from, and what the program says. */
static void what_is_set(const struct refusal *refusal, char text[TEXT_MAX])
{
	const struct config *config = config_get();
	bool by_profile = config_profile(config)->min_protocol == config->min_protocol;
	/* Who offers the minimum was not refused for that alone. */
	bool forbids =
		refusal->cause == CAUSE_FORBIDDEN ||
		(refusal->cause == CAUSE_MIN_PROTOCOL && refusal->offered >= config->min_protocol);
	const char *forbidden = !forbids ? ""
				: refusal->serves_nobody
					? ", which the program itself forbids, so no hello is read"
					: ", which the program itself forbids";

	if (refusal->cause == CAUSE_MIN_PROTOCOL || refusal->cause == CAUSE_FORBIDDEN)
		snprintf(text, TEXT_MAX, "SSLHARDEN_MIN_PROTOCOL is %s%s%s, ",
			 version_name(config->min_protocol), by_profile ? " by the profile" : "",
			 forbidden);
	else if (refusal->cause == CAUSE_MAX_PROTOCOL)
		snprintf(text, TEXT_MAX, "SSLHARDEN_MAX_PROTOCOL is %s, ",
			 version_name(config->max_protocol));
}

void explain(const struct image *image, const SSL *ssl, const struct refusal *refusal)
{
	const struct config *config = config_get();
	bool audit = config->mode == MODE_AUDIT;
	char peer[64], more[48] = "", set[TEXT_MAX] = "", offers[TEXT_MAX] = "";
	char admits[ADVICE_TEXT_MAX] = "";
	unsigned int untold = 0;

	if (config->log_target == LOG_TARGET_NONE || config->log_level < LOG_LEVEL_WARNING ||
	    !is_due(row_of(refusal), &untold))
		return;
	peer_name(image, ssl, peer, sizeof(peer));
	if (untold != 0)
		snprintf(more, sizeof(more), " (and %u more since the last line)", untold);
	what_it_offers(refusal, offers);
	what_is_set(refusal, set);
	advice_text(refusal, admits);
	log_message(LOG_LEVEL_WARNING, "%s a client%s from %s%s; %s%s",
		    audit ? "audit: would refuse" : "refused", offers, peer, more, set, admits);
}
