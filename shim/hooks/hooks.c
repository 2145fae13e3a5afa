/* SPDX-License-Identifier: MIT
 *
 * hooks: the exported wrappers.  Each one resolves the real function of the
 * libssl that its object belongs to, calls it, and hands what is to be done to
 * a named function of apply.  An object that no libssl claims goes to the next
 * definition of the name, untouched.
 */
#include "hooks/hooks.h"

#include <stddef.h>
#include <string.h>

#include "harden/apply.h"
#include "memory/connection.h"
#include "harden/lists.h"
#include "messages/log.h"
#include "harden/object.h"
#include "harden/observe.h"
#include "messages/refusal.h"
#include "loader/resolve.h"
#include "harden/serving.h"
#include "harden/strict.h"
#include "memory/table.h"
#include "sslharden/config.h"

#define EXPORT __attribute__((visibility("default")))

/* Every wrapper is declared before it is defined, with the type of its row. */
#define HOOK(ret, name, params) EXPORT ret name params;
#define REAL(ret, name, params)
#include "hooks/hooks.def"
#undef HOOK
#undef REAL

enum {
	CTRL_GET_SSL = 110, /* BIO_C_GET_SSL of openssl/bio.h */
	CONF_UNKNOWN = -2, /* SSL_CONF_cmd: "not recognised" */
};

/* The next definition of a name, called as what it is. */
#define NEXT(name) ((name##_fn)resolve_foreign(function_names.name))

/*
 * What to call where no wrapped call can be made: for an object that no libssl
 * claims, the next definition; for a libssl that has no such function (it was
 * called through a weak reference that we made non-null), nothing.
 */
#define LACKS(image, name) ((image) == NULL || (image)->name == NULL)
#define OTHER(image, name) ((image) == NULL ? NEXT(name) : NULL)

__attribute__((constructor)) static void load(void)
{
	log_init();
	config_get();
}

/*
 * Whether libssl itself calls, from inside its SSL_CTX_new.  Its SSL_CTX_new may end
 * with a jump to SSL_CTX_new_ex; then the caller is who called it, and that is us.
 */
static bool is_nested(const struct image *image, const void *caller)
{
	return inside_new && (elf_is_ours(caller) ||
			      ((uintptr_t)caller >= image->low && (uintptr_t)caller < image->high));
}

/* Whether a wrapper, called by @caller, has nothing to do but to call the real function. */
#define PASSIVE_FOR(image, caller)                           \
	(!(image)->known || config_get()->mode != MODE_ON || \
	 (inside_new && is_nested(image, caller)))
#define PASSIVE(image) PASSIVE_FOR(image, __builtin_return_address(0))

/* The same where a connection may take the server side, which an audit tells. */
static bool passive_side(const struct image *image, SSL *ssl)
{
	enum mode mode = config_get()->mode;

	if (!image->known)
		return true;
	if (mode == MODE_AUDIT)
		observe_serving(image, ssl);
	return mode != MODE_ON;
}

/* --- contexts ----------------------------------------------------------- */

struct creation {
	void *libctx;
	const char *propq;
	bool ex; /* SSL_CTX_new_ex was called, not SSL_CTX_new */
};

static SSL_CTX *create(const struct image *image, const struct creation *call,
		       const SSL_METHOD *method)
{
	/* A libssl without SSL_CTX_new_ex was not called by that name but through a probe. */
	if (call->ex && image->SSL_CTX_new_ex != NULL)
		return image->SSL_CTX_new_ex(call->libctx, call->propq, method);
	return image->SSL_CTX_new(method);
}

static SSL_CTX *context_new(const struct creation *call, const SSL_METHOD *method,
			    const void *caller)
{
	struct image scratch;
	const struct image *image = image_of_method(method, &scratch);
	bool was_inside = inside_new;
	struct plan plan;
	SSL_CTX *ctx;

	if (image == NULL && call->ex) {
		SSL_CTX_new_ex_fn next = NEXT(SSL_CTX_new_ex);

		return next == NULL ? NULL : next(call->libctx, call->propq, method);
	}
	if (image == NULL) {
		SSL_CTX_new_fn next = NEXT(SSL_CTX_new);

		return next == NULL ? NULL : next(method);
	}
	if (config_get()->mode == MODE_OFF || is_nested(image, caller))
		return create(image, call, method);
	if (config_get()->mode == MODE_ON && strict_refuses_method(image, method))
		return NULL;
	plan = plan_make(image, method);
	inside_new = true;
	ctx = create(image, call, config_get()->mode == MODE_ON ? plan.method : method);
	inside_new = was_inside;
	if (config_get()->mode == MODE_ON)
		return apply_created(image, ctx, &plan);
	if (ctx != NULL)
		observe_created(image, ctx, method);
	return ctx;
}

