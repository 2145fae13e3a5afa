/* SPDX-License-Identifier: MIT */
#include "harden/decide.h"

enum {
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

/* To one version, whatever bounds and options say. */
static bool is_fixed(const struct subject *subject)
{
	return is_pinned(subject) && subject->dialect->pinning != PIN_IS_RANGE;
}

/* What the flexible method serves within bounds and options. */
static versions within(const struct subject *subject, int min, int max, uint64_t options)
{
	enum transport transport = subject->method->transport;

	return subject->spoken & versions_from(min) & versions_to(max) &
	       ~versions_forbidden(subject->dialect, transport, options);
}

/* What is served as it is; bounds and options say nothing to a pinned method. */
static versions as_it_is(const struct subject *subject)
{
	if (is_fixed(subject))
		return version_set(subject->method->pin);
	return within(subject, subject->min, subject->max, subject->options);
}

/* What would be without us; @now: what is. */
static versions bare_of(const struct subject *subject, versions now)
{
	if (subject->pin != 0)
		return version_set(subject->pin);
	if (is_fixed(subject))
		return now;
	return within(subject, subject->min, subject->max, subject->options & ~subject->ours);
}

static bool opens(const struct subject *subject, const struct config *config)
{
	const struct method_kind *method = subject->method;

	if (!is_pinned(subject) || !subject->first ||
	    policy_keeps_pin(config, method->transport, method->pin))
		return false;
	if (subject->dialect->pinning == PIN_IS_RANGE) /* or else the program set another since */
		return subject->max == 0 || subject->max == method->pin;
	return subject->can_exchange;
}

/*
 * A newer version is an offer of its own: TLS 1.3 knows nothing of the keys that the list of
 * an older one asks for, nor of a program that wants none of its suites; and lets in without a
 * certificate whom an older one asks for it at once.
 */
static bool stays_below_tls1_3(const struct subject *subject)
{
	const struct asked *asked = &subject->asked;

	return (subject->barred & VERSION_TLS1_3) != 0 || subject->asks_later ||
	       (asked->known && (asked->by_key || !asked->tls1_3)) ||
	       (subject->reused && !subject->dialect->reuses_tls1_3);
}

/* Of a set the lowest and those that follow without a gap. */
static versions without_gap(versions set)
{
	versions run = lowest_of(set);

	while ((run << 1 & set & ~run) != 0)
		run |= run << 1 & set;
	return run;
}

/*
 * What a pin opens to: from it upwards, but for what the program forbids there.  libssl ignores
 * that it forbids the pin's own version, and serves it.
 *
 * From 1.1.1 on a server that speaks TLS 1.2 marks what is older as a downgrade (RFC 8446,
 * 4.1.3).  A client whose newest version the program forbids would take that for an attack,
 * and has been served the pin: so a gap is where it ends.
 */
static versions opened_to(const struct subject *subject, const struct config *config)
{
	const struct method_kind *method = subject->method;
	versions pin = version_set(method->pin);
	versions set = subject->spoken &
		       versions_from(policy_floor(config, method->transport, method->pin));
	versions forbidden =
		versions_forbidden(subject->dialect, method->transport, subject->options) & ~pin;
	versions allowed = set & ~forbidden & ~subject->barred;

	/*
	 * There the pin is the bounds that its method preset, which the program may have changed.
	 */
	if (subject->dialect->pinning == PIN_IS_RANGE)
		allowed = within(subject, subject->min, 0, subject->options) & set;
	else if (pin >= VERSION_TLS1_2 || allowed == 0)
		allowed |= set & pin;
	if (subject->dialect->no_tlsv1_3 != 0)
		allowed = without_gap(allowed);
	/*
	 * It may move the connection to another context, whose list and key are not asked by then.
	 */
	if (subject->names && (allowed & ~(versions)VERSION_TLS1_3) != 0)
		allowed &= ~(versions)VERSION_TLS1_3;
	return stays_below_tls1_3(subject) ? allowed & ~(versions)VERSION_TLS1_3 : allowed;
}

/*
 * A program may have bounded its server below the operator's floor.  Whoever raises the floor
 * wants it to serve there, unless that version lets in whom the program would refuse.
 */
static versions raised_to(const struct subject *subject, versions floor)
{
	versions lowest = lowest_of(floor);
	bool forbidden = (within(subject, 0, 0, subject->options) & lowest) == 0;

	if (forbidden || (lowest == VERSION_TLS1_3 && stays_below_tls1_3(subject)))
		return 0;
	return lowest;
}

/* @now  what is served as it is */
static versions held_of(const struct subject *subject, const struct config *config,
			const struct change *change, versions now)
{
	enum transport transport = subject->method->transport;
	/*
	 * What holds a pin that was exchanged before, options, a program can clear past every
	 * wrapper.
	 */
	versions floor = versions_from(policy_floor(config, transport, subject->pin));
	versions cap = versions_to(policy_cap(config, transport));
	versions set = change->opened ? opened_to(subject, config) : now;

	/*
	 * Who looks at a pin that was opened, in a callback, sees options that libssl ignored
	 * there.
	 */
	if (subject->opened)
		set = without_gap(
			(set | (version_set(subject->pin) & versions_from(subject->min))) &
			subject->bound);
	/* A callback may have moved it to a context that asks for more. */
	if (subject->opened && stays_below_tls1_3(subject))
		set &= ~(versions)VERSION_TLS1_3;
	set &= ~(versions)VERSION_SSL2;
	if (!config->allow_sslv3)
		set &= ~(versions)VERSION_SSL3;
	if ((set & floor) == 0 && set != 0 && !is_pinned(subject))
		return raised_to(subject, floor);
	set &= floor;
	/* A cap below the floor would leave nothing; the floor is the promise. */
	return (set & cap) != 0 ? set & cap : lowest_of(set);
}

static void decide_versions(const struct subject *subject, const struct config *config,
			    struct change *change, versions now)
{
	const struct dialect *dialect = subject->dialect;
	enum transport transport = subject->method->transport;
	versions after; /* what would be served with no more than the method and bounds changed */

