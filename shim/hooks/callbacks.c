/* SPDX-License-Identifier: MIT
 *
 * How our callback knows which callback of the program it stands for: a program has only a few
 * different ones.  Each gets a slot, and each slot has a function of ours, a trampoline.  libssl is
 * given the trampoline, and so keeps the number of the slot with the object, through SSL_new,
 * SSL_dup and SSL_set_SSL_CTX.  Nothing is allocated, and nothing has to be freed.
 */
#include "hooks/callbacks.h"

#include <stdatomic.h>

#include "harden/connection.h"
#include "harden/context.h"
#include "harden/dh.h"
#include "harden/last_word.h"
#include "harden/object.h"
#include "harden/refusal.h"
#include "hooks/wrap.h"
#include "memory/decision.h"
#include "memory/table.h"
#include "messages/log.h"

/* Events of SSL_CTX_set_info_callback(3), from openssl/ssl.h. */
enum {
	EVENT_LOOP = 0x01,
	EVENT_EXIT = 0x02,
	EVENT_ALERT_SENT = 0x4008,
	EVENT_HANDSHAKE_START = 0x10,
	EVENT_HANDSHAKE_DONE = 0x20,

	ALERT_FATAL = 2, /* above the alert's number */

	HELLO_SUCCESS = 1, /* SSL_CLIENT_HELLO_SUCCESS */
};

enum {
	SLOTS = 16,
	SLOT_NONE = 0, /* a context's: the program has set none */
	SLOT_CONTEXTS = 1, /* a connection's: it has none of its own, its context's is meant */
	SLOT_TABLE =
		2, /* where there was no slot left: the table knows it, by the object's address */
	SLOT_FIRST = 3,
};

typedef void (*any_callback)(void);

/* The program's callbacks of one kind; they are added and stay. */
struct slots {
	_Atomic(any_callback) taken[SLOTS];
	int place; /* of the table's key: so many bytes after the object's address */
};

static struct slots infos = {.place = 2};
static struct slots hellos = {.place = 3};
static struct slots servernames = {.place = 4};
static struct slots dhs = {.place = 6}; /* 5 is connection.c's */

static const void *place_of(const struct slots *slots, const void *object)
{
	return (const char *)object + slots->place;
}

/*
 * The slot for a callback that is set on @object; SLOTS: there is none, nor memory for another.
 * Some languages make an address for each closure: so many do not fit.
 */
static int slot_of(struct slots *slots, any_callback callback, const void *object)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;

	for (int i = SLOT_FIRST; i < SLOTS; i++) {
		any_callback there = atomic_load_explicit(&slots->taken[i], memory_order_acquire);

		if (there == callback ||
		    (there == NULL &&
		     (atomic_compare_exchange_strong(&slots->taken[i], &there, callback) ||
		      there == callback)))
			return i;
	}
	if (table_set(place_of(slots, object), (uintptr_t)callback))
		return SLOT_TABLE;
	if (!atomic_flag_test_and_set(&told))
		log_message(LOG_LEVEL_ERROR,
			    "no memory for a callback of the program's: ours stays "
			    "away from the handshakes of one object");
	return SLOTS;
}

static any_callback in_slot(struct slots *slots, int slot, const void *object)
{
	if (slot == SLOT_TABLE)
		return (any_callback)(uintptr_t)table_get(place_of(slots, object));
	return atomic_load_explicit(&slots->taken[slot], memory_order_acquire);
}

/* --- the info callback ----------------------------------------------------------- */

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

/* clang-format off */
#define EACH_SLOT(ROW) /* but for SLOT_NONE */ \
	ROW(1) ROW(2) ROW(3) ROW(4) ROW(5) ROW(6) ROW(7) ROW(8) \
	ROW(9) ROW(10) ROW(11) ROW(12) ROW(13) ROW(14) ROW(15)
/* clang-format on */

#define ROW(n)                                                   \
	static void info_##n(const SSL *ssl, int where, int ret) \
	{                                                        \
		info_event(ssl, where, ret, n);                  \
	}
EACH_SLOT(ROW)
#undef ROW

void callbacks_info_alone(const SSL *ssl, int where, int ret)
{
	if (is_our_event(where, ret))
		our_event(ssl, where);
}