SSL_CTX *SSL_CTX_new(const SSL_METHOD *method)
{
	return context_new(&(struct creation){NULL, NULL, false}, method,
			   __builtin_return_address(0));
}

SSL_CTX *SSL_CTX_new_ex(void *libctx, const char *propq, const SSL_METHOD *method)
{
	return context_new(&(struct creation){libctx, propq, true}, method,
			   __builtin_return_address(0));
}

int SSL_CTX_set_ssl_version(SSL_CTX *ctx, const SSL_METHOD *method)
{
	struct image scratch;
	const struct image *image = image_of_method(method, &scratch);
	struct plan plan;
	int ret;

	if (LACKS(image, SSL_CTX_set_ssl_version)) {
		SSL_CTX_set_ssl_version_fn next = OTHER(image, SSL_CTX_set_ssl_version);

		return next == NULL ? 0 : next(ctx, method);
	}
	if (PASSIVE(image))
		return image->SSL_CTX_set_ssl_version(ctx, method);
	if (strict_refuses_method(image, method))
		return 0;
	plan = plan_make(image, method);
	ret = image->SSL_CTX_set_ssl_version(ctx, plan.method);
	if (ret != 0)
		apply_replaced(image, ctx, &plan);
	return ret;
}

/* A program that makes another context of what it is answered means what it asked for itself. */
const SSL_METHOD *SSL_CTX_get_ssl_method(const SSL_CTX *ctx)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	const SSL_METHOD *method;

	if (LACKS(image, SSL_CTX_get_ssl_method)) {
		SSL_CTX_get_ssl_method_fn next = OTHER(image, SSL_CTX_get_ssl_method);

		return next == NULL ? NULL : next(ctx);
	}
	method = PASSIVE(image) ? NULL : apply_asked_method(image, ctx);
	return method == NULL ? image->SSL_CTX_get_ssl_method(ctx) : method;
}

SSL *SSL_new(SSL_CTX *ctx)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	SSL *ssl;

	if (LACKS(image, SSL_new)) {
		SSL_new_fn next = OTHER(image, SSL_new);

		return next == NULL ? NULL : next(ctx);
	}
	/* SSL_CONF_cmd and the like wrote into the context past us. */
	if (!PASSIVE(image))
		apply_context(image, ctx);
	ssl = image->SSL_new(ctx);
	if (PASSIVE(image) || ssl == NULL)
		return ssl;
	if (strict_refuses_new(image, ssl)) {
		image->SSL_free(ssl);
		return NULL;
	}
	serving_new(image, ssl, ctx);
	return ssl;
}

SSL *SSL_dup(SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	SSL *copy;

	if (LACKS(image, SSL_dup)) {
		SSL_dup_fn next = OTHER(image, SSL_dup);

		return next == NULL ? NULL : next(ssl);
	}
	copy = image->SSL_dup(ssl);
	if (!PASSIVE(image) && copy != NULL)
		serving_dup(image, ssl, copy);
	return copy;
}

int SSL_up_ref(SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (LACKS(image, SSL_up_ref)) {
		SSL_up_ref_fn next = OTHER(image, SSL_up_ref);

		return next == NULL ? 0 : next(ssl);
	}
	if (!PASSIVE(image))
		serving_shared(image, ssl);
	return image->SSL_up_ref(ssl);
}

void SSL_free(SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (LACKS(image, SSL_free)) {
		SSL_free_fn next = ssl == NULL ? NULL : OTHER(image, SSL_free);

		if (next != NULL)
			next(ssl);
		return;
	}
	if (!PASSIVE(image))
		connection_freed(ssl);
	image->SSL_free(ssl);
}

