/* SPDX-License-Identifier: MIT */
#include "hooks/info_callback.h"

#include "harden/connection.h"
#include "harden/dh_lend.h"
#include "harden/last_word.h"
#include "harden/object.h"
#include "harden/outcome.h"
#include "harden/refusal.h"
#include "hooks/slots.h"
#include "hooks/wrap.h"
#include "memory/decision.h"

/* Events of SSL_CTX_set_info_callback(3), from openssl/ssl.h. */
enum {
	EVENT_LOOP = 0x01,
	EVENT_EXIT = 0x02,
	EVENT_ALERT_SENT = 0x4008,
	EVENT_HANDSHAKE_START = 0x10,
	EVENT_HANDSHAKE_DONE = 0x20,

	ALERT_FATAL = 2, /* above the alert's number */
};

static struct slots infos = {.word = TABLE_INFO_CALLBACK};

static void info_event(const SSL *ssl, int where, int ret, int slot);
static void our_event(const SSL *ssl, int where);

/* Whether an event is one that we act on: two or three of some twenty in a handshake. */
static bool is_our_event(int where, int ret)
{
	if ((where & EVENT_LOOP) != 0)
		return false;
	return (where & (EVENT_HANDSHAKE_START | EVENT_HANDSHAKE_DONE)) != 0 ||
	       ((where & EVENT_EXIT) != 0 && ret <= 0) ||
	       (where == EVENT_ALERT_SENT && ret >> 8 == ALERT_FATAL);
}

#define ROW(n)                                                   \
	static void info_##n(const SSL *ssl, int where, int ret) \
	{                                                        \
		info_event(ssl, where, ret, n);                  \
	}
EACH_SLOT(ROW)
#undef ROW

void info_callback_alone(const SSL *ssl, int where, int ret)
{
	if (is_our_event(where, ret))
		our_event(ssl, where);
}

static info_callback info_trampoline(int slot)
{
	switch (slot) {
	case SLOT_NONE:
		return info_callback_alone;
#define ROW(n)    \
	case (n): \
		return info_##n;
		EACH_SLOT(ROW)
#undef ROW
	default:
		return NULL;
	}
}

/* The slot that a callback of ours stands for; -1: it is none of ours. */
static int slot_behind(info_callback callback)
{
	for (int i = 0; callback != NULL && i < SLOTS; i++) {
		if (info_trampoline(i) == callback)
			return i;
	}
	return -1;
}

/* What the program set on @object where libssl answers @callback. */
static info_callback programs_callback(info_callback callback, const void *object)
{
	int slot = slot_behind(callback);

	return slot < 0 ? callback : (info_callback)slot_callback(&infos, slot, object);
}

static info_callback of_context(const struct image *image, const SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);

	return programs_callback(image->SSL_CTX_get_info_callback(ctx), ctx);
}

/* The program's callback that a slot stands for; NULL: there is none. */
static info_callback programs_in(int slot, const SSL *ssl)
{
	struct image scratch;
	const struct image *image;

	if (slot != SLOT_CONTEXTS && slot != SLOT_TABLE)
		return (info_callback)slot_callback(&infos, slot, ssl);
	image = image_of_object(ssl, &scratch);
	if (image == NULL)
		return NULL;
	if (image->SSL_get_info_callback(ssl) == info_trampoline(SLOT_TABLE))
		return programs_callback(info_trampoline(SLOT_TABLE), ssl);
	return of_context(image, ssl);
}

/* Does what an event asks for. */
static void respond(const struct image *image, SSL *ssl, int where)
{
	if (where == EVENT_HANDSHAKE_START) {
		last_word_begins(image, ssl);
	} else if (where == EVENT_HANDSHAKE_DONE) {
		outcome_compare(image, ssl);
		refusal_done(image, ssl);
	} else {
		refusal_explain(image, ssl, where != EVENT_ALERT_SENT);
		if (where != EVENT_ALERT_SENT)
			connection_handshake_failed(image, ssl);
	}
}

/*
 * A client's is none of ours: what is remembered at its address may be a server's that was there
 * before.  Whose side it is that begins is asked then (last_word.c).  Most calls that end a
 * handshake's are to be made again.
 */
