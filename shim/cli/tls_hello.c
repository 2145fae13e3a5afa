/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tls_hello.h"

#include <stdio.h>
#include <string.h>

enum exchange { KX_RSA, KX_DHE, KX_ECDHE, KX_TLS1_3 };

/* The worst first.  RFC 2246, 4346, 5246, 5288, 5289, 6655, 7905, 8446; draft-ietf-tls-56-bit. */
/* clang-format off */ /* a table */
static const struct suite {
	uint16_t code;
	enum exchange exchange;
	enum grade grade;
	const char *name;
} suites[] = {
	{0x0017, KX_DHE, GRADE_NOBODY, "EXP-ADH-RC4-MD5"},
	{0x001a, KX_DHE, GRADE_NOBODY, "ADH-DES-CBC-SHA"},
	{0x0018, KX_DHE, GRADE_NOBODY, "ADH-RC4-MD5"},
	{0x001b, KX_DHE, GRADE_NOBODY, "ADH-DES-CBC3-SHA"},
	{0xc015, KX_ECDHE, GRADE_NOBODY, "AECDH-NULL-SHA"},
	{0xc016, KX_ECDHE, GRADE_NOBODY, "AECDH-RC4-SHA"},
	{0xc018, KX_ECDHE, GRADE_NOBODY, "AECDH-AES128-SHA"},
	{0xc019, KX_ECDHE, GRADE_NOBODY, "AECDH-AES256-SHA"},
	{0x0034, KX_DHE, GRADE_NOBODY, "ADH-AES128-SHA"},
	{0x003a, KX_DHE, GRADE_NOBODY, "ADH-AES256-SHA"},
	{0x00a6, KX_DHE, GRADE_NOBODY, "ADH-AES128-GCM-SHA256"},
	{0x00a7, KX_DHE, GRADE_NOBODY, "ADH-AES256-GCM-SHA384"},
	{0x0001, KX_RSA, GRADE_PLAIN, "NULL-MD5"},
	{0x0002, KX_RSA, GRADE_PLAIN, "NULL-SHA"},
	{0x003b, KX_RSA, GRADE_PLAIN, "NULL-SHA256"},
	{0xc006, KX_ECDHE, GRADE_PLAIN, "ECDHE-ECDSA-NULL-SHA"},
	{0xc010, KX_ECDHE, GRADE_PLAIN, "ECDHE-RSA-NULL-SHA"},
	{0x0003, KX_RSA, GRADE_BROKEN, "EXP-RC4-MD5"},
	{0x0006, KX_RSA, GRADE_BROKEN, "EXP-RC2-CBC-MD5"},
	{0x0008, KX_RSA, GRADE_BROKEN, "EXP-DES-CBC-SHA"},
	{0x0014, KX_DHE, GRADE_BROKEN, "EXP-EDH-RSA-DES-CBC-SHA"},
	{0x0062, KX_RSA, GRADE_BROKEN, "EXP1024-DES-CBC-SHA"},
	{0x0064, KX_RSA, GRADE_BROKEN, "EXP1024-RC4-SHA"},
	{0x0009, KX_RSA, GRADE_BROKEN, "DES-CBC-SHA"},
	{0x0015, KX_DHE, GRADE_BROKEN, "EDH-RSA-DES-CBC-SHA"},
	{0x0004, KX_RSA, GRADE_WEAK, "RC4-MD5"},
	{0x0005, KX_RSA, GRADE_WEAK, "RC4-SHA"},
	{0xc007, KX_ECDHE, GRADE_WEAK, "ECDHE-ECDSA-RC4-SHA"},
	{0xc011, KX_ECDHE, GRADE_WEAK, "ECDHE-RSA-RC4-SHA"},
	{0x000a, KX_RSA, GRADE_WEAK, "DES-CBC3-SHA"},
	{0x0016, KX_DHE, GRADE_WEAK, "DHE-RSA-DES-CBC3-SHA"},
	{0xc008, KX_ECDHE, GRADE_WEAK, "ECDHE-ECDSA-DES-CBC3-SHA"},
	{0xc012, KX_ECDHE, GRADE_WEAK, "ECDHE-RSA-DES-CBC3-SHA"},
	{0x0007, KX_RSA, GRADE_STATIC, "IDEA-CBC-SHA"},
	{0x0096, KX_RSA, GRADE_STATIC, "SEED-SHA"},
	{0x002f, KX_RSA, GRADE_STATIC, "AES128-SHA"},
	{0x0041, KX_RSA, GRADE_STATIC, "CAMELLIA128-SHA"},
	{0x0035, KX_RSA, GRADE_STATIC, "AES256-SHA"},
	{0x0084, KX_RSA, GRADE_STATIC, "CAMELLIA256-SHA"},
	{0x003c, KX_RSA, GRADE_STATIC, "AES128-SHA256"},
	{0x003d, KX_RSA, GRADE_STATIC, "AES256-SHA256"},
	{0xc09c, KX_RSA, GRADE_STATIC_AEAD, "AES128-CCM"},
	{0xc09d, KX_RSA, GRADE_STATIC_AEAD, "AES256-CCM"},
	{0x009c, KX_RSA, GRADE_STATIC_AEAD, "AES128-GCM-SHA256"},
	{0x009d, KX_RSA, GRADE_STATIC_AEAD, "AES256-GCM-SHA384"},
	{0x0032, KX_DHE, GRADE_SECRET, "DHE-DSS-AES128-SHA"},
	{0x0038, KX_DHE, GRADE_SECRET, "DHE-DSS-AES256-SHA"},
	{0x0033, KX_DHE, GRADE_SECRET, "DHE-RSA-AES128-SHA"},
	{0x0039, KX_DHE, GRADE_SECRET, "DHE-RSA-AES256-SHA"},
	{0x0067, KX_DHE, GRADE_SECRET, "DHE-RSA-AES128-SHA256"},
	{0x006b, KX_DHE, GRADE_SECRET, "DHE-RSA-AES256-SHA256"},
	{0xc013, KX_ECDHE, GRADE_SECRET, "ECDHE-RSA-AES128-SHA"},
	{0xc009, KX_ECDHE, GRADE_SECRET, "ECDHE-ECDSA-AES128-SHA"},
	{0xc014, KX_ECDHE, GRADE_SECRET, "ECDHE-RSA-AES256-SHA"},
	{0xc00a, KX_ECDHE, GRADE_SECRET, "ECDHE-ECDSA-AES256-SHA"},
	{0xc027, KX_ECDHE, GRADE_SECRET, "ECDHE-RSA-AES128-SHA256"},
	{0xc023, KX_ECDHE, GRADE_SECRET, "ECDHE-ECDSA-AES128-SHA256"},
	{0xc028, KX_ECDHE, GRADE_SECRET, "ECDHE-RSA-AES256-SHA384"},
	{0xc024, KX_ECDHE, GRADE_SECRET, "ECDHE-ECDSA-AES256-SHA384"},
	{0x009e, KX_DHE, GRADE_SECRET_AEAD, "DHE-RSA-AES128-GCM-SHA256"},
	{0xccaa, KX_DHE, GRADE_SECRET_AEAD, "DHE-RSA-CHACHA20-POLY1305"},
	{0x009f, KX_DHE, GRADE_SECRET_AEAD, "DHE-RSA-AES256-GCM-SHA384"},
	{0xc02f, KX_ECDHE, GRADE_SECRET_AEAD, "ECDHE-RSA-AES128-GCM-SHA256"},
	{0xc02b, KX_ECDHE, GRADE_SECRET_AEAD, "ECDHE-ECDSA-AES128-GCM-SHA256"},
	{0xcca8, KX_ECDHE, GRADE_SECRET_AEAD, "ECDHE-RSA-CHACHA20-POLY1305"},
	{0xcca9, KX_ECDHE, GRADE_SECRET_AEAD, "ECDHE-ECDSA-CHACHA20-POLY1305"},
	{0xc030, KX_ECDHE, GRADE_SECRET_AEAD, "ECDHE-RSA-AES256-GCM-SHA384"},
	{0xc02c, KX_ECDHE, GRADE_SECRET_AEAD, "ECDHE-ECDSA-AES256-GCM-SHA384"},
	{0x1305, KX_TLS1_3, GRADE_SECRET_AEAD, "TLS_AES_128_CCM_8_SHA256"},
	{0x1304, KX_TLS1_3, GRADE_SECRET_AEAD, "TLS_AES_128_CCM_SHA256"},
	{0x1301, KX_TLS1_3, GRADE_SECRET_AEAD, "TLS_AES_128_GCM_SHA256"},
	{0x1303, KX_TLS1_3, GRADE_SECRET_AEAD, "TLS_CHACHA20_POLY1305_SHA256"},
	{0x1302, KX_TLS1_3, GRADE_SECRET_AEAD, "TLS_AES_256_GCM_SHA384"},
};
/* clang-format on */