int SSL_clear(SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	int ret;

	if (LACKS(image, SSL_clear)) {
		SSL_clear_fn next = OTHER(image, SSL_clear);

		return next == NULL ? 0 : next(ssl);
	}
	ret = image->SSL_clear(ssl);
	if (ret != 0 && pins_are_known() && !PASSIVE(image))
		serving_cleared(image, ssl);
	return ret;
}

/* --- options ------------------------------------------------------------ */

/* The option calls of a libssl, or before 1.1.0 the controls that stand for them. */
static uint64_t ctx_call(const struct image *image, uint64_t (*call)(SSL_CTX *, uint64_t),
			 SSL_CTX *ctx, int cmd, uint64_t options)
{
	uint64_t ret = call != NULL ? call(ctx, options)
				    : (uint64_t)image->SSL_CTX_ctrl(ctx, cmd, (long)options, NULL);

	return ret & image->option_mask;
}

static uint64_t ssl_call(const struct image *image, uint64_t (*call)(SSL *, uint64_t), SSL *ssl,
			 int cmd, uint64_t options)
{
	uint64_t ret = call != NULL ? call(ssl, options)
				    : (uint64_t)image->SSL_ctrl(ssl, cmd, (long)options, NULL);

	return ret & image->option_mask;
}

uint64_t SSL_CTX_set_options(SSL_CTX *ctx, uint64_t options)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	uint64_t ret;

	if (image == NULL) {
		SSL_CTX_set_options_fn next = NEXT(SSL_CTX_set_options);

		return next == NULL ? 0 : next(ctx, options);
	}
	options &= image->option_mask;
	ret = ctx_call(image, image->SSL_CTX_set_options, ctx, CTRL_OPTIONS, options);
	if (!PASSIVE(image))
		apply_program_options(ctx, options);
	return ret;
}

uint64_t SSL_CTX_clear_options(SSL_CTX *ctx, uint64_t options)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);

	if (image == NULL) {
		SSL_CTX_clear_options_fn next = NEXT(SSL_CTX_clear_options);

		return next == NULL ? 0 : next(ctx, options);
	}
	options &= image->option_mask;
	if (!PASSIVE(image))
		options = apply_clearable_context(image, ctx, options);
	return ctx_call(image, image->SSL_CTX_clear_options, ctx, CTRL_CLEAR_OPTIONS, options);
}

uint64_t SSL_CTX_get_options(const SSL_CTX *ctx)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	SSL_CTX *mutable_ctx = (SSL_CTX *)(uintptr_t)ctx;

	if (image == NULL) {
		SSL_CTX_get_options_fn next = NEXT(SSL_CTX_get_options);

		return next == NULL ? 0 : next(ctx);
	}
	/* What is answered is what connections will have. */
	if (!PASSIVE(image))
		apply_context(image, mutable_ctx);
	if (image->SSL_CTX_get_options != NULL)
		return image->SSL_CTX_get_options(ctx) & image->option_mask;
	return ctx_call(image, NULL, mutable_ctx, CTRL_OPTIONS, 0);
}

uint64_t SSL_set_options(SSL *ssl, uint64_t options)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (image == NULL) {
		SSL_set_options_fn next = NEXT(SSL_set_options);

		return next == NULL ? 0 : next(ssl, options);
	}
	return ssl_call(image, image->SSL_set_options, ssl, CTRL_OPTIONS,
			options & image->option_mask);
}

uint64_t SSL_clear_options(SSL *ssl, uint64_t options)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (image == NULL) {
		SSL_clear_options_fn next = NEXT(SSL_clear_options);

		return next == NULL ? 0 : next(ssl, options);
	}
	options &= image->option_mask;
	if (!PASSIVE(image))
		options = serving_clearable(image, ssl, options);
	return ssl_call(image, image->SSL_clear_options, ssl, CTRL_CLEAR_OPTIONS, options);
}

static bool sets_groups(int cmd)
{
	return cmd == CTRL_SET_GROUPS || cmd == CTRL_SET_GROUPS_LIST || cmd == CTRL_SET_TMP_ECDH ||
	       cmd == CTRL_SET_ECDH_AUTO;
}

