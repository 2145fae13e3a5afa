/* SPDX-License-Identifier: MIT */
#include "harden/serves.h"

/* Whether it serves one version, whatever bounds and options say. */
static bool is_fixed(const struct subject *subject)
{
	return is_pinned(subject) && subject->dialect->pinning != PIN_IS_RANGE;
}

versions serves_within(const struct subject *subject, int min, int max, uint64_t options)
{
	versions set = subject->flexible_versions & versions_from(min) & versions_to(max);

	options &= subject->version_options;
	if ((options & ~subject->dialect->no_sslv3) == 0) /* as of nearly all: it is our own */
		return options == 0 ? set : set & ~(versions)VERSION_SSL3;
	return set & ~versions_forbidden(subject->dialect, subject->method->transport, options);
}

versions serves_now(const struct subject *subject)
{
	if (is_fixed(subject))
		return version_set(subject->method->pin);
	return serves_within(subject, subject->min, subject->max, subject->options);
}

versions serves_bare(const struct subject *subject, versions now)
{
	if (subject->exchanged_pin != 0)
		return version_set(subject->exchanged_pin);
	if (is_fixed(subject))
		return now;
	return serves_within(subject, subject->min, subject->max,
			     subject->options & ~subject->our_options);
}

bool pin_opens(const struct subject *subject, const struct config *config)
{
	const struct method_kind *method = subject->method;

	if (!is_pinned(subject) || !subject->first_handshake ||
	    policy_keeps_pin(config, method->transport, method->pin))
		return false;
	if (subject->dialect->pinning == PIN_IS_RANGE) /* or else the program set another since */
		return subject->max == 0 || subject->max == method->pin;
	return subject->can_exchange;
}

bool stays_below_tls1_3(const struct subject *subject)
{
	const struct demands *demands = &subject->demands;

	return (subject->barred & VERSION_TLS1_3) != 0 || subject->asks_post_handshake ||
	       (demands->known && (demands->keys_only || !demands->can_tls1_3)) ||
	       (subject->reused && !subject->dialect->reuses_tls1_3);
}

bool serves_below_tls1_3(const struct subject *subject, const struct config *config, int bits)
{
	const struct demands *demands = &subject->demands;
	bool suites = config->ciphersuites[0] != '\0' && demands->operator_suites;

	return stays_below_tls1_3(subject) || demands->tls1_2_asks_less ||
	       (demands->known && !suites && demands->weakest_bits > BITS_TLS1_3 &&
		bits < demands->weakest_bits);
}

bool serves_older(const struct subject *subject)
{
	versions bare = subject->exchanged_pin != 0 ? version_set(subject->exchanged_pin)
						    : serves_bare(subject, serves_now(subject));

	return bare != 0 && bare < VERSION_TLS1_2 &&
	       (subject->flexible_versions & VERSION_TLS1_2) != 0;
}

/* Whether it may get TLS 1.3 from us, if nothing that the program demands bars it. */
static bool is_below_tls1_3(const struct subject *subject, const struct config *config)
{
	return subject->dialect->no_tlsv1_3 != 0 &&
	       (pin_opens(subject, config) || (config->min_protocol == WIRE_TLS1_3 &&
					       (serves_now(subject) & VERSION_TLS1_3) == 0));
}

bool serves_by_demands(const struct subject *subject, const struct config *config)
{
	bool opened = pin_opens(subject, config) || subject->exchanged_pin != 0;
	bool newer = is_below_tls1_3(subject, config) ||
		     ((opened || config->min_protocol >= WIRE_TLS1_2) && serves_older(subject));

	return config->ciphers[0] != '\0' || config->ciphersuites[0] != '\0' ||
	       config->forbid != 0 || newer ||
	       (config->groups[0] != '\0' && subject->dialect->ecdhe_on_request);
}

bool may_be_given_tls1_3(const struct subject *subject, const struct config *config)
{
	return is_below_tls1_3(subject, config) && !stays_below_tls1_3(subject);
}