static info_callback info_trampoline(int slot)
{
	switch (slot) {
	case SLOT_NONE:
		return callbacks_info_alone;
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

	return slot < 0 ? callback : (info_callback)in_slot(&infos, slot, object);
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
		return (info_callback)in_slot(&infos, slot, ssl);
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
		last_word_ends(image, ssl);
		refusal_done(image, ssl);
	} else {
		refusal_explain(image, ssl, where != EVENT_ALERT_SENT);
		if (where != EVENT_ALERT_SENT)
			connection_handshake_failed(image, ssl);
	}
}

/*
 * Of a QUIC connection libssl holds its lock here, which most calls would wait for, for ever; the
 * context's method can be asked.  Where there is no QUIC there is no method that nobody knows.
 */
static bool is_known(const struct image *image, const SSL *ssl)
{
	return image->methods[METHOD_OSSL_QUIC_server_method] == NULL ||
	       ctx_kind(image, image->SSL_get_SSL_CTX(ssl)) != NULL;
}

/*
 * A client's is none of ours: what is remembered at its address may be a server's that was there
 * before.  Whose side it is that begins is asked then (last_word.c).  Most calls that end a
 * handshake's are to be made again.
 */
static bool concerns_us(const struct image *image, const SSL *ssl, int where)
{
	bool is_call = where == EVENT_ALERT_SENT || (where & EVENT_EXIT) != 0;

	/* Of QUIC's nothing else is asked: not even what it waits for. */
	if (!is_watched(image) || !is_known(image, ssl) || (is_call && !refusal_is_one(image, ssl)))
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

/*
 * The ClientHello callback where the program has none.  Most handshakes begin, and go on to their
 * hello, within one call of the program's.  Where it waits for the hello the program may do
 * something in between, that comes after the last word.
 */
static int hello_alone(SSL *ssl, int *alert, void *arg);

void callbacks_begin(const struct image *image, SSL_CTX *ctx)
{
	table_set(place_of(&servernames, ctx), 0);
	if (is_watched(image) && image->SSL_CTX_set_client_hello_cb != NULL &&
	    ctx_kind(image, ctx) != NULL) /* of a QUIC connection nothing can be asked */
		image->SSL_CTX_set_client_hello_cb(ctx, hello_alone, NULL);
	callbacks_stand(image, ctx);
}

void callbacks_stand(const struct image *image, SSL_CTX *ctx)
{
	info_callback now;

	if (!is_watched(image))
		return;
	now = image->SSL_CTX_get_info_callback(ctx);
	if (slot_behind(now) < 0)
		image->SSL_CTX_set_info_callback(ctx, trampoline_for(now, SLOT_NONE, ctx));
}

void callbacks_stand_anew(const struct image *image, SSL *ssl)
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
		callbacks_stand_on(image, ssl);
}

info_callback SSL_get_info_callback(const SSL *ssl)
{
	WRAP(SSL_get_info_callback, ssl, NULL, ssl)

	return programs_callback(image->SSL_get_info_callback(ssl), ssl);
}

/* --- the callbacks between a hello and the choice of version and cipher ------------ */

struct late_callback {
	struct slots *slots;
	void (*act)(const struct image *image, SSL *ssl, const SSL_CTX *before);
};

static const struct late_callback late_hello = {&hellos, last_word_hello};
static const struct late_callback late_servername = {&servernames, last_word_servername};

/*
 * A connection that was moved to a context without a servername callback keeps that of the context
 * which it was made of: libssl does not tell which that was, so callbacks_moved has noted it.
 */
static any_callback program_in(const struct late_callback *late, int slot, const SSL *ssl,
			       const SSL_CTX *ctx)
{
	any_callback program = in_slot(late->slots, slot, ctx);

	return program == NULL && slot == SLOT_TABLE ? in_slot(late->slots, slot, ssl) : program;
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
		table_set(place_of(slots, ctx), 0);
	return slot == SLOTS ? callback : hello_trampoline(slots, slot);
}

void callbacks_moved(SSL *ssl, const SSL_CTX *before)
{
	uint64_t left = table_get(place_of(&servernames, before));

	if (left != 0 && !table_set(place_of(&servernames, ssl), left))
		log_message(LOG_LEVEL_ERROR,
			    "connection %p: no memory for the servername callback of the context "
			    "that it was made of",
			    (void *)ssl);
}

__attribute__((cold)) static void look_anew(SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (image != NULL && is_watched(image) && is_known(image, ssl))
		last_word_hello_alone(image, ssl);
}

