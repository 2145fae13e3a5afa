/* SPDX-License-Identifier: MIT
 *
 * decide, over every combination of what can be read of a connection and of the settings that
 * matter, against what DESIGN.md promises.
 */
#include "harden/decide.h"
#include "harden/serves.h"

#include <stddef.h>
#include <stdio.h>

#include "check.h"

/* --- the promises --------------------------------------------------------------- */

static const struct subject *shown; /* for a failure's line */
static const struct config *shown_config;

static void show(const struct change *change, const char *promise)
{
	if (check_failures > 20)
		return;
	fprintf(stderr,
		"not kept: %s: OpenSSL %s, %s, bounds %x %x, options %llx, first %d exchange %d "
		"reused %d by_key %d tls1.3 %d bits %d; min %x max %x sslv3 %d pinned %d mode %d: "
		"bare %x held %x set %llx clear %llx\n",
		promise, shown->dialect->name, shown->method->name, (unsigned)shown->min,
		(unsigned)shown->max, (unsigned long long)shown->options, shown->first_handshake,
		shown->can_exchange, shown->reused, shown->demands.keys_only,
		shown->demands.can_tls1_3, shown->demands.weakest_bits,
		(unsigned)shown_config->min_protocol, (unsigned)shown_config->max_protocol,
		shown_config->allow_sslv3, shown_config->allow_pinned, shown_config->mode,
		change->bare, change->allowed, (unsigned long long)change->set,
		(unsigned long long)change->clear);
}

