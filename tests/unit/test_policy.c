/* SPDX-License-Identifier: MIT */
#include "sslharden/policy.h"

#include <string.h>

#include <openssl/ssl.h>

#include "check.h"
#include "policy/ffdhe.h"

static const struct config defaults;

static void test_pins_that_stay(void)
{
	struct config config = {.allow_pinned = true};

	CHECK(policy_keeps_pin(&config, TRANSPORT_TLS, 0x0301));
	CHECK(!policy_keeps_pin(&config, TRANSPORT_TLS, 0x0300));
	CHECK(!policy_keeps_pin(&config, TRANSPORT_TLS, 0x0002));
	config.allow_sslv3 = true;
	CHECK(policy_keeps_pin(&config, TRANSPORT_TLS, 0x0300));
	CHECK(!policy_keeps_pin(&config, TRANSPORT_TLS, 0x0002));
	config.min_protocol = 0x0303;
	CHECK(!policy_keeps_pin(&config, TRANSPORT_TLS, 0x0301));
}

static void test_methods_that_go(void)
{
	struct config config = {.min_protocol = 0};

	CHECK(policy_exchanges(&config, TRANSPORT_TLS, 0x0301));
	CHECK(!policy_exchanges(&config, TRANSPORT_DTLS, 0xfeff));
	config.min_protocol = 0x0302; /* DTLS 1.0 is as TLS 1.1 */
	CHECK(!policy_exchanges(&config, TRANSPORT_DTLS, 0xfeff));
	config.min_protocol = 0x0303;
	CHECK(policy_exchanges(&config, TRANSPORT_DTLS, 0xfeff));
	CHECK(!policy_exchanges(&config, TRANSPORT_DTLS, 0xfefd));
}

static void test_dialects(void)
{
	const struct dialect *d;

	CHECK(dialect_find(FAMILY_OPENSSL, 0x0090821fUL, false)->no_compression == 0);
	CHECK(dialect_find(FAMILY_OPENSSL, 0x1000100fUL, false)->no_tlsv1_1 == 0x400); /* 1.0.1 */
	CHECK(dialect_find(FAMILY_OPENSSL, 0x1000101fUL, false)->no_tlsv1_1 == 0x400); /* 1.0.1a */
	CHECK(dialect_find(FAMILY_OPENSSL, 0x1000102fUL, false)->no_tlsv1_1 ==
	      0x10000000); /* 1.0.1b */
	CHECK(dialect_find(FAMILY_OPENSSL, 0x1000215fUL, false)->single_ecdh_use == 0x80000);
	d = dialect_find(FAMILY_OPENSSL, 0x1010117fUL, true);
	CHECK(d->no_sslv2 == 0 && d->single_ecdh_use == 0 && d->single_dh_use == 0);
	CHECK(policy_options(&defaults, d) == 0x02420000);
	CHECK(policy_options(&defaults, dialect_find(FAMILY_OPENSSL, 0x1000215fUL, false)) ==
	      0x035a0000);
	CHECK(dialect_find(FAMILY_OPENSSL, 0x40000030UL, true)->options_by_name);
	CHECK(dialect_find(FAMILY_OPENSSL, 0x50000000UL, true)->cipher_server_preference == 0);
	/* LibreSSL gave SINGLE_ECDH_USE's bit to ALLOW_CLIENT_RENEGOTIATION. */
	d = dialect_find(FAMILY_LIBRESSL, 0x20000000UL, false);
	CHECK(policy_options(&defaults, d) == 0x00500000);
	CHECK(versions_spoken(d, TRANSPORT_DTLS) == (VERSION_TLS1_1 | VERSION_TLS1_2));
	d = dialect_find(FAMILY_BORINGSSL, 0x1010107fUL, true);
	CHECK(policy_options(&defaults, d) == 0x00400000);
	CHECK(dialect_find(FAMILY_LIBRESSL, 0x20000000UL, true) == NULL);
	CHECK(dialect_find(FAMILY_BORINGSSL, 0x1010107fUL, false) == NULL);
	CHECK(dialect_find(FAMILY_OPENSSL, 0x30000000UL, false) ==
	      NULL); /* exports and number disagree */
	CHECK(dialect_find(FAMILY_OPENSSL, 0x1000215fUL, true) == NULL);
	CHECK(dialect_find(FAMILY_OPENSSL, 0x00907000UL, false) == NULL);
}

