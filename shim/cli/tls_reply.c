/* SPDX-License-Identifier: MIT */
#include "tls_reply.h"

#include <string.h>

enum {
	RECORD_MAX = (1 << 14) + 2048,
	SERVER_HELLO = 2,
	SERVER_KEY_EXCHANGE = 12,
	SERVER_HELLO_DONE = 14,
	NAMED_CURVE = 3,
	FATAL = 2,
};

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
