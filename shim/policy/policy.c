/* SPDX-License-Identifier: MIT */
#include "sslharden/policy.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "policy/ffdhe.h"

enum {
	SSL2 = 0x0002,
	SSL3 = 0x0300,
	TLS1 = 0x0301,
	TLS1_1 = 0x0302,
	TLS1_2 = 0x0303,
	TLS1_3 = 0x0304,
	DTLS1 = 0xfeff,
	DTLS1_2 = 0xfefd,
};

/* clang-format off */ /* tables; the macros' arguments are whole initializers */
/* NOLINTBEGIN(bugprone-macro-parentheses) */
/* 1.0.1 and 1.0.1a gave NO_TLSv1_1 the bit 0x400; 1.0.1b moved it. */
#define ROWS_1_0(first_, name_, compression_, tls11_, tls12_, dtls1_, dtls12_)                  \
	{                                                                                       \
		.name = name_, .since = first_, .no_sslv2 = 0x01000000, .no_sslv3 = 0x02000000, \
		.no_compression = compression_, .cipher_server_preference = 0x00400000,         \
		.single_dh_use = 0x00100000, .single_ecdh_use = 0x00080000,                     \
		.no_tlsv1 = 0x04000000, .no_tlsv1_1 = tls11_, .no_tlsv1_2 = tls12_,             \
		.no_ticket = 0x00004000, .no_resumption = 0x00010000, .no_dtlsv1 = dtls1_,      \
		.no_dtlsv1_2 = dtls12_, .ecdhe_on_request = true, .method_is_first = true,      \
		.pinning = PIN_BEFORE_HANDSHAKE,                                                \
	}

#define ROW_1_1(first_, name_, chacha_, tls13_, renegotiates_, reuses_, breaks_)                \
	{                                                                                       \
		.name = name_, .since = first_, .no_sslv3 = 0x02000000,                         \
		.no_compression = 0x00020000, .cipher_server_preference = 0x00400000,           \
		.no_ticket = 0x00004000, .no_resumption = 0x00010000,                           \
		.no_renegotiation = 0x40000000, .allow_client_renegotiation = renegotiates_,    \
		.prioritize_chacha = chacha_, .no_tlsv1 = 0x04000000, .no_tlsv1_1 = 0x10000000, \
		.no_tlsv1_2 = 0x08000000, .no_tlsv1_3 = tls13_, .no_dtlsv1 = 0x04000000,        \
		.no_dtlsv1_2 = 0x08000000, .option_functions = true, .proto_version = true,     \
		.reuses_tls1_3 = reuses_, .breaks_empty_ticket = breaks_,                       \
	}

/* NOLINTEND(bugprone-macro-parentheses) */
/* Values from each release's include/openssl/ssl.h; newest first. */
static const struct dialect openssl[] = {
	{.name = "4.0 and later",
	 .since = 0x40000000,
	 .option_functions = true,
	 .options_by_name = true,
	 .reuses_tls1_3 = true},
	ROW_1_1(0x30500000, "3.5 and later", 0x00200000, 0x20000000, 0x00000100, true, false),
	ROW_1_1(0x30000000, "3.0 to 3.4", 0x00200000, 0x20000000, 0x00000100, false, false),
	ROW_1_1(0x10101000, "1.1.1", 0x00200000, 0x20000000, 0, false, true),
	ROW_1_1(0x10100000, "1.1.0", 0, 0, 0, false, false), /* before 1.1.0h: it has no such bit */
	ROWS_1_0(0x10002000, "1.0.2", 0x00020000, 0x10000000, 0x08000000, 0x04000000, 0x08000000),
	ROWS_1_0(0x10001020, "1.0.1", 0x00020000, 0x10000000, 0x08000000, 0, 0),
	ROWS_1_0(0x10001000, "1.0.1, 1.0.1a", 0x00020000, 0x00000400, 0x08000000, 0, 0),
	ROWS_1_0(0x10000000, "1.0.0", 0x00020000, 0, 0, 0, 0),
	ROWS_1_0(0x00908000, "0.9.8", 0, 0, 0, 0, 0),
};

