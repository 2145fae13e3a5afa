/* SPDX-License-Identifier: MIT */
#include "harden/cause.h"

#include "harden/object.h"
#include "harden/reasons.h"
#include "harden/serving_suite.h"
#include "sslharden/config.h"

/* The setting that forbids a version which the program would serve. */
static enum cause setting_against(const struct inquiry *inquiry, versions version)
{
	const struct config *config = config_get();
	versions floor = version_set(config->min_protocol);
	versions cap = version_set(config->max_protocol);

	if (version == VERSION_SSL3)
		return config->allow_sslv3 && floor == 0 ? CAUSE_NONE : CAUSE_SSLV3;
	if (version < floor) /* where nothing is served, the program has nothing from there on */
		return inquiry->decision.allowed == 0 ? CAUSE_FORBIDDEN : CAUSE_MIN_PROTOCOL;
	return cap != 0 && version > cap ? CAUSE_MAX_PROTOCOL : CAUSE_NONE;
}

/*
 * libssl had no version left, and did not read the hello.  What the client needs is not known, so
 * every version is told that the program could serve.
 */
static void judge_no_version(const struct inquiry *inquiry, struct refusal *refusal)
{
	const struct decision *decision = &inquiry->decision;
	versions served = decision->allowed != 0 ? decision->allowed : inquiry->bare_versions;
	versions at_its_level = level_permits(inquiry->image, inquiry->level);
	versions at_level_in_force = level_permits(inquiry->image, inquiry->level_in_force);

	refusal->serves_nobody = true;
	refusal->older = inquiry->bare_versions & ~inquiry->bare_version & ~(versions)VERSION_SSL3;
	/* The level of the operator's list may forbid what is held, or would be. */
	if ((served & at_its_level) != 0 && (served & at_level_in_force) == 0) {
		refusal->cause = CAUSE_LEVEL;
		refusal->security_level = inquiry->level;
	}
	if (decision->allowed == 0)
		refusal->cause = setting_against(inquiry, inquiry->bare_version);
}

/*
 * The version that a client needs which was refused for its versions.  A hello of a client with TLS
 * 1.3 alone names 1.2 in the old field.
 */
static versions not_served(const struct inquiry *inquiry)
{
	const struct image *image = inquiry->image;
	versions served = inquiry->decision.allowed & level_permits(image, inquiry->level_in_force);

	return version_newest((inquiry->offer.newest & served) != 0
				      ? inquiry->decision.bare & ~served & VERSION_TLS1_3
				      : inquiry->bare_versions & ~served);
}

static enum cause cause_of_lists(const struct inquiry *inquiry, const struct refusal *refusal)
{
	if (inquiry->bare_version == VERSION_TLS1_3)
		return CAUSE_CIPHERSUITES;
	return refusal->suite != NULL || refusal->needs_longer_list ? CAUSE_CIPHERS : CAUSE_FORBID;
}

/* What of the operator's lists stands in the way of a version, with the cause that is known or alone. */
static void judge_suites(const struct inquiry *inquiry, versions version, struct refusal *refusal)
{
	if (!serving_suite_find(inquiry, version, refusal))
		refusal->cause = CAUSE_NONE;
	else if (refusal->cause == CAUSE_NONE &&
		 (refusal->suite != NULL || refusal->forbidden != 0 || refusal->needs_longer_list))
		refusal->cause = cause_of_lists(inquiry, refusal);
}

static void judge_version(struct inquiry *inquiry, struct refusal *refusal)
{
	enum cause cause = CAUSE_NONE;

	inquiry->bare_version = not_served(inquiry);
	if (inquiry->bare_version == 0 || inquiry->offer.newest == 0)
		return;
	if ((inquiry->bare_version & inquiry->decision.allowed) == 0)
		cause = setting_against(inquiry, inquiry->bare_version);
	/* The security level of the operator's list may forbid the version as well. */
	if ((inquiry->bare_version & level_permits(inquiry->image, inquiry->level_in_force)) == 0)
		refusal->security_level = inquiry->level;
	if (cause == CAUSE_NONE && refusal->security_level >= 0)
		cause = CAUSE_LEVEL;
	refusal->cause = cause;
	judge_suites(inquiry, inquiry->bare_version, refusal);
}