long SSL_CTX_ctrl(SSL_CTX *ctx, int cmd, long larg, void *parg)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	long ret;

	if (LACKS(image, SSL_CTX_ctrl)) {
		SSL_CTX_ctrl_fn next = OTHER(image, SSL_CTX_ctrl);

		return next == NULL ? 0 : next(ctx, cmd, larg, parg);
	}
	if (PASSIVE(image))
		return image->SSL_CTX_ctrl(ctx, cmd, larg, parg);
	switch (cmd) {
	case CTRL_OPTIONS: /* sets, or with 0 reads; from 1.1.0 on it does nothing */
		if (image->SSL_CTX_set_options != NULL)
			break;
		apply_program_options(ctx, (unsigned long)larg);
		apply_context(image, ctx);
		break;
	case CTRL_CLEAR_OPTIONS:
		if (image->SSL_CTX_set_options == NULL)
			larg = (long)apply_clearable_context(image, ctx, (unsigned long)larg);
		break;
	case CTRL_SET_MIN_PROTO_VERSION:
	case CTRL_SET_MAX_PROTO_VERSION:
		if (!apply_bound_context(image, ctx, cmd == CTRL_SET_MAX_PROTO_VERSION, &larg))
			return 1;
		break;
	default:
		break;
	}
	ret = image->SSL_CTX_ctrl(ctx, cmd, larg, parg);
	if (sets_groups(cmd))
		apply_lists_context(image, ctx);
	return ret;
}

long SSL_ctrl(SSL *ssl, int cmd, long larg, void *parg)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	long ret;

	if (LACKS(image, SSL_ctrl)) {
		SSL_ctrl_fn next = OTHER(image, SSL_ctrl);

		return next == NULL ? 0 : next(ssl, cmd, larg, parg);
	}
	if (PASSIVE(image))
		return image->SSL_ctrl(ssl, cmd, larg, parg);
	switch (cmd) {
	case CTRL_CLEAR_OPTIONS:
		if (image->SSL_CTX_set_options == NULL)
			larg = (long)serving_clearable(image, ssl, (unsigned long)larg);
		break;
	case CTRL_SET_MIN_PROTO_VERSION:
	case CTRL_SET_MAX_PROTO_VERSION:
		if (!serving_bound(image, ssl, cmd == CTRL_SET_MAX_PROTO_VERSION, &larg))
			return 1;
		break;
	case CTRL_DTLS_LISTEN:
		if (image->SSL_CTX_set_options == NULL)
			serving_accepts(image, ssl);
		break;
	default:
		break;
	}
	ret = image->SSL_ctrl(ssl, cmd, larg, parg);
	if (sets_groups(cmd))
		serving_lists(image, ssl);
	return ret;
}

/*
 * The range calls are functions in LibreSSL and BoringSSL, and macros of the
 * controls above in OpenSSL.
 */
static int ctx_bound(SSL_CTX *ctx, bool highest, long version, const void *caller)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	int cmd = highest ? CTRL_SET_MAX_PROTO_VERSION : CTRL_SET_MIN_PROTO_VERSION;
	SSL_CTX_set_min_proto_version_fn real;

	if (image == NULL)
		return 0;
	if (!PASSIVE_FOR(image, caller) && !apply_bound_context(image, ctx, highest, &version))
		return 1;
	real = highest ? image->SSL_CTX_set_max_proto_version
		       : image->SSL_CTX_set_min_proto_version;
	if (real == NULL)
		return image->SSL_CTX_ctrl == NULL
			       ? 0
			       : (int)image->SSL_CTX_ctrl(ctx, cmd, version, NULL);
	return real(ctx, (uint16_t)version);
}

static int ssl_bound(SSL *ssl, bool highest, long version)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	int cmd = highest ? CTRL_SET_MAX_PROTO_VERSION : CTRL_SET_MIN_PROTO_VERSION;
	SSL_set_min_proto_version_fn real;

	if (image == NULL)
		return 0;
	if (image->known && config_get()->mode == MODE_ON &&
	    !serving_bound(image, ssl, highest, &version))
		return 1;
	real = highest ? image->SSL_set_max_proto_version : image->SSL_set_min_proto_version;
	if (real == NULL)
		return image->SSL_ctrl == NULL ? 0 : (int)image->SSL_ctrl(ssl, cmd, version, NULL);
	return real(ssl, (uint16_t)version);
}