#define PROMISE(condition)                        \
	do {                                      \
		if (!(condition)) {               \
			show(change, #condition); \
			check_failures++;         \
		}                                 \
	} while (0)

/* What libssl serves after the change: it asks the method first, then bounds and options. */
static versions served_after(const struct change *change)
{
	const struct subject *s = shown;
	enum transport transport = s->method->transport;
	uint64_t options = (s->options & ~change->clear) | change->set;
	bool pinned = s->method->pin != 0 && s->dialect->pinning != PIN_IS_RANGE;
	int min = s->min, max = change->max != 0 ? change->max : s->max;

	if (pinned && !change->exchange && s->dialect->pinning != PIN_STAYS)
		return version_set(s->method->pin);
	if (pinned && !change->exchange)
		return version_set(s->method->pin) &
		       ~versions_forbidden(s->dialect, transport, options);
	if (change->exchange)
		min = max = 0;
	return versions_spoken(s->dialect, transport) & versions_from(min) & versions_to(max) &
	       ~versions_forbidden(s->dialect, transport, options);
}

static void nothing_in_audit(const struct change *change)
{
	PROMISE(change->set == 0 && change->clear == 0 && change->max == 0);
	PROMISE(!change->exchange && !change->refuse);
	PROMISE(!change->suites && !change->groups && change->min_suite_bits == 0);
}

static versions lowest(versions set)
{
	return set & (~set + 1);
}

static void versions_are_kept(const struct change *change)
{
	const struct config *c = shown_config;
	enum transport transport = shown->method->transport;
	versions old = c->allow_sslv3 ? VERSION_SSL2 : VERSION_SSL2 | VERSION_SSL3;
	versions floor = versions_from(policy_floor(c, transport, 0));
	versions served = served_after(change);

	/* Never lower than the program's own floor. */
	if (change->allowed != 0 && change->bare != 0)
		PROMISE(change->allowed >= lowest(change->bare));
	PROMISE((change->allowed & (lowest(change->bare) - 1)) == 0 || change->bare == 0);
	/* A pin serves on, whatever is said of bounds that it ignores. */
	if (c->min_protocol == 0 && shown->method->pin != 0 &&
	    shown->dialect->pinning != PIN_IS_RANGE)
		PROMISE(change->allowed != 0 ||
			(change->bare & ~(VERSION_SSL2 | VERSION_SSL3)) == 0);
	/* Never SSL 3.0 without leave, nor below the operator's floor. */
	PROMISE((change->allowed & old) == 0);
	PROMISE((change->allowed & ~floor) == 0);
	/* What libssl then serves is what was decided, or it is refused in the end. */
	PROMISE((served & ~change->allowed) == 0 || change->refuse ||
		(shown->method->pin != 0 && !change->pin_opened));
	/* TLS 1.3 only where the program's own settings hold there. */
	if ((change->bare & VERSION_TLS1_3) == 0 && shown->demands.known &&
	    (shown->demands.keys_only || !shown->demands.can_tls1_3))
		PROMISE((change->allowed & VERSION_TLS1_3) == 0);
	if ((change->bare & VERSION_TLS1_3) == 0 && shown->asks_post_handshake)
		PROMISE((change->allowed & VERSION_TLS1_3) == 0);
	if (shown->demands.tls1_2_asks_less)
		PROMISE((change->allowed & ~(VERSION_TLS1_2 - 1)) == 0);
	/* Raising never lowers: whom the bare program refuses below the floor stays refused. */
	if (change->bare != 0 && !change->pin_opened)
		PROMISE((change->allowed & ~change->bare) == 0 || change->max != 0 ||
			lowest(change->allowed) > change->bare);
}

static void options_are_safe(const struct change *change)
{
	uint64_t after = (shown->options & ~change->clear) | change->set;
	uint64_t wanted = policy_options(shown_config, shown->dialect);

	PROMISE((after & wanted) == wanted);
	PROMISE((change->set & change->clear) == 0);
}

/* A list of which this libssl takes nothing is as none. */
static void as_without_what_is_not_taken(const struct change *change)
{
	struct config *config = (struct config *)(uintptr_t)shown_config; /* too large for a copy */
	char first = config->ciphers[0];
	struct change other;

	if (first == '\0' || shown->demands.operator_ciphers)
		return;
	config->ciphers[0] = '\0';
	decide(shown, config, &other);
	config->ciphers[0] = first;
	PROMISE(change->ciphers == other.ciphers && change->forbid == other.forbid);
	PROMISE(change->remark == other.remark && change->allowed == other.allowed);
	PROMISE(change->set == other.set && change->min_suite_bits == other.min_suite_bits);
}

/* Nobody is written to who may have left, where the program's own choice would not write. */
static void newer_takes_nothing_else(const struct change *change)
{
	versions newer = change->allowed & ~change->bare & VERSION_TLS1_3;

	PROMISE(change->no_tickets ==
		((shown->heeds_sigpipe || shown->breaks_tickets) && newer != 0));
	/* One session is what its program can take back; and none is sealed where that is forbidden. */
	PROMISE(change->one_ticket ==
		(newer != 0 && !change->no_tickets &&
		 ((shown->options | change->set) & shown->dialect->no_ticket) != 0));
	PROMISE(!shown->forbids_tickets || newer == 0 || shown_config->mode != MODE_ON ||
		((shown->options | change->set) & shown->dialect->no_ticket) ==
			shown->dialect->no_ticket);
	PROMISE(newer == 0 || !shown->first_handshake || shown->exchanged_pin != 0 ||
		may_be_given_tls1_3(shown, shown_config)); /* or else nobody asks for the former */
	/* Nor lets in a key whom the program asks for a certificate. */
	PROMISE(change->adds_tls1_3 == (newer != 0));
	PROMISE(newer == 0 || change->no_psk_callback || shown->demands.psk ||
		!shown->demands.known);
}

/* Who would get less than the operator asks gets as much, and nobody less than before. */
static void parameters_are_large(const struct change *change)
{
	bool small = shown->dh_weakest != 0 && shown->dh_weakest < shown_config->min_dh_bits;

	PROMISE((change->dh_bits != 0) == small);
	PROMISE(!small || (change->dh_bits >= shown_config->min_dh_bits &&
			   change->dh_bits >= shown->dh_strongest));
}

/* An operator's list is set that has a suite for what is served; or it is said that none is. */
static void list_fits(const struct change *change)
{
	const struct demands *demands = &shown->demands;
	bool fits = (demands->operator_list & change->allowed) != 0;

	if (shown_config->ciphers[0] == '\0' || !demands->known || !demands->operator_ciphers ||
	    demands->keys_only || change->allowed == 0)
		return;
	PROMISE(change->ciphers == fits);
	PROMISE(fits || change->remark == REMARK_OWN_LIST || change->remark == REMARK_FORBID);
}

/* The lowest run of versions, whose top libssl takes for the newest, has a suite of the list. */
static void lowest_run_is_listed(const struct change *change)
{
	const struct demands *demands = &shown->demands;
	versions listed = VERSION_TLS1_3 |
			  (change->ciphers ? demands->operator_list : demands->left_by_forbid);
	versions run = lowest(change->allowed);

	if (!shown->dialect->proto_version || (!change->ciphers && !change->forbid) ||
	    (change->allowed & listed) == 0)
		return;
	while ((run << 1 & change->allowed & ~run) != 0)
		run |= run << 1 & change->allowed;
	PROMISE((run & listed) != 0);
}

/* The curve that it has from this library lets in nobody whom it refuses bare. */
static void curve_is_for_safe_suites(void)
{
	const struct subject *now = shown;
	struct subject other = *now;
	struct change made;

	shown = &other;
	for (int alone = 0; alone < 2; alone++) {
		const struct change *change = &made;
		bool on = shown_config->mode == MODE_ON;

		other.unsafe_ecdhe = true;
		other.unsafe_ecdhe_alone = alone != 0;
		decide(&other, shown_config, &made);
		PROMISE(change->no_unsafe_ecdhe == (on && !alone));
		PROMISE(!alone || !on || (change->refuse && change->allowed == 0));
		PROMISE(on || !change->refuse);
	}
	shown = now;
}

static void check(const struct subject *of, const struct config *config)
{
	struct subject read = *of, *subject = &read;
	struct change made, *change = &made;

	subject->safe_options = policy_options(config, subject->dialect);
	decide(subject, config, change);
	shown = subject;
	shown_config = config;
	if (subject->dh_weakest == 0) /* it has nothing to do with these */
		curve_is_for_safe_suites();
	if (config->mode != MODE_ON) {
		nothing_in_audit(change);
		return;
	}
	if (subject->first_handshake)
		versions_are_kept(change);
	options_are_safe(change);
	newer_takes_nothing_else(change);
	if (subject->first_handshake)
		lowest_run_is_listed(change);
	parameters_are_large(change);
	/* What nobody asked for comes to nothing, and what was has its versions. */
	if (!subject->first_handshake)
		PROMISE(change->refuse == subject->client_renegotiates &&
			(!change->refuse || change->allowed == 0));
	if (change->min_suite_bits != 0)
		PROMISE(change->pin_opened &&
			subject->demands.weakest_bits == change->min_suite_bits);
	if (subject->demands.known && subject->demands.keys_only)
		PROMISE(!change->ciphers);
	list_fits(change);
	/* A list stays that would leave nothing for what is served, and it is said. */
	if (change->forbid && !change->ciphers)
		PROMISE((subject->demands.left_by_forbid & change->allowed) != 0);
	if (config->forbid != 0 && subject->demands.known && subject->demands.has_forbidden &&
	    (change->allowed & ~(versions)VERSION_TLS1_3) != 0)
		PROMISE(change->forbid || change->remark == REMARK_FORBID);
	PROMISE(config->forbid != 0 || !change->forbid);
	as_without_what_is_not_taken(change);
}

/* --- every combination ------------------------------------------------------------ */

static const struct demands asks[] = {
	{.known = false},
	{.known = true,
	 .operator_ciphers = true,
	 .can_tls1_3 = true,
	 .operator_list = VERSIONS_ALL,
	 .weakest_bits = 128,
	 .has_forbidden = true,
	 .left_by_forbid = VERSION_TLS1_2},
	{.known = true,
	 .operator_ciphers = true,
	 .can_tls1_3 = true,
	 .weakest_bits = 256,
	 .has_forbidden = true},
	{.known = true,
	 .operator_ciphers = true,
	 .keys_only = true,
	 .can_tls1_3 = true,
	 .operator_list = VERSIONS_ALL,
	 .weakest_bits = 128},
	{.known = true,
	 .operator_ciphers = true,
	 .can_tls1_3 = false,
	 .operator_list = VERSIONS_ALL,
	 .weakest_bits = 128},
	{.known = true, .keys_only = true, .psk = true},
	{.known = true,
	 .operator_ciphers = true,
	 .can_tls1_3 = true,
	 .operator_list = VERSION_TLS1_2 | VERSION_TLS1_3,
	 .weakest_bits = 128,
	 .has_forbidden = true,
	 .left_by_forbid = VERSION_TLS1},
	{.known = true,
	 .can_tls1_3 = true,
	 .operator_list = VERSIONS_ALL,
	 .tls1_2_asks_less = true},
	{.known = true,
	 .can_tls1_3 = true,
	 .operator_list = VERSIONS_ALL,
	 .weakest_bits = 256,
	 .has_forbidden = true},
};

static const int tls_bounds[] = {0, 0x0302, 0x0303, 0x0304};
static const int dtls_bounds[] = {0, 0xfeff, 0xfefd};
static const versions barred[] = {0, VERSION_TLS1_3, VERSION_TLS1 | VERSION_TLS1_1,
				  VERSION_TLS1_2 | VERSION_TLS1_3, VERSIONS_ALL & ~VERSION_TLS1_3};
enum { BARRED = sizeof(barred) / sizeof(barred[0]) };

static void with_config(const struct subject *subject)
{
	static const int mins[] = {0, 0x0303, 0x0304}, maxs[] = {0, 0x0302};
	static struct config config; /* most of it stays zero, and is large */

	for (unsigned int i = 0; i < 3 * 2 * 2 * 2 * 2; i++) {
		config.mode = i == 0 ? MODE_AUDIT : MODE_ON;
		config.min_protocol = mins[i % 3];
		config.max_protocol = maxs[i / 3 % 2];
		config.allow_sslv3 = i / 6 % 2 != 0;
		config.allow_pinned = i / 12 % 2 != 0;
		config.ciphers[0] = i / 24 % 2 != 0 ? 'H' : '\0';
		config.forbid = i / 3 % 4 == 1;
		config.min_dh_bits = i % 5 * 1024;
		check(subject, &config);
	}
	config.min_protocol = config.max_protocol = 0; /* the default */
	config.allow_sslv3 = config.allow_pinned = false;
	config.ciphers[0] = '\0';
	config.forbid = config.min_dh_bits = 0;
	check(subject, &config);
}

static void with_state(struct subject subject)
{
	for (size_t a = 0; a < sizeof(asks) / sizeof(asks[0]); a++) {
		for (unsigned int i = 0; i < (subject.method->pin != 0 ? 3 * BARRED : 3); i++) {
			subject.demands = asks[a];
			subject.first_handshake = i % 3 != 2;
			subject.dh_weakest = (a + i) % 4 * 1024;
			subject.dh_strongest = subject.dh_weakest == 0 ? 0 : 3072 * (1 + i % 2);
			subject.client_renegotiates = !subject.first_handshake && a % 2 != 0;
			subject.reused = i % 3 == 1;
			subject.asks_post_handshake = (a + i) % 5 == 0;
			subject.heeds_sigpipe = i % 2 != 0;
			subject.breaks_tickets = (a + i) % 3 == 0;
			subject.forbids_tickets = (a + i) % 4 == 0;
			subject.barred = barred[i / 3];
			subject.demands.tls1_2_asks_less &= serves_older(&subject);
			with_config(&subject);
		}
	}
}

static void with_options(struct subject subject)
{
	const struct dialect *d = subject.dialect;
	uint64_t options[] = {0,
			      d->no_sslv3,
			      d->no_tlsv1,
			      d->no_tlsv1_1 | d->no_tlsv1_2,
			      d->no_tlsv1_3,
			      policy_options(&(struct config){.mode = MODE_ON}, d)};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		subject.options = options[i];
		with_state(subject);
	}
}