enum {
	SUITE_COUNT = sizeof(suites) / sizeof(suites[0]),
	SCSV = 0x00ff, /* "I know renegotiation_info" (RFC 5746, 3.3) */
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_MAX = (1 << 14) + 2048,
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	SERVER_KEY_EXCHANGE = 12,
	SERVER_HELLO_DONE = 14,
	EXT_SERVER_NAME = 0,
	EXT_SESSION_TICKET = 35,
	EXT_SUPPORTED_VERSIONS = 43,
	EXT_KEY_SHARE = 51,
	X25519 = 29,
	NAMED_CURVE = 3,
	FATAL = 2,
};

static const struct suite *suite_find(uint16_t code)
{
	for (size_t i = 0; i < SUITE_COUNT; i++) {
		if (suites[i].code == code)
			return &suites[i];
	}
	return NULL;
}

const char *suite_name(uint16_t code, char text[SUITE_TEXT_MAX])
{
	const struct suite *suite = suite_find(code);

	if (suite != NULL)
		return suite->name;
	snprintf(text, SUITE_TEXT_MAX, "0x%04x", code);
	return text;
}

enum grade suite_grade(uint16_t code)
{
	const struct suite *suite = suite_find(code);

	return suite != NULL ? suite->grade : GRADE_UNKNOWN;
}