/*
 * Values of include/openssl/ssl.h of LibreSSL 3.7 and 4.3.  Two bits are never set: 0x80000 is
 * SINGLE_ECDH_USE in 2.x and ALLOW_CLIENT_RENEGOTIATION in 4.x, 0x20000 is
 * NO_CLIENT_RENEGOTIATION.  LibreSSL has no SSLv2, SSLv3 or compression.
 *
 * Its pins stay: TLSv1_2_server_method returns TLSv1_2_method, so a pinned context may be a
 * client's; a connection loses another method at SSL_clear; and a flexible context with a range
 * writes another record version in its hello.
 */
static const struct dialect libressl = {
	.name = "LibreSSL",
	.cipher_server_preference = 0x00400000,
	.single_dh_use = 0x00100000,
	.no_ticket = 0x00004000,
	.no_resumption = 0x00010000,
	.no_tlsv1 = 0x04000000,
	.no_tlsv1_1 = 0x10000000,
	.no_tlsv1_2 = 0x08000000,
	.no_tlsv1_3 = 0x20000000,
	.no_dtlsv1 = 0x40000000,
	.no_dtlsv1_2 = 0x80000000,
	.proto_version = true,
	.pinning = PIN_STAYS,
};

/* ssl.h of BoringSSL (Android 13 and 14) and of AWS-LC 5.5, which define the other options as 0. */
static const struct dialect boringssl = {
	.name = "BoringSSL",
	.cipher_server_preference = 0x00400000,
	.no_ticket = 0x00004000,
	.no_tlsv1 = 0x04000000,
	.no_tlsv1_1 = 0x10000000,
	.no_tlsv1_2 = 0x08000000,
	.no_tlsv1_3 = 0x20000000,
	.no_dtlsv1 = 0x04000000,
	.no_dtlsv1_2 = 0x08000000,
	.option_functions = true,
	.proto_version = true,
	.pinning = PIN_IS_RANGE,
	.fresh_is_client = true,
};
/* clang-format on */

const struct dialect *dialect_find(enum family family, unsigned long version, bool option_functions)
{
	if (family == FAMILY_LIBRESSL)
		return option_functions ? NULL : &libressl;
	if (family == FAMILY_BORINGSSL)
		return option_functions ? &boringssl : NULL;
	for (size_t i = 0; i < sizeof(openssl) / sizeof(openssl[0]); i++) {
		if (version >= openssl[i].since)
			return openssl[i].option_functions == option_functions ? &openssl[i] : NULL;
	}
	return NULL;
}

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

bool version_older(enum transport transport, int a, int b)
{
	return transport == TRANSPORT_DTLS ? a > b : a < b;
}

/* A TLS version as DTLS counts: DTLS 1.0 is TLS 1.1, DTLS 1.2 is TLS 1.2. */
static int in_transport(enum transport transport, int version)
{
	if (transport == TRANSPORT_TLS || version == 0)
		return version;
	return version >= TLS1_2 ? DTLS1_2 : DTLS1;
}

int policy_floor(const struct config *config, enum transport transport, int pin)
{
	int wanted = in_transport(transport, config->min_protocol);

	/* A pin on SSL 2.0 or 3.0 opens to TLS 1.0, unless the operator allows SSL 3.0. */
	if (transport == TRANSPORT_TLS && pin != 0) {
		if (pin < SSL3)
			pin = TLS1;
		if (pin == SSL3 && !config->allow_sslv3)
			pin = TLS1;
	}
	if (pin == 0)
		return wanted;
	return wanted != 0 && version_older(transport, pin, wanted) ? wanted : pin;
}

