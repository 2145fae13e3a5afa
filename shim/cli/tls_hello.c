/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tls_hello.h"

#include <string.h>

enum {
	SCSV = 0x00ff, /* "I know renegotiation_info" (RFC 5746, 3.3) */
	CLIENT_HELLO = 1,
	EXT_SERVER_NAME = 0,
	X25519 = 29,
};

struct writer {
	uint8_t *to;
	size_t len;
};

static void put(struct writer *w, unsigned int value, int bytes)
{
	while (bytes-- > 0)
		w->to[w->len++] = (uint8_t)(value >> 8 * bytes);
}

static void put_bytes(struct writer *w, const void *bytes, size_t len)
{
	memcpy(w->to + w->len, bytes, len);
	w->len += len;
}

/* A vector whose length, of @bytes bytes, is filled in when it ends. */
static size_t begin(struct writer *w, int bytes)
{
	put(w, 0, bytes);
	return w->len;
}

static void end(struct writer *w, size_t begun, int bytes)
{
	struct writer length = {w->to, begun - (size_t)bytes};

	put(&length, (unsigned int)(w->len - begun), bytes);
}

static bool is_offered(const struct hello *hello, const struct suite *suite)
{
	if (suite->code == hello->without)
		return false;
	if (suite->exchange == KX_TLS1_3)
		return hello->highest >= TLS1_3 && hello->offer == OFFER_BEST_FIRST;
	if (hello->lowest >= TLS1_3)
		return false;
	switch (hello->offer) {
	case OFFER_STATIC:
		return suite->exchange == KX_RSA;
	case OFFER_DHE:
		return suite->exchange == KX_DHE && suite->grade != GRADE_NOBODY;
	case OFFER_ECDHE:
		return suite->exchange == KX_ECDHE && suite->grade != GRADE_NOBODY;
	case OFFER_BEST_FIRST:
	case OFFER_WORST_FIRST:
		break;
	}
	return true;
}

static void put_suites(struct writer *w, const struct hello *hello)
{
	size_t begun = begin(w, 2), count = 0;

	while (suite_at(count) != NULL)
		count++;
	for (size_t i = 0; i < count; i++) {
		const struct suite *suite =
			suite_at(hello->offer == OFFER_WORST_FIRST ? i : count - 1 - i);

		if (is_offered(hello, suite))
			put(w, suite->code, 2);
	}
	put(w, SCSV, 2);
	end(w, begun, 2);
}

/* What each client has that can have it, from the version on that brought it. */
/* clang-format off */ /* a table */
static const struct extension {
	uint16_t type;
	int from, to; /* the versions of the hello */
	uint8_t len, body[40];
} extensions[] = {
	/* X25519, P-256, P-384, P-521, X448, ffdhe2048 to 4096 */
	{10, TLS1, TLS1_3, 18, {0, 16, 0, 29, 0, 23, 0, 24, 0, 25, 0, 30, 1, 0, 1, 1, 1, 2}},
	{11, TLS1, TLS1_2, 2, {1, 0}}, /* ec_point_formats: uncompressed */
	/* ECDSA, Ed25519, RSA-PSS, PKCS #1; at last with SHA-1, and DSA */
	{13, TLS1_2, TLS1_3, 34, {0, 32, 4,  3, 5,  3, 6, 3, 8, 7, 8, 4, 8, 5, 8, 6, 8,
				  9, 8,  10, 8, 11, 4, 1, 5, 1, 6, 1, 2, 1, 2, 3, 2, 2}},
	{23, TLS1, TLS1_2, 0, {0}}, /* extended_master_secret */
	{EXT_SESSION_TICKET, TLS1, TLS1_2, 0, {0}},
	{45, TLS1_3, TLS1_3, 2, {1, 1}}, /* psk_key_exchange_modes: psk_dhe_ke */
};
/* clang-format on */

static void put_name(struct writer *w, const char *name)
{
	size_t len = strnlen(name, HELLO_NAME_MAX), extension, list, host;

	put(w, EXT_SERVER_NAME, 2);
	extension = begin(w, 2);
	list = begin(w, 2);
	put(w, 0, 1); /* host_name */
	host = begin(w, 2);
	put_bytes(w, name, len);
	end(w, host, 2);
	end(w, list, 2);
	end(w, extension, 2);
}

/* Any 32 bytes are a public key of X25519: a server sees no difference. */
static void put_tls1_3(struct writer *w, const struct hello *hello, const uint8_t key[32])
{
	size_t extension, list, share;

	put(w, EXT_SUPPORTED_VERSIONS, 2);
	extension = begin(w, 2);
	list = begin(w, 1);
	for (int version = hello->highest; version >= hello->lowest; version--)
		put(w, (unsigned int)version, 2);
	end(w, list, 1);
	end(w, extension, 2);
	put(w, EXT_KEY_SHARE, 2);
	extension = begin(w, 2);
	list = begin(w, 2);
	put(w, X25519, 2);
	share = begin(w, 2);
	put_bytes(w, key, 32);
	end(w, share, 2);
	end(w, list, 2);
	end(w, extension, 2);
}

static void put_extensions(struct writer *w, const struct hello *hello, const uint8_t key[32])
{
	size_t begun = begin(w, 2);

	if (hello->name != NULL)
		put_name(w, hello->name);
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		const struct extension *extension = &extensions[i];

		if (hello->highest < extension->from || hello->lowest > extension->to)
			continue;
		put(w, extension->type, 2);
		put(w, extension->len, 2);
		put_bytes(w, extension->body, extension->len);
	}
	if (hello->highest >= TLS1_3)
		put_tls1_3(w, hello, key);
	end(w, begun, 2);
}

size_t hello_make(const struct hello *hello, const uint8_t random[HELLO_RANDOM],
		  uint8_t to[HELLO_MAX])
{
	struct writer w = {to, 0};
	int said = hello->highest < TLS1_2 ? hello->highest : TLS1_2;
	size_t record, message, part;

	put(&w, RECORD_HANDSHAKE, 1);
	put(&w, hello->highest == SSL3 ? SSL3 : TLS1, 2); /* RFC 5246, E.1 */
	record = begin(&w, 2);
	put(&w, CLIENT_HELLO, 1);
	message = begin(&w, 3);
	put(&w, (unsigned int)said, 2);
	put_bytes(&w, random, 32);
	part = begin(&w, 1);
	if (hello->highest >= TLS1_3) /* as if a session were resumed (RFC 8446, D.4) */
		put_bytes(&w, random + 32, 32);
	end(&w, part, 1);
	put_suites(&w, hello);
	part = begin(&w, 1);
	if (hello->compression)
		put(&w, 1, 1); /* DEFLATE */
	put(&w, 0, 1);
	end(&w, part, 1);
	if (hello->highest > SSL3)
		put_extensions(&w, hello, random + 64);
	end(&w, message, 3);
	end(&w, record, 2);
	return w.len;
}