static void test_opt_outs(void)
{
	const struct dialect *d = dialect_find(FAMILY_OPENSSL, 0x1000215fUL, false);
	struct config c = {.allow_sslv3 = true};

	CHECK(policy_options(&c, d) == (0x035a0000 & ~0x02000000));
	c = (struct config){.allow_compression = true};
	CHECK(policy_options(&c, d) == (0x035a0000 & ~0x00020000));
	c = (struct config){.allow_client_preference = true};
	CHECK(policy_options(&c, d) == (0x035a0000 & ~0x00400000));
	c = (struct config){.allow_dh_reuse = true};
	CHECK(policy_options(&c, d) == (0x035a0000 & ~0x00100000));
	c = (struct config){.allow_ecdh_reuse = true};
	CHECK(policy_options(&c, d) == (0x035a0000 & ~0x00080000));
	c = (struct config){.no_tickets = true};
	CHECK(policy_options(&c, d) == (0x035a0000 | 0x00004000));
}

static void test_floor(void)
{
	struct config c = defaults;

	CHECK(policy_floor(&c, TRANSPORT_TLS, 0) == 0);
	CHECK(policy_floor(&c, TRANSPORT_TLS, 0x0303) == 0x0303);
	CHECK(policy_floor(&c, TRANSPORT_TLS, 0x0300) == 0x0301);
	CHECK(policy_floor(&c, TRANSPORT_TLS, 0x0002) == 0x0301);
	CHECK(policy_floor(&c, TRANSPORT_DTLS, 0xfeff) == 0xfeff);
	c.allow_sslv3 = true;
	CHECK(policy_floor(&c, TRANSPORT_TLS, 0x0300) == 0x0300);
	c.min_protocol = 0x0302;
	CHECK(policy_floor(&c, TRANSPORT_TLS, 0) == 0x0302);
	CHECK(policy_floor(&c, TRANSPORT_TLS, 0x0301) == 0x0302);
	CHECK(policy_floor(&c, TRANSPORT_TLS, 0x0303) == 0x0303);
	CHECK(policy_floor(&c, TRANSPORT_DTLS, 0) == 0xfeff);
	CHECK(policy_floor(&c, TRANSPORT_DTLS, 0xfefd) == 0xfefd);
	c.min_protocol = 0x0303;
	CHECK(policy_floor(&c, TRANSPORT_DTLS, 0xfeff) == 0xfefd);
}

static void test_versions(void)
{
	const struct dialect *d = dialect_find(FAMILY_OPENSSL, 0x1000215fUL, false);

	CHECK(version_older(TRANSPORT_TLS, 0x0301, 0x0302));
	CHECK(version_older(TRANSPORT_DTLS, 0xfeff, 0xfefd));
	CHECK(version_set(0x0303) == VERSION_TLS1_2 && version_set(0xfefd) == VERSION_TLS1_2);
	CHECK(version_set(0) == 0 && version_set(0x7f17) == 0);
	CHECK(versions_from(0x0303) == (VERSION_TLS1_2 | VERSION_TLS1_3));
	CHECK(versions_to(0x0300) == (VERSION_SSL2 | VERSION_SSL3));
	CHECK(versions_from(0) == VERSIONS_ALL && versions_to(0) == VERSIONS_ALL);
	CHECK(version_lowest(TRANSPORT_TLS, VERSION_TLS1_1 | VERSION_TLS1_3) == 0x0302);
	CHECK(version_highest(TRANSPORT_DTLS, VERSIONS_ALL) == 0xfefd);
	CHECK(versions_spoken(d, TRANSPORT_TLS) == (VERSIONS_ALL & ~VERSION_TLS1_3));
	CHECK(versions_forbidden(d, TRANSPORT_TLS, 0x04000000) == VERSION_TLS1);
	CHECK(versions_forbidden(d, TRANSPORT_DTLS, 0x04000000) == VERSION_TLS1_1);
	CHECK(version_options(d, TRANSPORT_TLS, VERSIONS_ALL & ~versions_from(0x0303)) ==
	      0x17000000);
	CHECK(version_options(d, TRANSPORT_TLS, VERSION_TLS1_1 | VERSION_TLS1_2) == 0x18000000);
	CHECK(version_options(d, TRANSPORT_DTLS, VERSION_TLS1_1) == 0x04000000);
	CHECK(version_options(d, TRANSPORT_TLS, 0) == 0);
	CHECK(strcmp(version_name(0x0303), "TLSv1.2") == 0);
}

