/* SPDX-License-Identifier: MIT */
#include "hooks/hello_callbacks.h"

#include "harden/last_word.h"
#include "harden/object.h"
#include "hooks/info_callback.h"
#include "hooks/slots.h"
#include "hooks/wrap.h"
#include "memory/decision.h"
#include "messages/log.h"

enum { HELLO_SUCCESS = 1 }; /* SSL_CLIENT_HELLO_SUCCESS of openssl/ssl.h */

static struct slots hellos = {.word = TABLE_HELLO_CALLBACK};
static struct slots servernames = {.word = TABLE_SERVERNAME_CALLBACK};

struct late_callback {
	struct slots *slots;
	void (*act)(const struct image *image, SSL *ssl, const SSL_CTX *before);
};

static const struct late_callback late_hello = {&hellos, last_word_hello};
static const struct late_callback late_servername = {&servernames, last_word_servername};

/*
 * A connection that was moved to a context without a servername callback keeps that of the context
 * which it was made of: libssl does not tell which that was, so hello_callbacks_moved has noted it.
 */
static any_callback program_in(const struct late_callback *late, int slot, const SSL *ssl,
			       const SSL_CTX *ctx)
{
	any_callback program = slot_callback(late->slots, slot, ctx);

	return program == NULL && slot == SLOT_TABLE ? slot_callback(late->slots, slot, ssl)
						     : program;
}

static int call_and_decide(SSL *ssl, int *alert, void *arg, int slot,
			   const struct late_callback *late)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	const SSL_CTX *before = image == NULL ? NULL : image->SSL_get_SSL_CTX(ssl);
	hello_callback program = (hello_callback)program_in(late, slot, ssl, before);
	int ret = program == NULL ? 0 : program(ssl, alert, arg);

	if (image != NULL && is_watched(image))
		late->act(image, ssl, before);
	return ret;
}

#define ROW(n)                                                                \
	static int hello_##n(SSL *ssl, int *alert, void *arg)                 \
	{                                                                     \
		return call_and_decide(ssl, alert, arg, n, &late_hello);      \
	}                                                                     \
	static int servername_##n(SSL *ssl, int *alert, void *arg)            \
	{                                                                     \
		return call_and_decide(ssl, alert, arg, n, &late_servername); \
	}
EACH_SLOT(ROW)
#undef ROW

static hello_callback hello_trampoline(struct slots *slots, int slot)
{
	switch (slot) {
#define ROW(n)    \
	case (n): \
		return slots == &hellos ? hello_##n : servername_##n;
		EACH_SLOT(ROW)
#undef ROW
	default:
		return NULL;
	}
}

/* The trampoline to set for a callback of the program's; without a slot that itself. */
static hello_callback trampoline_in(struct slots *slots, hello_callback callback, SSL_CTX *ctx)
{
	int slot = callback == NULL ? SLOTS : slot_of(slots, (any_callback)callback, ctx);

	if (slot != SLOT_TABLE) /* or program_in would find one that was set before */
		table_set(table_key(ctx, slots->word), 0);
	return slot == SLOTS ? callback : hello_trampoline(slots, slot);
}

void hello_callbacks_moved(SSL *ssl, const SSL_CTX *before)
{
	uint64_t callback = table_get(table_key(before, TABLE_SERVERNAME_CALLBACK));

	if (callback != 0 && !table_set(table_key(ssl, TABLE_SERVERNAME_CALLBACK), callback))
		log_message(LOG_LEVEL_ERROR,
			    "connection %p: no memory for the servername callback of the context "
			    "that it was made of",
			    (void *)ssl);
}

__attribute__((cold)) static void look_anew(SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (image != NULL && is_watched(image) && !ssl_is_quic(image, ssl))
		last_word_hello_alone(image, ssl);
}

/*
 * The ClientHello callback where the program has none.  Most handshakes begin, and go on to their
 * hello, within one call of the program's.  Where it waits for the hello the program may do
 * something in between, that comes after the last word.
 */
static int hello_alone(SSL *ssl, int *alert, void *arg)
{
	(void)alert, (void)arg;
	if (!decision_is_in_hand(ssl))
		look_anew(ssl);
	return HELLO_SUCCESS;
}

void hello_callbacks_begin(const struct image *image, SSL_CTX *ctx)
{
	table_set(table_key(ctx, TABLE_SERVERNAME_CALLBACK), 0);
	if (is_watched(image) && image->SSL_CTX_set_client_hello_cb != NULL &&
	    ctx_kind(image, ctx) != NULL) /* of a QUIC connection nothing can be asked */
		image->SSL_CTX_set_client_hello_cb(ctx, hello_alone, NULL);
}

any_callback hello_callbacks_servername(any_callback callback, SSL_CTX *ctx)
{
	return (any_callback)trampoline_in(&servernames, (hello_callback)callback, ctx);
}

void SSL_CTX_set_client_hello_cb(SSL_CTX *ctx, hello_callback callback, void *arg)
{
	WRAP_VOID(SSL_CTX_set_client_hello_cb, ctx, ctx, callback, arg)

	if (is_watched(image))
		callback = callback == NULL && ctx_kind(image, ctx) != NULL
				   ? hello_alone
				   : trampoline_in(&hellos, callback, ctx);
	image->SSL_CTX_set_client_hello_cb(ctx, callback, arg);
}
