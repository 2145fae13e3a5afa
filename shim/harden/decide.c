/* SPDX-License-Identifier: MIT */
#include "harden/decide.h"

enum {
	TLS1_2 = 0x0303,
	TLS1_3 = 0x0304,
	BITS_TLS1_3 = 128, /* of the weakest suite that TLS 1.3 has by default (RFC 8446, B.4) */
};

static versions lowest_of(versions set)
{
	return set & (~set + 1);
}

static bool is_pinned(const struct subject *subject)
{
	return subject->method->pin != 0;
}

/* Whether it serves one version, whatever bounds and options say. */
static bool is_fixed(const struct subject *subject)
{
	return is_pinned(subject) && subject->dialect->pinning != PIN_IS_RANGE;
}

/* What the flexible method serves with these bounds and options. */
static versions within(const struct subject *subject, int min, int max, uint64_t options)
{
	versions set = subject->flexible_versions & versions_from(min) & versions_to(max);

	options &= subject->version_options;
	if ((options & ~subject->dialect->no_sslv3) == 0) /* as of nearly all: it is our own */
		return options == 0 ? set : set & ~(versions)VERSION_SSL3;
	return set & ~versions_forbidden(subject->dialect, subject->method->transport, options);
}

/* What the connection would serve now; a pinned method ignores bounds and options. */
static versions as_it_is(const struct subject *subject)
{
	if (is_fixed(subject))
		return version_set(subject->method->pin);
	return within(subject, subject->min, subject->max, subject->options);
}

/* What it would serve without this library.  @now: what it would serve now. */
static versions bare_of(const struct subject *subject, versions now)
{
	if (subject->pin != 0)
		return version_set(subject->pin);
	if (is_fixed(subject))
		return now;
	return within(subject, subject->min, subject->max,
		      subject->options & ~subject->our_options);
}

static bool opens(const struct subject *subject, const struct config *config)
{
	const struct method_kind *method = subject->method;

	if (!is_pinned(subject) || !subject->first_handshake ||
	    policy_keeps_pin(config, method->transport, method->pin))
		return false;
	if (subject->dialect->pinning == PIN_IS_RANGE) /* or else the program set another since */
		return subject->max == 0 || subject->max == method->pin;
	return subject->can_exchange;
}

/*
 * TLS 1.3 does not heed what the program demands in older versions: not the keys that its list asks
 * for, not that it wants no suite of TLS 1.3, and not the certificate that it asks a client for.
 */
static bool stays_below_tls1_3(const struct subject *subject)
{
	const struct demands *demands = &subject->demands;

	return (subject->barred & VERSION_TLS1_3) != 0 || subject->asks_later ||
	       (demands->known && (demands->keys_only || !demands->can_tls1_3)) ||
	       (subject->reused && !subject->dialect->reuses_tls1_3);
}

/* The oldest version of a set, and those that follow it without a gap. */
static versions without_gap(versions set)
{
	versions run = lowest_of(set);

	while ((run << 1 & set & ~run) != 0)
		run |= run << 1 & set;
	return run;
}

/*
 * What a pin opens to: itself and newer versions, without those that the program forbids.  (A
 * pinned method ignores an option that forbids its own version, so that is served.)
 *
 * It ends at the first version that is forbidden.  From 1.1.1 on a server with TLS 1.2 marks older
 * handshakes as downgraded (RFC 8446, 4.1.3); a client whose newest version lies in the gap would
 * take that for an attack, though the pin has served it.
 */
static versions opened_to(const struct subject *subject, const struct config *config)
{
	const struct method_kind *method = subject->method;
	versions pin = version_set(method->pin);
	versions set = subject->flexible_versions &
		       versions_from(policy_floor(config, method->transport, method->pin));
	versions forbidden =
		versions_forbidden(subject->dialect, method->transport, subject->options) & ~pin;
	versions allowed;

	if (stays_below_tls1_3(subject))
		set &= ~(versions)VERSION_TLS1_3;
	if (subject->demands.newer_ask_less)
		set &= VERSION_TLS1_2 - 1;
	allowed = set & ~forbidden & ~subject->barred;
	/*
	 * There the pin is the bounds that its method preset, which the program may have changed.
	 */
	if (subject->dialect->pinning == PIN_IS_RANGE)
		allowed = within(subject, subject->min, 0, subject->options) & set;
	else if (pin >= VERSION_TLS1_2 || allowed == 0)
		allowed |= set & pin;
	/* The operator's floor is beyond what the program's bounds leave. */
	if (subject->dialect->pinning != PIN_IS_RANGE && allowed == 0)
		allowed = lowest_of(set & ~forbidden);
	if (subject->dialect->no_tlsv1_3 != 0)
		allowed = without_gap(allowed);
	/*
	 * It may move the connection to another context, whose list and key are not asked by then.
	 */
	if (subject->servername_callback && (allowed & ~(versions)VERSION_TLS1_3) != 0)
		allowed &= ~(versions)VERSION_TLS1_3;
	return allowed;
}