/* The row for the libssl whose headers we are built with, against those headers. */
static void test_headers(void)
{
	const struct dialect *d = dialect_find(FAMILY_OPENSSL, OPENSSL_VERSION_NUMBER,
					       OPENSSL_VERSION_NUMBER >= 0x10100000L);

	CHECK(d != NULL);
	if (d->options_by_name)
		return;
	CHECK(d->no_sslv2 == SSL_OP_NO_SSLv2);
#ifdef SSL_OP_NO_TICKET /* from 0.9.8f on */
	CHECK(d->no_ticket == SSL_OP_NO_TICKET);
#endif
	CHECK(d->no_resumption == SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION);
#ifdef SSL_OP_ALLOW_CLIENT_RENEGOTIATION
	CHECK(d->allow_client_renegotiation == SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
#else
	CHECK(d->allow_client_renegotiation == 0);
#endif
	CHECK(d->no_sslv3 == SSL_OP_NO_SSLv3);
	CHECK(d->cipher_server_preference == SSL_OP_CIPHER_SERVER_PREFERENCE);
	CHECK(d->single_dh_use == SSL_OP_SINGLE_DH_USE);
	CHECK(d->single_ecdh_use == SSL_OP_SINGLE_ECDH_USE);
	CHECK(d->no_tlsv1 == SSL_OP_NO_TLSv1);
#ifdef SSL_OP_NO_COMPRESSION
	CHECK(d->no_compression == SSL_OP_NO_COMPRESSION);
#else
	CHECK(d->no_compression == 0);
#endif
#ifdef SSL_OP_NO_TLSv1_2
	CHECK(d->no_tlsv1_1 == SSL_OP_NO_TLSv1_1);
	CHECK(d->no_tlsv1_2 == SSL_OP_NO_TLSv1_2);
#endif
#ifdef SSL_OP_NO_DTLSv1
	CHECK(d->no_dtlsv1 == SSL_OP_NO_DTLSv1);
	CHECK(d->no_dtlsv1_2 == SSL_OP_NO_DTLSv1_2);
#endif
#ifdef SSL_OP_NO_TLSv1_3
	CHECK(d->no_tlsv1_3 == SSL_OP_NO_TLSv1_3);
#else
	CHECK(d->no_tlsv1_3 == 0);
#endif
}

static void test_parameters(void)
{
	struct config config = {.min_dh_bits = 2048};
	uint8_t der[FFDHE_DER_MAX];

	CHECK(policy_dh_bits(&defaults, 512) == 0);
	CHECK(policy_dh_bits(&config, 512) == 2048);
	CHECK(policy_dh_bits(&config, 2047) == 2048);
	CHECK(policy_dh_bits(&config, 2048) == 0);
	CHECK(policy_dh_choice(&config, 1024, 3072) == 3072);
	CHECK(policy_dh_choice(&config, 2048, 3072) == 0);
	config.min_dh_bits = 8192;
	CHECK(policy_dh_bits(&config, 6144) == 8192);
	/* SEQUENCE, INTEGER of 256 bytes and a zero, 2, 225 */
	CHECK(ffdhe_encode(2048, der) == 4 + 4 + 257 + 3 + 4);
	CHECK(memcmp(der, "\x30\x82\x01\x0c\x02\x82\x01\x01\0\xff", 10) == 0);
	CHECK(memcmp(der + 4 + 4 + 257 - 2, "\xff\xff\x02\x01\x02\x02\x02\0\xe1", 9) == 0);
	CHECK(ffdhe_encode(8192, der) == FFDHE_DER_MAX);
}

int main(void)
{
	test_pins_that_stay();
	test_methods_that_go();
	test_dialects();
	test_opt_outs();
	test_floor();
	test_versions();
	test_parameters();
	test_headers();
	return check_failures != 0;
}
