/* SPDX-License-Identifier: MIT
 *
 * The wrappers where a context is made and where a method is chosen.
 */
#include "harden/context.h"

#include "harden/connection.h"
#include "harden/context_program.h"
#include "harden/side.h"
#include "harden/strict.h"
#include "hooks/exec.h"
#include "hooks/hello_callbacks.h"
#include "hooks/info_callback.h"
#include "hooks/wrap.h"

struct creation {
	void *libctx;
	const char *propq;
	bool ex; /* SSL_CTX_new_ex was called, not SSL_CTX_new */
};

/*
 * Plans a context.  Unless the method is a client's the process may serve, which exec.c must know.
 */
static struct plan plan_of(const struct image *image, const SSL_METHOD *method)
{
	struct plan plan = context_plan(image, method);

	if (plan.kind == NULL || plan.kind->role != ROLE_CLIENT)
		exec_serves();
	return plan;
}

static SSL_CTX *create(const struct image *image, const struct creation *call,
		       const SSL_METHOD *method)
{
	/*
	 * Through a weak reference SSL_CTX_new_ex can be called although this libssl does not have
	 * it.
	 */
	if (call->ex && image->SSL_CTX_new_ex != NULL)
		return image->SSL_CTX_new_ex(call->libctx, call->propq, method);
	return image->SSL_CTX_new(method);
}

/*
 * Makes what was planned.  Before 1.1.0 a context has from the method that it is made with how long
 * its sessions live: two hours of a pinned one, five minutes of the flexible one in its place.
 */
static SSL_CTX *create_planned(const struct image *image, const struct creation *call,
			       const SSL_METHOD *asked, const struct plan *plan)
{
	SSL_CTX *ctx;

	if (!plan->exchanged || image->dialect.pinning != PIN_BEFORE_HANDSHAKE)
		return create(image, call, plan->method);
	ctx = create(image, call, asked);
	if (ctx != NULL && image->SSL_CTX_set_ssl_version(ctx, plan->method) == 0) {
		image->SSL_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}

/*
 * Whether the call comes from inside libssl's own SSL_CTX_new.  If that ends with a jump to
 * SSL_CTX_new_ex, the return address is where SSL_CTX_new was called: in this library.
 */
static bool is_nested(const struct image *image, const void *caller)
{
	return inside_ssl_ctx_new && (elf_is_ours(caller) || image_has(image, caller));
}

static SSL_CTX *context_new(const struct image *image, const struct creation *call,
			    const SSL_METHOD *method, const void *caller)
{
	bool was_inside = inside_ssl_ctx_new;
	struct image scratch;
	struct plan plan;
	SSL_CTX *ctx;

	if (is_nested(image, caller))
		return create(image, call, method);
	plan = plan_of(image, method); /* of one that is off, too: off is to be carried */
	if (config_get()->mode == MODE_OFF)
		return create(image, call, method);
	if (config_get()->mode == MODE_ON && strict_refuses_method(image, method))
		return NULL;
	inside_ssl_ctx_new = true;
	context_begins();
	ctx = config_get()->mode == MODE_ON ? create_planned(image, call, method, &plan)
					    : create(image, call, method);
	inside_ssl_ctx_new = was_inside;
	if (ctx == NULL)
		return NULL;
	if (plan.kind != NULL && plan.kind->role != ROLE_CLIENT)
		image = image_to_decide(image, ctx, &scratch);
	if (config_get()->mode == MODE_ON && strict_refuses_context(image, ctx, method)) {
		image->SSL_CTX_free(ctx);
		return NULL;
	}
	hello_callbacks_begin(image, ctx);
	info_callback_stand(image, ctx);
	context_created(image, ctx, &plan);
	return ctx;
}

SSL_CTX *SSL_CTX_new(const SSL_METHOD *method)
{
	WRAP_BY_METHOD(SSL_CTX_new, method, NULL, method)

	return context_new(image, &(struct creation){NULL, NULL, false}, method,
			   __builtin_return_address(0));
}

SSL_CTX *SSL_CTX_new_ex(void *libctx, const char *propq, const SSL_METHOD *method)
{
	WRAP_ALWAYS_BY(image_of_method, SSL_CTX_new_ex, method, NULL, libctx, propq, method)

	return context_new(image, &(struct creation){libctx, propq, true}, method,
			   __builtin_return_address(0));
}

int SSL_CTX_set_ssl_version(SSL_CTX *ctx, const SSL_METHOD *method)
{
	struct plan plan;
	int ret;

	WRAP_BY_METHOD(SSL_CTX_set_ssl_version, method, 0, ctx, method)
	image = image_to_decide(image, ctx, &scratch);
	if (!is_hardened(image))
		return image->SSL_CTX_set_ssl_version(ctx, method);
	if (strict_refuses_method(image, method) || strict_refuses_context(image, ctx, method))
		return 0;
	plan = plan_of(image, method);
	ret = image->SSL_CTX_set_ssl_version(ctx, plan.method);
	if (ret != 0) {
		info_callback_stand(image, ctx);
		context_replaced(image, ctx, &plan);
	}
	return ret;
}

/* A program may make another context with the answer, so it gets the method that it asked for. */
const SSL_METHOD *SSL_CTX_get_ssl_method(const SSL_CTX *ctx)
{
	const SSL_METHOD *method;

	WRAP(SSL_CTX_get_ssl_method, ctx, NULL, ctx)
	method = is_hardened(image) ? context_asked_method(image, ctx) : NULL;
	return method == NULL ? image->SSL_CTX_get_ssl_method(ctx) : method;
}

int SSL_set_ssl_method(SSL *ssl, const SSL_METHOD *method)
{
	int ret;

	WRAP_BY_METHOD(SSL_set_ssl_method, method, 0, ssl, method)
	image = image_to_decide(image, image->SSL_get_SSL_CTX(ssl), &scratch);
	if (is_hardened(image) &&
	    (strict_refuses_method(image, method) ||
	     strict_refuses_context(image, image->SSL_get_SSL_CTX(ssl), method)))
		return 0;
	ret = image->SSL_set_ssl_method(ssl, method);
	if (ret != 0 && is_watched(image)) {
		info_callback_stand_on(image, ssl);
		connection_method_set(image, ssl);
		side_method(image, ssl, method_kind_of(image->methods, method));
	}
	return ret;
}