/*
 * For a program that has bounded its server below SSLHARDEN_MIN_PROTOCOL: the server is raised to
 * that version, unless the program forbids it or TLS 1.3 would let in whom the program would
 * refuse.
 */
static versions raised_to(const struct subject *subject, versions floor)
{
	versions lowest = lowest_of(floor);
	bool forbidden = (within(subject, 0, 0, subject->options) & lowest) == 0;

	if (forbidden || (lowest == VERSION_TLS1_3 && stays_below_tls1_3(subject)) ||
	    (lowest >= VERSION_TLS1_2 && subject->demands.newer_ask_less))
		return 0;
	return lowest;
}

/* @now  what the connection would serve unchanged */
static versions held_of(const struct subject *subject, const struct config *config,
			const struct change *change, versions now)
{
	enum transport transport = subject->method->transport;
	/*
	 * What holds a pin that was exchanged before, options, a program can clear past every
	 * wrapper.
	 */
	versions floor =
		versions_from(policy_floor(config, transport, subject->pin)) & ~subject->below_pin;
	versions cap = versions_to(policy_cap(config, transport));
	versions set = change->pin_opened ? opened_to(subject, config) : now;

	/* Of a pin that was exchanged before its program set what bars the newer versions. */
	if (subject->pin != 0 && !subject->pin_opened && (set & floor & ~subject->barred) != 0)
		set &= ~(versions)subject->barred;
	/*
	 * Who looks at a pin that was opened, in a callback, sees options that libssl ignored
	 * there.
	 */
	if (subject->pin_opened)
		set = without_gap(
			(set | (version_set(subject->pin) & versions_from(subject->min))) &
			subject->opened_versions);
	/* A callback may have moved it to a context that demands more. */
	if (subject->pin_opened && stays_below_tls1_3(subject))
		set &= ~(versions)VERSION_TLS1_3;
	if (subject->demands.newer_ask_less)
		set &= VERSION_TLS1_2 - 1;
	set &= ~(versions)VERSION_SSL2;
	if (!config->allow_sslv3)
		set &= ~(versions)VERSION_SSL3;
	if ((set & floor) == 0 && set != 0 && !is_pinned(subject))
		return raised_to(subject, floor);
	set &= floor;
	/* If the cap is below the floor, the floor counts. */
	return (set & cap) != 0 ? set & cap : lowest_of(set);
}

static void decide_versions(const struct subject *subject, const struct config *config,
			    struct change *change, versions now)
{
	const struct dialect *dialect = subject->dialect;
	enum transport transport = subject->method->transport;
	versions after; /* what would be served with no more than the method and bounds changed */

	change->allowed = held_of(subject, config, change, now);
	/* A pin that would open to itself alone is left alone, if the connection has it. */
	change->pin_opened &= change->allowed != now || subject->method_is_newer;
	change->exchange = change->pin_opened && dialect->pinning != PIN_IS_RANGE;
	/* What libssl refuses by itself is left to it, and to what its program does about it. */
	change->refuse = change->allowed == 0 && now != 0;
	/* A pin that stays ignores options and bounds; what comes out is compared in the end. */
	if (is_pinned(subject) && !change->pin_opened && dialect->pinning != PIN_STAYS)
		return;
	/*
	 * AWS-LC does not tell the bound that a pinned method has preset.  What was opened before has
	 * none unless a callback set it: libssl before 3.2 takes none where the context is pinned.
	 */
	if (!change->exchange && (!subject->pin_opened || subject->max != 0) &&
	    (change->pin_opened || (change->allowed & ~now) != 0))
		change->max = version_highest(transport, change->allowed);
	if (change->exchange)
		after = within(subject, 0, 0, subject->options);
	else if (change->max != 0)
		after = within(subject, subject->min, change->max, subject->options);
	else
		after = now;
	if (change->exchange || subject->pin_opened)
		change->clear = version_options(
			dialect, transport,
			change->allowed & versions_forbidden(dialect, transport, subject->options));
	if ((after & ~change->allowed) != 0)
		change->set |= version_options(dialect, transport, after & ~change->allowed);
}

/*
 * What goes with TLS 1.3 where the program itself would not serve it.  A client that shows a key is
 * asked for no certificate: the key counts as little as it would have in an older version.  And
 * when its handshake is done TLS 1.3 writes tickets, to a client that may have said all it had to
 * and left; older versions write nothing then.  The second of two writes to who has left raises
 * SIGPIPE, and the program's own may be that one.  Nor are there tickets where libssl would write one
 * that a client cannot read.  Where the program keeps the sessions itself (NO_TICKET), or its security
 * level forbids tickets, which TLS 1.3 does not heed, an older version makes one session.  TLS 1.3 would
 * make two, and the program, which takes a client's session back by SSL_CTX_remove_session, knows one.
 */