	change->exchange = change->opened && dialect->pinning != PIN_IS_RANGE;
	change->held = held_of(subject, config, change, now);
	/* What libssl refuses by itself is left to it, and to what its program does about it. */
	change->refuse = change->held == 0 && now != 0;
	/* Nothing but the method counts there, and what comes out is compared in the end. */
	if (is_pinned(subject) && !change->opened && dialect->pinning != PIN_STAYS)
		return;
	/* AWS-LC does not tell the bound that a pinned method has preset. */
	if (!change->exchange && (change->opened || (change->held & ~now) != 0))
		change->max = version_highest(transport, change->held);
	if (change->exchange)
		after = within(subject, 0, 0, subject->options);
	else if (change->max != 0)
		after = within(subject, subject->min, change->max, subject->options);
	else
		after = now;
	if (change->exchange || subject->opened)
		change->clear = version_options(
			dialect, transport,
			change->held & versions_forbidden(dialect, transport, subject->options));
	if ((after & ~change->held) != 0)
		change->set |= version_options(dialect, transport, after & ~change->held);
}

/*
 * What goes with TLS 1.3 where the program itself would not serve it.  A client that shows a key is
 * asked for no certificate: the key counts as little as it would have in an older version.  And when
 * its handshake is done TLS 1.3 writes tickets, to a client that may have said all it had to and left;
 * older versions write nothing then.  The second of two writes to who has left raises SIGPIPE, and
 * the program's own may be that one.
 */
static void decide_newer(const struct subject *subject, struct change *change)
{
	if ((change->held & ~change->bare & VERSION_TLS1_3) == 0)
		return;
	change->keyless = true;
	change->pskless = subject->asked.known && !subject->asked.psk;
	change->ticketless = subject->dies_of_writing;
}

static void decide_lists(const struct subject *subject, const struct config *config,
			 struct change *change)
{
	const struct asked *asked = &subject->asked;
	bool ciphers = config->ciphers[0] != '\0' && asked->ciphers;
	bool suites = config->ciphersuites[0] != '\0' && asked->suites;
	bool by_key = asked->known && asked->by_key;

	/* Without a certificate TLS 1.3 goes by a key, which not every suite goes with. */
	change->suites = suites && !(by_key && !asked->tls1_3);
	if ((change->opened || subject->opened) && !change->suites && asked->known &&
	    asked->bits > BITS_TLS1_3)
		change->suites_bits = asked->bits;
	if (by_key && (ciphers || change->suites != suites))
		change->remark = REMARK_KEYS;
	else if (ciphers && asked->known && !asked->suits)
		change->remark = REMARK_OWN_LIST;
	change->ciphers = ciphers && asked->known && change->remark == REMARK_NONE;
	change->ways = asked->ways;
	change->ways_older = asked->ways_older;
	/* From 4.0 on finite fields are groups, too: an own list keeps those that it goes with. */
	change->groups = config->groups[0] != '\0' && change->remark != REMARK_KEYS;
}

/* Of the operator's list, which goes first, enough is left; of the program's that is looked at. */
static void decide_forbidden(const struct subject *subject, const struct config *config,
			     struct change *change)
{
	const struct asked *asked = &subject->asked;
	versions older = change->held & ~(versions)VERSION_TLS1_3;

	if (config->forbid == 0 || !asked->known || older == 0)
		return;
	change->forbid = change->ciphers || (asked->forbidden && (asked->left & older) != 0);
	if (!change->forbid && asked->forbidden)
		change->remark = REMARK_FORBID;
}

bool decide_objects(const struct subject *subject, int bits)
{
	return stays_below_tls1_3(subject) ||
	       (subject->asked.known && subject->asked.bits > BITS_TLS1_3 &&
		bits < subject->asked.bits);
}

bool decide_asks(const struct subject *subject, const struct config *config)
{
	bool newer = subject->dialect->no_tlsv1_3 != 0 &&
		     (opens(subject, config) || config->min_protocol == TLS1_3);

	return config->ciphers[0] != '\0' || config->ciphersuites[0] != '\0' ||
	       config->forbid != 0 || newer;
}

static void leave_nothing_to_do(struct change *change)
{
	*change = (struct change){.bare = change->bare,
				  .held = change->held,
				  .opened = change->opened,
				  .ciphers = change->ciphers,
				  .forbid = change->forbid,
				  .dh = change->dh};
}

void decide(const struct subject *subject, const struct config *config, struct change *change)
{
	versions now = as_it_is(subject);

	*change = (struct change){.bare = bare_of(subject, now), .set = subject->wanted};
	change->opened = opens(subject, config);
	decide_lists(subject, config, change);
	if (subject->first)
		decide_versions(subject, config, change, now);
	else
		change->held = now;
	decide_newer(subject, change);
	if (subject->unasked) {
		change->refuse = true;
		change->held = 0;
		change->set |= subject->dialect->no_resumption;
	}
	decide_forbidden(subject, config, change);
	if (subject->dh_weakest != 0)
		change->dh = policy_dh_choice(config, subject->dh_weakest, subject->dh_strongest);
	change->set &= ~subject->options;
	if (config->mode != MODE_ON)
		leave_nothing_to_do(change);
}