int SSL_CTX_set_min_proto_version(SSL_CTX *ctx, uint16_t version)
{
	return ctx_bound(ctx, false, version, __builtin_return_address(0));
}

int SSL_CTX_set_max_proto_version(SSL_CTX *ctx, uint16_t version)
{
	return ctx_bound(ctx, true, version, __builtin_return_address(0));
}

int SSL_set_min_proto_version(SSL *ssl, uint16_t version)
{
	return ssl_bound(ssl, false, version);
}

int SSL_set_max_proto_version(SSL *ssl, uint16_t version)
{
	return ssl_bound(ssl, true, version);
}

/* --- ciphers ------------------------------------------------------------ */

int SSL_CTX_set_cipher_list(SSL_CTX *ctx, const char *list)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	int ret;

	if (LACKS(image, SSL_CTX_set_cipher_list)) {
		SSL_CTX_set_cipher_list_fn next = OTHER(image, SSL_CTX_set_cipher_list);

		return next == NULL ? 0 : next(ctx, list);
	}
	ret = image->SSL_CTX_set_cipher_list(ctx, list);
	if (PASSIVE(image))
		return ret;
	if (ret == 1)
		lists_note_own(image, ctx, list);
	apply_lists_context(image, ctx);
	return ret;
}

int SSL_set_cipher_list(SSL *ssl, const char *list)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	int ret;

	if (LACKS(image, SSL_set_cipher_list)) {
		SSL_set_cipher_list_fn next = OTHER(image, SSL_set_cipher_list);

		return next == NULL ? 0 : next(ssl, list);
	}
	ret = image->SSL_set_cipher_list(ssl, list);
	if (!PASSIVE(image))
		serving_lists(image, ssl);
	return ret;
}

int SSL_CTX_set_ciphersuites(SSL_CTX *ctx, const char *list)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	int ret;

	if (LACKS(image, SSL_CTX_set_ciphersuites)) {
		SSL_CTX_set_ciphersuites_fn next = OTHER(image, SSL_CTX_set_ciphersuites);

		return next == NULL ? 0 : next(ctx, list);
	}
	ret = image->SSL_CTX_set_ciphersuites(ctx, list);
	if (!PASSIVE(image))
		apply_lists_context(image, ctx);
	return ret;
}

int SSL_set_ciphersuites(SSL *ssl, const char *list)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	int ret;

	if (LACKS(image, SSL_set_ciphersuites)) {
		SSL_set_ciphersuites_fn next = OTHER(image, SSL_set_ciphersuites);

		return next == NULL ? 0 : next(ssl, list);
	}
	ret = image->SSL_set_ciphersuites(ssl, list);
	if (!PASSIVE(image))
		serving_lists(image, ssl);
	return ret;
}

/* --- the side a connection takes ---------------------------------------- */

void SSL_set_accept_state(SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (LACKS(image, SSL_set_accept_state)) {
		SSL_set_accept_state_fn next = OTHER(image, SSL_set_accept_state);

		if (next != NULL)
			next(ssl);
		return;
	}
	image->SSL_set_accept_state(ssl);
	if (!passive_side(image, ssl))
		serving_takes_side(image, ssl);
}

/* In the middle of a handshake: its first call has done what there was to do. */
static bool has_begun(const struct image *image, const SSL *ssl)
{
	return image->SSL_in_before != NULL && image->SSL_in_before(ssl) == 0;
}

/* Nothing is to be changed; an audit tells which of those that get in would not have. */
static int unchanged(const struct image *image, SSL *ssl, int (*handshake)(SSL *ssl))
{
	bool audit = image->known && config_get()->mode == MODE_AUDIT;
	int ret;

	if (audit)
		refusal_watch(image, ssl);
	ret = handshake(ssl);
	if (audit)
		refusal_foresee(image, ssl, ret);
	return ret;
}

