/* SPDX-License-Identifier: MIT */
#include "sslharden/policy.h"

#include "policy/ffdhe.h"

uint64_t policy_options(const struct config *config, const struct dialect *dialect)
{
	uint64_t options = dialect->no_sslv2;

	if (!config->allow_sslv3)
		options |= dialect->no_sslv3;
	if (!config->allow_compression)
		options |= dialect->no_compression;
	if (!config->allow_client_preference)
		options |= dialect->cipher_server_preference;
	/* libssl looks at it only together with the server's preference. */
	if (!config->allow_client_preference && config->prioritize_chacha)
		options |= dialect->prioritize_chacha;
	if (config->no_tickets)
		options |= dialect->no_ticket;
	if (!config->allow_dh_reuse)
		options |= dialect->single_dh_use;
	if (!config->allow_ecdh_reuse)
		options |= dialect->single_ecdh_use;
	return options;
}

/* A TLS version as DTLS counts: DTLS 1.0 is TLS 1.1, DTLS 1.2 is TLS 1.2. */
static int in_transport(enum transport transport, int version)
{
	if (transport == TRANSPORT_TLS || version == 0)
		return version;
	return version >= WIRE_TLS1_2 ? WIRE_DTLS1_2 : WIRE_DTLS1;
}

int policy_floor(const struct config *config, enum transport transport, int pin)
{
	int wanted = in_transport(transport, config->min_protocol);

	/* A pin on SSL 2.0 or 3.0 opens to TLS 1.0, unless the operator allows SSL 3.0. */
	if (transport == TRANSPORT_TLS && pin != 0) {
		if (pin < WIRE_SSL3)
			pin = WIRE_TLS1;
		if (pin == WIRE_SSL3 && !config->allow_sslv3)
			pin = WIRE_TLS1;
	}
	if (pin == 0)
		return wanted;
	return wanted != 0 && version_older(transport, pin, wanted) ? wanted : pin;
}

bool policy_keeps_pin(const struct config *config, enum transport transport, int pin)
{
	int wanted = in_transport(transport, config->min_protocol);

	/* SSLHARDEN_ALLOW_PINNED alone does not allow SSL 3.0. */
	if (transport == TRANSPORT_TLS &&
	    (pin < WIRE_SSL3 || (pin == WIRE_SSL3 && !config->allow_sslv3)))
		return false;
	return config->allow_pinned && (wanted == 0 || !version_older(transport, pin, wanted));
}

bool policy_exchanges(const struct config *config, enum transport transport, int pin)
{
	return transport == TRANSPORT_TLS ||
	       version_older(transport, pin, policy_floor(config, transport, pin));
}

unsigned int policy_dh_bits(const struct config *config, unsigned int bits)
{
	return bits < config->min_dh_bits ? ffdhe_size(config->min_dh_bits) : 0;
}

unsigned int policy_dh_choice(const struct config *config, unsigned int weakest,
			      unsigned int strongest)
{
	unsigned int size = policy_dh_bits(config, weakest);

	return size == 0 || size >= strongest ? size : ffdhe_size(strongest);
}

int policy_cap(const struct config *config, enum transport transport)
{
	return in_transport(transport, config->max_protocol);
}