bool policy_keeps_pin(const struct config *config, enum transport transport, int pin)
{
	int wanted = in_transport(transport, config->min_protocol);

	/* SSLHARDEN_ALLOW_PINNED alone does not allow SSL 3.0. */
	if (transport == TRANSPORT_TLS && (pin < SSL3 || (pin == SSL3 && !config->allow_sslv3)))
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

enum { SET_SIZE = 6 };

/* The wire number of each bit of a set, by transport; 0: that transport has no such version. */
static const int wire_numbers[][SET_SIZE] = {
	[TRANSPORT_TLS] = {SSL2, SSL3, TLS1, TLS1_1, TLS1_2, TLS1_3},
	[TRANSPORT_DTLS] = {0, 0, 0, DTLS1, DTLS1_2, 0},
};

int version_lowest(enum transport transport, versions set)
{
	for (int i = 0; i < SET_SIZE; i++) {
		if ((set >> i & 1) != 0 && wire_numbers[transport][i] != 0)
			return wire_numbers[transport][i];
	}
	return 0;
}

int version_highest(enum transport transport, versions set)
{
	for (int i = SET_SIZE - 1; i >= 0; i--) {
		if ((set >> i & 1) != 0 && wire_numbers[transport][i] != 0)
			return wire_numbers[transport][i];
	}
	return 0;
}

/*
 * Each bit of a set, and the member of the dialect that forbids the version.  A macro and no table,
 * because the three functions below run in every handshake and are faster without a loop.
 */
/* clang-format off */
#define EACH_TLS(ROW) \
	ROW(VERSION_SSL2, no_sslv2) ROW(VERSION_SSL3, no_sslv3) ROW(VERSION_TLS1, no_tlsv1) \
	ROW(VERSION_TLS1_1, no_tlsv1_1) ROW(VERSION_TLS1_2, no_tlsv1_2) \
	ROW(VERSION_TLS1_3, no_tlsv1_3)
/* clang-format on */
#define EACH_DTLS(ROW) ROW(VERSION_TLS1_1, no_dtlsv1) ROW(VERSION_TLS1_2, no_dtlsv1_2)
#define EACH_VERSION(ROW)                  \
	if (transport == TRANSPORT_DTLS) { \
		EACH_DTLS(ROW)             \
	} else {                           \
		EACH_TLS(ROW)              \
	}

versions versions_spoken(const struct dialect *dialect, enum transport transport)
{
	versions set = transport == TRANSPORT_DTLS ? VERSION_TLS1_1 : VERSION_TLS1;

#define ROW(version, option) set |= dialect->option != 0 ? (version) : 0U;
	EACH_VERSION(ROW)
#undef ROW
	return set;
}

versions versions_forbidden(const struct dialect *dialect, enum transport transport,
			    uint64_t options)
{
	versions set = 0;

	if (options == 0) /* as mostly at a handshake, where what is cleared is asked for */
		return 0;
#define ROW(version, option) set |= (options & dialect->option) != 0 ? (version) : 0U;
	EACH_VERSION(ROW)
#undef ROW
	return set;
}

uint64_t version_options(const struct dialect *dialect, enum transport transport, versions set)
{
	uint64_t options = 0;

#define ROW(version, option) options |= (set & (version)) != 0 ? dialect->option : 0;
	EACH_VERSION(ROW)
#undef ROW
	return options;
}

void options_text(const struct dialect *dialect, uint64_t options, char text[OPTIONS_TEXT_MAX])
{
	const struct {
		char name[26];
		uint64_t option;
	} rows[] = {
		{"NO_SSLv2", dialect->no_sslv2},
		{"NO_SSLv3", dialect->no_sslv3},
		{"CIPHER_SERVER_PREFERENCE", dialect->cipher_server_preference},
		{"PRIORITIZE_CHACHA", dialect->prioritize_chacha},
		{"NO_TICKET", dialect->no_ticket},
		{"NO_COMPRESSION", dialect->no_compression},
		{"SINGLE_DH_USE", dialect->single_dh_use},
		{"SINGLE_ECDH_USE", dialect->single_ecdh_use},
		{"NO_TLSv1", dialect->no_tlsv1},
		{"NO_TLSv1_1", dialect->no_tlsv1_1},
		{"NO_TLSv1_2", dialect->no_tlsv1_2},
		{"NO_TLSv1_3", dialect->no_tlsv1_3},
	};
	size_t used = 0;

	memcpy(text, "no option", sizeof("no option"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((options & rows[i].option) == 0)
			continue;
		used += (size_t)snprintf(text + used, OPTIONS_TEXT_MAX - used, "%s%s",
					 used == 0 ? "options " : " ", rows[i].name);
		options &= ~rows[i].option;
	}
	if (options != 0)
		snprintf(text + used, OPTIONS_TEXT_MAX - used, "%s0x%" PRIx64,
			 used == 0 ? "options " : " ", options);
}

const char *version_name(int version)
{
	switch (version) {
	case 0:
		return "none";
	case SSL2:
		return "SSLv2";
	case SSL3:
		return "SSLv3";
	case TLS1:
		return "TLSv1";
	case TLS1_1:
		return "TLSv1.1";
	case TLS1_2:
		return "TLSv1.2";
	case TLS1_3:
		return "TLSv1.3";
	case DTLS1:
		return "DTLSv1";
	case DTLS1_2:
		return "DTLSv1.2";
	}
	return "unknown";
}