int SSL_accept(SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	int ret;

	if (LACKS(image, SSL_accept)) {
		SSL_accept_fn next = OTHER(image, SSL_accept);

		return next == NULL ? -1 : next(ssl);
	}
	if (passive_side(image, ssl))
		return unchanged(image, ssl, image->SSL_accept);
	if (!has_begun(image, ssl)) {
		if (strict_refuses(image, ssl))
			return -1;
		serving_accepts(image, ssl);
	}
	refusal_watch(image, ssl);
	ret = image->SSL_accept(ssl);
	refusal_explain(image, ssl, ret);
	return ret;
}

int SSL_do_handshake(SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	int ret;

	if (LACKS(image, SSL_do_handshake)) {
		SSL_do_handshake_fn next = OTHER(image, SSL_do_handshake);

		return next == NULL ? -1 : next(ssl);
	}
	if (passive_side(image, ssl))
		return unchanged(image, ssl, image->SSL_do_handshake);
	if (!has_begun(image, ssl)) {
		if (strict_refuses(image, ssl))
			return -1;
		serving_takes_side(image, ssl);
	}
	refusal_watch(image, ssl);
	ret = image->SSL_do_handshake(ssl);
	refusal_explain(image, ssl, ret);
	return ret;
}

/*
 * What SSL_accept does besides something else.  libssl calls its own SSL_accept
 * there, which is not seen where it is linked -Bsymbolic.
 */
static bool may_accept(const struct image *image, SSL *ssl)
{
	if (passive_side(image, ssl))
		return true;
	if (strict_refuses(image, ssl))
		return false;
	serving_accepts(image, ssl);
	return true;
}

int SSL_read_early_data(SSL *ssl, void *buf, size_t num, size_t *readbytes)
{
	enum { EARLY_DATA_ERROR = 0 }; /* SSL_READ_EARLY_DATA_ERROR */
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (LACKS(image, SSL_read_early_data)) {
		SSL_read_early_data_fn next = OTHER(image, SSL_read_early_data);

		return next == NULL ? EARLY_DATA_ERROR : next(ssl, buf, num, readbytes);
	}
	if (!may_accept(image, ssl))
		return EARLY_DATA_ERROR;
	return image->SSL_read_early_data(ssl, buf, num, readbytes);
}

int SSL_stateless(SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (LACKS(image, SSL_stateless)) {
		SSL_stateless_fn next = OTHER(image, SSL_stateless);

		return next == NULL ? -1 : next(ssl);
	}
	return may_accept(image, ssl) ? image->SSL_stateless(ssl) : -1;
}

int DTLSv1_listen(SSL *ssl, void *peer)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);

	if (LACKS(image, DTLSv1_listen)) {
		DTLSv1_listen_fn next = OTHER(image, DTLSv1_listen);

		return next == NULL ? -1 : next(ssl, peer);
	}
	return may_accept(image, ssl) ? image->DTLSv1_listen(ssl, peer) : -1;
}

int SSL_set_ssl_method(SSL *ssl, const SSL_METHOD *method)
{
	struct image scratch;
	const struct image *image = image_of_method(method, &scratch);
	struct plan plan;
	int ret;

	if (LACKS(image, SSL_set_ssl_method)) {
		SSL_set_ssl_method_fn next = OTHER(image, SSL_set_ssl_method);

		return next == NULL ? 0 : next(ssl, method);
	}
	if (PASSIVE(image))
		return image->SSL_set_ssl_method(ssl, method);
	if (strict_refuses_method(image, method))
		return 0;
	plan = plan_make(image, method);
	ret = image->SSL_set_ssl_method(ssl, serving_method_for(image, &plan, method));
	if (ret != 0)
		serving_method(image, ssl, &plan);
	return ret;
}

SSL_CTX *SSL_set_SSL_CTX(SSL *ssl, SSL_CTX *ctx)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	bool lists = false;
	SSL_CTX *ret;

	if (LACKS(image, SSL_set_SSL_CTX)) {
		SSL_set_SSL_CTX_fn next = OTHER(image, SSL_set_SSL_CTX);

		return next == NULL ? NULL : next(ssl, ctx);
	}
	if (!PASSIVE(image))
		lists = serving_moves(image, ssl);
	ret = image->SSL_set_SSL_CTX(ssl, ctx);
	if (!PASSIVE(image) && ret != NULL)
		serving_moved(image, ssl, lists);
	return ret;
}

