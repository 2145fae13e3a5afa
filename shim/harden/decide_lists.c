/* SPDX-License-Identifier: MIT */
#include "harden/decide_lists.h"

#include "harden/serves.h"

/*
 * Whether the operator's list has a suite for what is served; if nothing is, for what would be
 * without the floor.  Of a list without one libssl would serve nobody, in silence.
 */
static bool operator_list_fits(const struct demands *demands, const struct change *change)
{
	versions served = change->allowed != 0 ? change->allowed : change->bare;

	return (demands->operator_list & (served != 0 ? served : VERSIONS_ALL)) != 0;
}

void decide_lists(const struct subject *subject, const struct config *config, struct change *change)
{
	const struct demands *demands = &subject->demands;
	bool ciphers = config->ciphers[0] != '\0' && demands->operator_ciphers;
	bool suites = config->ciphersuites[0] != '\0' && demands->operator_suites;
	bool by_key = demands->known && demands->keys_only;

	/* Without a certificate TLS 1.3 needs a PSK, which not every suite can be used with. */
	change->suites = suites && !(by_key && !demands->can_tls1_3);
	if ((change->pin_opened || subject->pin_opened) && !change->suites && demands->known &&
	    demands->weakest_bits > BITS_TLS1_3)
		change->min_suite_bits = demands->weakest_bits;
	if (by_key && (ciphers || change->suites != suites))
		change->remark = REMARK_KEYS;
	else if (ciphers && demands->known && !operator_list_fits(demands, change))
		change->remark = REMARK_OWN_LIST;
	change->ciphers = ciphers && demands->known && change->remark == REMARK_NONE;
	change->auth = demands->auth;
	change->auth_older = demands->auth_older;
	/* From 4.0 on finite fields are groups, too, so a server with keys alone keeps its own. */
	change->groups =
		config->groups[0] != '\0' && change->remark != REMARK_KEYS && !demands->off_groups;
	if (demands->off_groups && change->remark == REMARK_NONE)
		change->remark = REMARK_GROUPS;
}

/*
 * The curve that a server gets would also let it serve anonymously, or without encryption, where its
 * program's list has such suites and says no more than "not ADH": bare they can't be used.
 */
void decide_unsafe_ecdhe(const struct subject *subject, struct change *change)
{
	change->no_unsafe_ecdhe = subject->unsafe_ecdhe && !subject->unsafe_ecdhe_alone;
	if (!subject->unsafe_ecdhe_alone)
		return;
	change->ciphers = change->forbid = false;
	change->remark = REMARK_NONE;
	change->bare = change->allowed = 0; /* bare it serves nobody */
	change->refuse = true;
}

/*
 * The operator's list was checked when libssl was asked about it; of the program's it is done here.
 */
void decide_forbidden(const struct subject *subject, const struct config *config,
		      struct change *change)
{
	const struct demands *demands = &subject->demands;
	versions older = change->allowed & ~(versions)VERSION_TLS1_3;

	if (config->forbid == 0 || !demands->known || older == 0)
		return;
	change->forbid = change->ciphers ||
			 (demands->has_forbidden && (demands->left_by_forbid & older) != 0);
	if (!change->forbid && demands->has_forbidden)
		change->remark = REMARK_FORBID;
}

/*
 * Where the program leaves out a version in between, libssl takes the top of the lowest run for the
 * newest that the server speaks, and if the list has no suite for that it serves nobody at all
 * (tls_setup_handshake, 1.1.0 to 4.0).  Of the operator's list a run without one goes as a whole.
 */
void decide_gap(const struct subject *subject, struct change *change)
{
	const struct demands *demands = &subject->demands;
	versions with_suites = change->ciphers ? demands->operator_list : demands->left_by_forbid;
	versions kept = change->allowed & (with_suites | VERSION_TLS1_3);
	uint64_t gone;

	if (!subject->dialect->proto_version || (!change->ciphers && !change->forbid) ||
	    kept == 0 || (without_gap(change->allowed) & kept) != 0)
		return;
	gone = version_options(subject->dialect, subject->method->transport,
			       change->allowed & ~kept);
	change->clear &= ~gone;
	change->set |= gone;
	change->allowed = kept;
}