/* --- a hello is made ---------------------------------------------------------- */

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
	size_t begun = begin(w, 2);

	for (size_t i = 0; i < SUITE_COUNT; i++) {
		size_t at = hello->offer == OFFER_WORST_FIRST ? i : SUITE_COUNT - 1 - i;

		if (is_offered(hello, &suites[at]))
			put(w, suites[at].code, 2);
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

/* --- an answer is read -------------------------------------------------------- */

/* What is left to be read; once more is asked for than there is, all that follows is 0. */
struct reader {
	const uint8_t *at;
	size_t left;
	bool is_short;
};

static unsigned int take(struct reader *r, int bytes)
{
	unsigned int value = 0;

	if (r->left < (size_t)bytes) {
		r->is_short = true;
		r->left = 0;
		return 0;
	}
	r->left -= (size_t)bytes;
	while (bytes-- > 0)
		value = value << 8 | *r->at++;
	return value;
}

static struct reader take_part(struct reader *r, size_t len)
{
	struct reader part = {r->at, len, false};

	if (r->left < len) {
		r->is_short = part.is_short = true;
		r->left = part.left = 0;
		return part;
	}
	r->at += len;
	r->left -= len;
	return part;
}

/* A vector, before which its length stands in @bytes bytes. */
static struct reader take_vector(struct reader *r, int bytes)
{
	return take_part(r, take(r, bytes));
}

static void key_keep(struct reply *reply, struct reader key)
{
	reply->key_len = key.left;
	memcpy(reply->key, key.at, key.left < KEY_KEPT ? key.left : KEY_KEPT);
}

static void read_extensions(struct reader extensions_, struct reply *reply)
{
	while (extensions_.left > 0) {
		unsigned int type = take(&extensions_, 2);
		struct reader body = take_vector(&extensions_, 2);

		if (type == EXT_SUPPORTED_VERSIONS)
			reply->version = (int)take(&body, 2);
		else if (type == EXT_KEY_SHARE)
			reply->group = take(&body, 2);
		else if (type == EXT_SESSION_TICKET)
			reply->ticket = true;
	}
}

static bool read_server_hello(struct reader r, struct reply *reply)
{
	/* The random of a HelloRetryRequest (RFC 8446, 4.1.3). */
	static const uint8_t retry[32] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
					  0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
					  0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
					  0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
	struct reader random;

	reply->version = (int)take(&r, 2);
	random = take_part(&r, sizeof(retry));
	reply->retry = !random.is_short && memcmp(random.at, retry, sizeof(retry)) == 0;
	take_vector(&r, 1); /* the session's ID */
	reply->suite = (uint16_t)take(&r, 2);
	reply->compressed = take(&r, 1) != 0;
	if (r.is_short)
		return false;
	if (r.left > 0)
		read_extensions(take_vector(&r, 2), reply);
	return reply->version >= SSL3 && reply->version <= TLS1_3;
}

/* A number without the zeros before it, in bits. */
static unsigned int bits_of(struct reader number)
{
	unsigned int bits = 0;

	while (number.left > 0 && *number.at == 0)
		take(&number, 1);
	for (unsigned int top = number.left > 0 ? *number.at : 0; top != 0; top >>= 1)
		bits++;
	return number.left > 0 ? bits + 8 * (unsigned int)(number.left - 1) : 0;
}

static void read_key_exchange(struct reader r, struct reply *reply)
{
	const struct suite *suite = suite_find(reply->suite);
	struct reader key;

	if (suite != NULL && suite->exchange == KX_DHE) {
		reply->dh_bits = bits_of(take_vector(&r, 2));
		take_vector(&r, 2); /* the generator */
		key = take_vector(&r, 2);
	} else if (suite != NULL && suite->exchange == KX_ECDHE && take(&r, 1) == NAMED_CURVE) {
		reply->group = take(&r, 2);
		key = take_vector(&r, 1);
	} else {
		return;
	}
	if (!r.is_short)
		key_keep(reply, key);
}

/* The messages of a flight that has come so far.  False: this is no TLS. */
static bool read_messages(struct reader r, struct reply *reply)
{
	bool has_hello = false;

	while (r.left >= 4) {
		unsigned int type = take(&r, 1);
		struct reader body = take_vector(&r, 3);

		if (body.is_short)
			return true; /* the rest is to come */
		if (!has_hello && type != SERVER_HELLO)
			return false;
		if (type == SERVER_HELLO && (has_hello || !read_server_hello(body, reply)))
			return false;
		has_hello = true;
		if (type == SERVER_KEY_EXCHANGE)
			read_key_exchange(body, reply);
		/* What follows in TLS 1.3 is encrypted. */
		if (type == SERVER_HELLO_DONE || reply->version >= TLS1_3) {
			reply->outcome = OUTCOME_SERVED;
			return true;
		}
	}
	return true;
}

void reply_read(const uint8_t *bytes, size_t len, struct reply *reply)
{
	static uint8_t flight[REPLY_MAX]; /* its handshake messages, without the records around */
	struct reader r = {bytes, len < REPLY_MAX ? len : REPLY_MAX, false};
	size_t count = 0;

	memset(reply, 0, sizeof(*reply));
	while (r.left >= 5 && reply->outcome == OUTCOME_NONE) {
		unsigned int type = take(&r, 1), major = take(&r, 1);
		size_t size = (take(&r, 1), take(&r, 2));
		struct reader body = take_part(&r, size);

		if ((type != RECORD_ALERT && type != RECORD_HANDSHAKE) || major != SSL3 >> 8 ||
		    size > RECORD_MAX) {
			reply->outcome = OUTCOME_NOT_TLS;
		} else if (body.is_short) {
			return;
		} else if (type == RECORD_HANDSHAKE) {
			memcpy(flight + count, body.at, body.left);
			count += body.left;
			if (!read_messages((struct reader){flight, count, false}, reply))
				reply->outcome = OUTCOME_NOT_TLS;
		} else if (take(&body, 1) == FATAL) { /* a warning may come before a hello */
			reply->outcome = OUTCOME_REFUSED;
			reply->alert = (uint8_t)take(&body, 1);
		}
	}
	if (len > 0 && bytes[0] != RECORD_ALERT && bytes[0] != RECORD_HANDSHAKE)
		reply->outcome = OUTCOME_NOT_TLS; /* five bytes may never come */
}

bool reply_same_key(const struct reply *a, const struct reply *b)
{
	return a->key_len > 0 && a->key_len == b->key_len &&
	       memcmp(a->key, b->key, a->key_len < KEY_KEPT ? a->key_len : KEY_KEPT) == 0;
}