/* Where libssl is linked -Bsymbolic, its own calls of SSL_new and so on inside were not seen. */
static void bio_made(const struct image *image, BIO *bio, SSL_CTX *ctx, bool client)
{
	SSL *ssl = NULL;

	if (bio == NULL || image->BIO_ctrl == NULL ||
	    image->BIO_ctrl(bio, CTRL_GET_SSL, 0, (void *)&ssl) <= 0 || ssl == NULL)
		return;
	serving_new(image, ssl, ctx);
	if (!client)
		serving_takes_side(image, ssl);
}

BIO *BIO_new_ssl(SSL_CTX *ctx, int client)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	BIO *bio;

	if (LACKS(image, BIO_new_ssl)) {
		BIO_new_ssl_fn next = OTHER(image, BIO_new_ssl);

		return next == NULL ? NULL : next(ctx, client);
	}
	if (!PASSIVE(image))
		apply_context(image, ctx);
	bio = image->BIO_new_ssl(ctx, client);
	if (!PASSIVE(image))
		bio_made(image, bio, ctx, client != 0);
	return bio;
}

/* The two calls that make a client's, plain and buffered. */
static BIO *bio_connect(SSL_CTX *ctx, bool buffered, const void *caller)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	BIO_new_ssl_connect_fn call;
	BIO *bio;

	if (image == NULL)
		call = buffered ? NEXT(BIO_new_buffer_ssl_connect) : NEXT(BIO_new_ssl_connect);
	else
		call = buffered ? image->BIO_new_buffer_ssl_connect : image->BIO_new_ssl_connect;
	bio = call == NULL ? NULL : call(ctx);
	if (image != NULL && !PASSIVE_FOR(image, caller))
		bio_made(image, bio, ctx, true);
	return bio;
}

BIO *BIO_new_ssl_connect(SSL_CTX *ctx)
{
	return bio_connect(ctx, false, __builtin_return_address(0));
}

BIO *BIO_new_buffer_ssl_connect(SSL_CTX *ctx)
{
	return bio_connect(ctx, true, __builtin_return_address(0));
}

/* --- configuration that libssl applies inside ---------------------------- */

int SSL_CTX_config(SSL_CTX *ctx, const char *name)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	int ret;

	if (LACKS(image, SSL_CTX_config)) {
		SSL_CTX_config_fn next = OTHER(image, SSL_CTX_config);

		return next == NULL ? 0 : next(ctx, name);
	}
	ret = image->SSL_CTX_config(ctx, name);
	if (!PASSIVE(image)) {
		apply_context(image, ctx);
		apply_lists_context(image, ctx);
	}
	return ret;
}

int SSL_config(SSL *ssl, const char *name)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	int ret;

	if (LACKS(image, SSL_config)) {
		SSL_config_fn next = OTHER(image, SSL_config);

		return next == NULL ? 0 : next(ssl, name);
	}
	ret = image->SSL_config(ssl, name);
	if (!PASSIVE(image))
		serving_configured(image, ssl);
	return ret;
}

/*
 * An SSL_CONF_CTX says nothing of what it configures, so that is remembered:
 * the pointer, its lowest bit set for an SSL.  The highest bit is never a
 * pointer's but always set in a context's own entry (apply.c), which an
 * SSL_CONF_CTX may inherit with its address.
 */
static void conf_remember(const SSL_CONF_CTX *conf, const struct image *image, const void *object,
			  bool connection)
{
	table_set(conf, object == NULL ? 0 : (uint64_t)(uintptr_t)object | connection);
	/* Whose it is, under the next address: the object may be freed before it. */
	table_set((const char *)conf + 1, image == NULL ? 0 : image->low);
}

static void *conf_target(const SSL_CONF_CTX *conf, bool *connection)
{
	uint64_t word = table_get(conf);

	*connection = (word & 1) != 0;
	return word >> 63 != 0 ? NULL : (void *)(uintptr_t)(word & ~UINT64_C(1));
}