static void with_bounds(struct subject subject)
{
	bool dtls = subject.method->transport == TRANSPORT_DTLS;
	const int *bounds = dtls ? dtls_bounds : tls_bounds;
	size_t count = dtls ? sizeof(dtls_bounds) / sizeof(dtls_bounds[0])
			    : sizeof(tls_bounds) / sizeof(tls_bounds[0]);

	if (!subject.dialect->proto_version)
		count = 1;
	for (size_t min = 0; min < count; min++) {
		for (size_t max = 0; max < count; max++) {
			subject.min = bounds[min];
			subject.max = bounds[max];
			with_options(subject);
		}
	}
}

static void with_method(const struct dialect *dialect)
{
	for (int id = 0; id < METHOD_COUNT; id++) {
		struct subject subject = {.dialect = dialect, .method = &method_kinds[id]};

		if (subject.method->transport == TRANSPORT_QUIC)
			continue;
		subject.flexible_versions = versions_spoken(dialect, subject.method->transport);
		subject.version_options =
			version_options(dialect, subject.method->transport, VERSIONS_ALL);
		for (int i = 0; i < (subject.method->pin != 0 ? 2 : 1); i++) {
			subject.can_exchange = i != 0 && dialect->pinning == PIN_AT_HANDSHAKE &&
					       subject.method->pin != 0;
			with_bounds(subject);
		}
	}
}

static void test_every_combination(void)
{
	static const struct {
		enum family family;
		unsigned long version;
		bool functions;
	} each[] = {
		{FAMILY_OPENSSL, 0x0090821fUL, false},  {FAMILY_OPENSSL, 0x1000115fUL, false},
		{FAMILY_OPENSSL, 0x1000215fUL, false},  {FAMILY_OPENSSL, 0x101000cfUL, true},
		{FAMILY_OPENSSL, 0x1010117fUL, true},   {FAMILY_OPENSSL, 0x30500000UL, true},
		{FAMILY_LIBRESSL, 0x20000000UL, false}, {FAMILY_BORINGSSL, 0x1010107fUL, true},
	};

	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++)
		with_method(dialect_find(each[i].family, each[i].version, each[i].functions));
}

int main(void)
{
	test_every_combination();
	return check_failures != 0;
}