static bool concerns_us(const struct image *image, const SSL *ssl, int where)
{
	bool is_call = where == EVENT_ALERT_SENT || (where & EVENT_EXIT) != 0;

	/*
	 * Of a QUIC connection libssl holds its lock here, which most calls would wait for, for ever:
	 * nothing but its context can be asked, not even what it waits for.
	 */
	if (!is_watched(image) || ssl_is_quic(image, ssl) ||
	    (is_call && !refusal_is_one(image, ssl)))
		return false;
	return where == EVENT_HANDSHAKE_START || may_serve(image, ssl);
}

static void our_event(const SSL *ssl, int where)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (dh_lent.dh != NULL)
		dh_take_back();
	if ((where & EVENT_EXIT) != 0) /* the call that waits returns to the program */
		decision_leaves_hand(ssl);
	if (image != NULL && concerns_us(image, ssl, where))
		respond(image, (SSL *)(uintptr_t)ssl, where);
}

/*
 * When a handshake begins the program's callback is called first, for what it changes must be
 * looked at.  At the other events it is called last, for we may have cut the connection off by
 * then.
 */
static void info_event(const SSL *ssl, int where, int ret, int slot)
{
	info_callback program = programs_in(slot, ssl);
	bool ours = is_our_event(where, ret);

	if (ours && where != EVENT_HANDSHAKE_START)
		our_event(ssl, where);
	if (program != NULL)
		program(ssl, where, ret);
	if (ours && where == EVENT_HANDSHAKE_START)
		our_event(ssl, where);
}

/* The trampoline to set on an object for a callback of the program's; @none: for no callback. */
static info_callback trampoline_for(info_callback callback, int none, const void *object)
{
	int slot = callback == NULL ? none : slot_of(&infos, (any_callback)callback, object);

	return slot == SLOTS ? callback : info_trampoline(slot);
}

void info_callback_stand(const struct image *image, SSL_CTX *ctx)
{
	info_callback now;

	if (!is_watched(image))
		return;
	now = image->SSL_CTX_get_info_callback(ctx);
	if (slot_behind(now) < 0)
		image->SSL_CTX_set_info_callback(ctx, trampoline_for(now, SLOT_NONE, ctx));
}

void info_callback_stand_anew(const struct image *image, SSL *ssl)
{
	info_callback own = image->SSL_get_info_callback(ssl);
	info_callback contexts = image->SSL_CTX_get_info_callback(image->SSL_get_SSL_CTX(ssl));

	if ((own != NULL || slot_behind(contexts) < 0) && slot_behind(own) < 0)
		image->SSL_set_info_callback(ssl, trampoline_for(own, SLOT_CONTEXTS, ssl));
}

void SSL_CTX_set_info_callback(SSL_CTX *ctx, info_callback callback)
{
	WRAP_VOID(SSL_CTX_set_info_callback, ctx, ctx, callback)

	if (is_watched(image))
		callback = trampoline_for(callback, SLOT_NONE, ctx);
	image->SSL_CTX_set_info_callback(ctx, callback);
}

info_callback SSL_CTX_get_info_callback(SSL_CTX *ctx)
{
	WRAP(SSL_CTX_get_info_callback, ctx, NULL, ctx)

	return programs_callback(image->SSL_CTX_get_info_callback(ctx), ctx);
}

void SSL_set_info_callback(SSL *ssl, info_callback callback)
{
	WRAP_VOID(SSL_set_info_callback, ssl, ssl, callback)

	/* Without one of its own it is its context's that libssl calls, and that is ours. */
	if (is_watched(image) && callback != NULL)
		callback = trampoline_for(callback, SLOT_CONTEXTS, ssl);
	image->SSL_set_info_callback(ssl, callback);
	if (callback == NULL && is_watched(image))
		info_callback_stand_on(image, ssl);
}

info_callback SSL_get_info_callback(const SSL *ssl)
{
	WRAP(SSL_get_info_callback, ssl, NULL, ssl)

	return programs_callback(image->SSL_get_info_callback(ssl), ssl);
}