static void conf_written(const SSL_CONF_CTX *conf, const struct image *image)
{
	bool connection;
	void *target = conf_target(conf, &connection);

	if (target == NULL)
		return;
	if (connection) {
		serving_configured(image, target);
		return;
	}
	apply_context(image, target);
	apply_lists_context(image, target);
}

static const struct image *image_of_conf(const SSL_CONF_CTX *conf, struct image *scratch)
{
	return image_of_method((const void *)(uintptr_t)table_get((const char *)conf + 1), scratch);
}

void SSL_CONF_CTX_set_ssl_ctx(SSL_CONF_CTX *conf, SSL_CTX *ctx)
{
	struct image scratch;
	const struct image *image = image_of_object(ctx, &scratch);
	SSL_CONF_CTX_set_ssl_ctx_fn real =
		image != NULL ? image->SSL_CONF_CTX_set_ssl_ctx : NEXT(SSL_CONF_CTX_set_ssl_ctx);

	if (real == NULL)
		return;
	real(conf, ctx);
	conf_remember(conf, image, ctx, false);
}

void SSL_CONF_CTX_set_ssl(SSL_CONF_CTX *conf, SSL *ssl)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	SSL_CONF_CTX_set_ssl_fn real =
		image != NULL ? image->SSL_CONF_CTX_set_ssl : NEXT(SSL_CONF_CTX_set_ssl);

	if (real == NULL)
		return;
	real(conf, ssl);
	conf_remember(conf, image, ssl, true);
}

int SSL_CONF_cmd(SSL_CONF_CTX *conf, const char *option, const char *value)
{
	struct image scratch;
	const struct image *image = image_of_conf(conf, &scratch);
	SSL_CONF_cmd_fn real = image != NULL ? image->SSL_CONF_cmd : NEXT(SSL_CONF_cmd);
	int ret = real == NULL ? CONF_UNKNOWN : real(conf, option, value);

	if (image != NULL && !PASSIVE(image) &&
	    ret != CONF_UNKNOWN) /* else it need not be there any more */
		conf_written(conf, image);
	return ret;
}

int SSL_CONF_cmd_argv(SSL_CONF_CTX *conf, int *argc, char ***argv)
{
	struct image scratch;
	const struct image *image = image_of_conf(conf, &scratch);
	SSL_CONF_cmd_argv_fn real =
		image != NULL ? image->SSL_CONF_cmd_argv : NEXT(SSL_CONF_cmd_argv);
	int ret = real == NULL ? CONF_UNKNOWN : real(conf, argc, argv);

	if (image != NULL && !PASSIVE(image) && ret != 0) /* the number of words that were taken */
		conf_written(conf, image);
	return ret;
}

int SSL_CONF_CTX_finish(SSL_CONF_CTX *conf)
{
	struct image scratch;
	const struct image *image = image_of_conf(conf, &scratch);
	SSL_CONF_CTX_finish_fn real =
		image != NULL ? image->SSL_CONF_CTX_finish : NEXT(SSL_CONF_CTX_finish);
	int ret = real == NULL ? 0 : real(conf);

	if (image != NULL && !PASSIVE(image))
		conf_written(conf, image);
	return ret;
}

void SSL_CONF_CTX_free(SSL_CONF_CTX *conf)
{
	struct image scratch;
	const struct image *image;
	SSL_CONF_CTX_free_fn real;

	if (conf == NULL) /* libssl itself, in each SSL_CTX_new */
		return;
	image = image_of_conf(conf, &scratch);
	real = image != NULL ? image->SSL_CONF_CTX_free : NEXT(SSL_CONF_CTX_free);
	conf_remember(conf, NULL, NULL, false);
	if (real != NULL)
		real(conf);
}

/* --- the table of them ---------------------------------------------------- */

void *hook_find(const char *name)
{
	/* Those of the wrapped functions are the first; an array of pointers would be relocations. */
	enum {
		WRAPPED = 0
#define HOOK(ret, name, params) +1
#define REAL(ret, name, params)
#include "hooks/hooks.def"
#undef HOOK
#undef REAL
	};
	const char *row = (const char *)&function_names;

	for (int i = 0; i < WRAPPED; i++) {
		if (strcmp(row, name) == 0)
			return elf_own_symbol(name);
		row += strlen(row) + 1;
	}
	return NULL;
}