static int hello_alone(SSL *ssl, int *alert, void *arg)
{
	(void)alert, (void)arg;
	if (!decision_is_in_hand(ssl))
		look_anew(ssl);
	return HELLO_SUCCESS;
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

/* --- the callback that gives DH parameters ------------------------------------------- */

static DH *lend(SSL *ssl, int is_export, int length, int slot)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	const void *object = image != NULL && slot == SLOT_CONTEXTS
				     ? (const void *)image->SSL_get_SSL_CTX(ssl)
				     : ssl;
	dh_callback program = (dh_callback)in_slot(&dhs, object == ssl ? slot : SLOT_TABLE, object);
	DH *own = program == NULL ? NULL : program(ssl, is_export, length);

	return image == NULL ? own : dh_lend(image, ssl, own);
}

#define ROW(n)                                                 \
	static DH *dh_##n(SSL *ssl, int is_export, int length) \
	{                                                      \
		return lend(ssl, is_export, length, n);        \
	}
EACH_SLOT(ROW)
#undef ROW

static dh_callback dh_trampoline(int slot)
{
	switch (slot) {
#define ROW(n)    \
	case (n): \
		return dh_##n;
		EACH_SLOT(ROW)
#undef ROW
	default:
		return NULL;
	}
}

/*
 * The callback to set for the program's.  libssl's own call for it may come by here again.
 *
 * @crowded  what stands for SLOT_TABLE, by which it is not told whose address is meant
 */
static dh_callback dh_callback_for(const struct image *image, dh_callback callback,
				   const void *object, int crowded)
{
	int slot;

	if (callback == NULL || config_get()->min_dh_bits == 0 || !is_watched(image))
		return callback;
	for (int i = 0; i < SLOTS; i++) {
		if (dh_trampoline(i) == callback)
			return callback;
	}
	slot = slot_of(&dhs, (any_callback)callback, object);
	return slot == SLOTS ? callback : dh_trampoline(slot == SLOT_TABLE ? crowded : slot);
}

void SSL_CTX_set_tmp_dh_callback(SSL_CTX *ctx, dh_callback callback)
{
	WRAP_VOID(SSL_CTX_set_tmp_dh_callback, ctx, ctx, callback)

	image->SSL_CTX_set_tmp_dh_callback(ctx,
					   dh_callback_for(image, callback, ctx, SLOT_CONTEXTS));
}

void SSL_set_tmp_dh_callback(SSL *ssl, dh_callback callback)
{
	WRAP_VOID(SSL_set_tmp_dh_callback, ssl, ssl, callback)

	image->SSL_set_tmp_dh_callback(ssl, dh_callback_for(image, callback, ssl, SLOT_TABLE));
}

/* --- those that are set by a control ------------------------------------------------- */

long SSL_CTX_callback_ctrl(SSL_CTX *ctx, int cmd, void (*callback)(void))
{
	WRAP(SSL_CTX_callback_ctrl, ctx, 0, ctx, cmd, callback)

	if (cmd == CTRL_SET_SERVERNAME_CALLBACK && is_watched(image)) {
		context_servername_callback_set(ctx, callback != NULL);
		callback = (any_callback)trampoline_in(&servernames, (hello_callback)callback, ctx);
	}
	if (cmd == CTRL_SET_TMP_DH_CALLBACK)
		callback = (any_callback)dh_callback_for(image, (dh_callback)callback, ctx,
							 SLOT_CONTEXTS);
	if (cmd == CTRL_SET_TICKET_KEY_CALLBACK && is_watched(image))
		context_ticket_callback_set(ctx, callback != NULL);
	if (cmd == CTRL_SET_TMP_ECDH_CALLBACK && callback != NULL && is_watched(image))
		context_curve_given(ctx);
	return image->SSL_CTX_callback_ctrl(ctx, cmd, callback);
}

/* --- what brings a certificate ------------------------------------------------------- */

void SSL_CTX_set_cert_cb(SSL_CTX *ctx, any_callback callback, void *arg)
{
	WRAP_VOID(SSL_CTX_set_cert_cb, ctx, ctx, callback, arg)

	if (is_hardened(image))
		context_certificate_callback_set(ctx, callback != NULL);
	image->SSL_CTX_set_cert_cb(ctx, callback, arg);
}

void SSL_set_cert_cb(SSL *ssl, any_callback callback, void *arg)
{
	WRAP_VOID(SSL_set_cert_cb, ssl, ssl, callback, arg)

	if (is_hardened(image) && callback != NULL)
		connection_bar_tls1_3(image, ssl);
	image->SSL_set_cert_cb(ssl, callback, arg);
}