/* The version is served, but the client offers nothing of the operator's lists. */
static void judge_lists(const struct inquiry *inquiry, bool of_groups, struct refusal *refusal)
{
	bool groups = config_get()->groups[0] != '\0';
	bool operators = serving_suite_is_operators(inquiry, inquiry->bare_version, refusal);
	bool forbids = serving_suite_heeds_forbid(inquiry, inquiry->bare_version), barred, none;

	/* The suite that was found may not be among the client's, which are not known. */
	if (!of_groups && refusal->program_list_unknown && refusal->forbidden == 0) {
		refusal->needs_longer_list = operators;
		refusal->needs_shorter_forbid |= forbids && !operators;
	}
	barred = !of_groups && (refusal->suite != NULL || refusal->forbidden != 0 ||
				refusal->needs_longer_list || refusal->needs_shorter_forbid);
	none = of_groups || (!operators && !forbids && refusal->program_list_unknown) ||
	       (!refusal->program_list_unknown && !barred && inquiry->offer.groups == 0);
	if (barred)
		refusal->cause = cause_of_lists(inquiry, refusal);
	else if (groups && (refusal->group != NULL || none))
		refusal->cause = CAUSE_GROUPS;
	refusal->needs_longer_groups =
		groups && refusal->group == NULL && (none || refusal->needs_longer_list);
}

/*
 * An opened pin came to TLS 1.3, where the client shares no group or suite; the pin's version had
 * served it.
 */
static void judge_opened_pin(struct inquiry *inquiry, bool of_groups, struct refusal *refusal)
{
	bool lists =
		of_groups ? config_get()->groups[0] != '\0' : config_get()->ciphersuites[0] != '\0';
	struct refusal other = *refusal;

	inquiry->bare_version = VERSION_TLS1_3;
	if (lists && serving_suite_find(inquiry, VERSION_TLS1_3, &other)) {
		judge_lists(inquiry, of_groups, &other);
		*refusal = other;
		return;
	}
	refusal->cause = CAUSE_OPENED;
}

/*
 * The list has no suite of the newest version left, and libssl did not read the hello.  A list of
 * the operator's that leaves none is not set; what is below a cap may have none in any list.
 */
static void judge_no_cipher(const struct inquiry *inquiry, struct refusal *refusal)
{
	if (setting_against(inquiry, inquiry->bare_version) != CAUSE_MAX_PROTOCOL)
		return;
	refusal->serves_nobody = true;
	refusal->cause = CAUSE_MAX_PROTOCOL;
	judge_suites(inquiry, inquiry->bare_version, refusal);
}

void cause_find(struct inquiry *inquiry, int reason, struct refusal *refusal)
{
	const struct image *image = inquiry->image;
	versions now =
		image->SSL_version == NULL ? 0 : version_set(image->SSL_version(inquiry->ssl));
	bool of_groups = false;

	switch (reason) {
	case REASON_INTERNAL_ERROR:
	case REASON_NO_PROTOCOLS_AVAILABLE:
		judge_no_version(inquiry, refusal);
		return;
	case REASON_NO_CIPHERS_AVAILABLE:
		judge_no_cipher(inquiry, refusal);
		return;
	case REASON_UNKNOWN_PROTOCOL:
	case REASON_UNSUPPORTED_PROTOCOL:
	case REASON_WRONG_VERSION_NUMBER:
	case REASON_VERSION_TOO_LOW:
		judge_version(inquiry, refusal);
		return;
	case REASON_NO_SUITABLE_SIGNATURE_ALGORITHM:
		if ((inquiry->bare_version & level_permits(image, inquiry->level_in_force)) == 0)
			judge_version(inquiry, refusal);
		return;
	case REASON_NO_SUITABLE_KEY_SHARE:
	case REASON_NO_SUITABLE_GROUPS:
		of_groups = true;
		break;
	case REASON_NO_SHARED_CIPHER:
		break;
	default:
		return;
	}
	if ((inquiry->bare_version & inquiry->decision.allowed) == 0 &&
	    !inquiry->decision.pin_opened)
		judge_version(inquiry, refusal);
	else if (!serving_suite_find(inquiry, inquiry->bare_version, refusal))
		return;
	else if (inquiry->decision.pin_opened && now == VERSION_TLS1_3)
		judge_opened_pin(inquiry, of_groups, refusal);
	else
		judge_lists(inquiry, of_groups, refusal);
}

/* Why a client that was served would be refused. */
void cause_of_served(struct inquiry *inquiry, struct refusal *refusal)
{
	versions held = inquiry->decision.allowed, served = inquiry->bare_version;

	if ((held & (served | version_and_older(inquiry->offer.newest))) == 0)
		refusal->cause = setting_against(inquiry, served);
	/* If its pin were opened, another version might be chosen. */
	else if ((held & served) == 0 ||
		 (inquiry->decision.pin_opened && held > version_and_older(served)))
		return;
	judge_suites(inquiry, served, refusal);
}
