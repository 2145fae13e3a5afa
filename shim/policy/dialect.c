/* SPDX-License-Identifier: MIT */
#include "sslharden/dialect.h"

#include <stddef.h>

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
