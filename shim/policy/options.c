/* SPDX-License-Identifier: MIT */
#include "sslharden/dialect.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

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