static void decide_newer(const struct subject *subject, struct change *change)
{
	if ((change->allowed & ~change->bare & VERSION_TLS1_3) == 0)
		return;
	change->keyless = true;
	change->pskless = subject->demands.known && !subject->demands.psk;
	change->ticketless = subject->heeds_sigpipe || subject->breaks_tickets;
	if (subject->forbids_tickets)
		change->set |= subject->dialect->no_ticket;
	change->one_ticket = !change->ticketless &&
			     ((subject->options | change->set) & subject->dialect->no_ticket) != 0;
}

/*
 * Whether the operator's list has a suite for what is served; if nothing is, for what would be
 * without the floor.  Of a list without one libssl would serve nobody, in silence.
 */
static bool operator_list_fits(const struct demands *demands, const struct change *change)
{
	versions served = change->allowed != 0 ? change->allowed : change->bare;

	return (demands->operator_list & (served != 0 ? served : VERSIONS_ALL)) != 0;
}

static void decide_lists(const struct subject *subject, const struct config *config,
			 struct change *change)
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
	change->groups = config->groups[0] != '\0' && change->remark != REMARK_KEYS;
}

/*
 * The curve that a server gets would also let it serve anonymously, or without encryption, where its
 * program's list has such suites and says no more than "not ADH": bare they can't be used.
 */
static void decide_unsafe_ecdhe(const struct subject *subject, struct change *change)
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
static void decide_forbidden(const struct subject *subject, const struct config *config,
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
static void decide_gap(const struct subject *subject, struct change *change)
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

bool decide_forbids_tls1_3(const struct subject *subject, const struct config *config, int bits)
{
	const struct demands *demands = &subject->demands;
	bool suites = config->ciphersuites[0] != '\0' && demands->operator_suites;

	return stays_below_tls1_3(subject) || demands->newer_ask_less ||
	       (demands->known && !suites && demands->weakest_bits > BITS_TLS1_3 &&
		bits < demands->weakest_bits);
}

bool decide_is_older(const struct subject *subject)
{
	versions bare =
		subject->pin != 0 ? version_set(subject->pin) : bare_of(subject, as_it_is(subject));

	return bare != 0 && bare < VERSION_TLS1_2 &&
	       (subject->flexible_versions & VERSION_TLS1_2) != 0;
}

/* Whether it may get TLS 1.3 from us, if nothing that the program demands bars it. */
static bool is_below_tls1_3(const struct subject *subject, const struct config *config)
{
	return subject->dialect->no_tlsv1_3 != 0 &&
	       (opens(subject, config) ||
		(config->min_protocol == TLS1_3 && (as_it_is(subject) & VERSION_TLS1_3) == 0));
}

bool decide_needs_demands(const struct subject *subject, const struct config *config)
{
	bool opened = opens(subject, config) || subject->pin != 0;
	bool newer = is_below_tls1_3(subject, config) ||
		     ((opened || config->min_protocol >= TLS1_2) && decide_is_older(subject));

	return config->ciphers[0] != '\0' || config->ciphersuites[0] != '\0' ||
	       config->forbid != 0 || newer;
}

bool decide_may_add_tls1_3(const struct subject *subject, const struct config *config)
{
	return is_below_tls1_3(subject, config) && !stays_below_tls1_3(subject);
}

static void leave_nothing_to_do(struct change *change)
{
	*change = (struct change){.bare = change->bare,
				  .allowed = change->allowed,
				  .pin_opened = change->pin_opened,
				  .ciphers = change->ciphers,
				  .forbid = change->forbid,
				  .dh_bits = change->dh_bits};
}

void decide(const struct subject *subject, const struct config *config, struct change *change)
{
	versions now = as_it_is(subject);

	*change = (struct change){.bare = bare_of(subject, now), .set = subject->safe_options};
	change->pin_opened = opens(subject, config);
	if (subject->first_handshake)
		decide_versions(subject, config, change, now);
	else
		change->allowed = now;
	decide_lists(subject, config, change);
	decide_newer(subject, change);
	if (subject->client_renegotiates) {
		change->refuse = true;
		change->allowed = 0;
		change->set |= subject->dialect->no_resumption;
	}
	decide_forbidden(subject, config, change);
	if (subject->first_handshake)
		decide_gap(subject, change);
	decide_unsafe_ecdhe(subject, change);
	if (subject->dh_weakest != 0)
		change->dh_bits =
			policy_dh_choice(config, subject->dh_weakest, subject->dh_strongest);
	change->set &= ~subject->options;
	if (config->mode != MODE_ON)
		leave_nothing_to_do(change);
}
