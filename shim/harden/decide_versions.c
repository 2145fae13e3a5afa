/* SPDX-License-Identifier: MIT */
#include "harden/decide_versions.h"

#include "harden/serves.h"

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
	if (subject->demands.tls1_2_asks_less)
		set &= VERSION_TLS1_2 - 1;
	allowed = set & ~forbidden & ~subject->barred;
	/*
	 * There the pin is the bounds that its method preset, which the program may have changed.
	 */
	if (subject->dialect->pinning == PIN_IS_RANGE)
		allowed = serves_within(subject, subject->min, 0, subject->options) & set;
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
	bool forbidden = (serves_within(subject, 0, 0, subject->options) & lowest) == 0;

	if (forbidden || (lowest == VERSION_TLS1_3 && stays_below_tls1_3(subject)) ||
	    (lowest >= VERSION_TLS1_2 && subject->demands.tls1_2_asks_less))
		return 0;
	return lowest;
}

static versions held_of(const struct subject *subject, const struct config *config,
			const struct change *change, versions now)
{
	enum transport transport = subject->method->transport;
	/*
	 * What holds a pin that was exchanged before, options, a program can clear past every
	 * wrapper.
	 */
	versions floor = versions_from(policy_floor(config, transport, subject->exchanged_pin)) &
			 ~subject->below_former_pins;
	versions cap = versions_to(policy_cap(config, transport));
	versions set = change->pin_opened ? opened_to(subject, config) : now;

	/* Of a pin that was exchanged before its program set what bars the newer versions. */
	if (subject->exchanged_pin != 0 && !subject->pin_opened &&
	    (set & floor & ~subject->barred) != 0)
		set &= ~(versions)subject->barred;
	/*
	 * Who looks at a pin that was opened, in a callback, sees options that libssl ignored
	 * there.
	 */
	if (subject->pin_opened)
		set = without_gap((set | (version_set(subject->exchanged_pin) &
					  versions_from(subject->min))) &
				  subject->opened_versions);
	/* A callback may have moved it to a context that demands more. */
	if (subject->pin_opened && stays_below_tls1_3(subject))
		set &= ~(versions)VERSION_TLS1_3;
	if (subject->demands.tls1_2_asks_less)
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

void decide_versions(const struct subject *subject, const struct config *config,
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
		after = serves_within(subject, 0, 0, subject->options);
	else if (change->max != 0)
		after = serves_within(subject, subject->min, change->max, subject->options);
	else
		after = now;
	if (change->exchange || subject->pin_opened)
		change->clear = version_options(
			dialect, transport,
			change->allowed & versions_forbidden(dialect, transport, subject->options));
	if ((after & ~change->allowed) != 0)
		change->set |= version_options(dialect, transport, after & ~change->allowed);
}
