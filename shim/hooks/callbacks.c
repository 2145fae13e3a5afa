/* SPDX-License-Identifier: MIT
 *
 * The wrappers of calls that set callbacks of several kinds, or one before which nothing of ours
 * stands.
 */
#include "harden/connection.h"
#include "harden/context_program.h"
#include "hooks/dh_callback.h"
#include "hooks/hello_callbacks.h"
#include "hooks/wrap.h"
#include "loader/controls.h"

long SSL_CTX_callback_ctrl(SSL_CTX *ctx, int cmd, void (*callback)(void))
{
	WRAP(SSL_CTX_callback_ctrl, ctx, 0, ctx, cmd, callback)

	if (cmd == CTRL_SET_SERVERNAME_CALLBACK && is_watched(image)) {
		context_servername_callback_set(ctx, callback != NULL);
		callback = hello_callbacks_servername(callback, ctx);
	}
	if (cmd == CTRL_SET_TMP_DH_CALLBACK)
		callback = (any_callback)dh_callback_of_context(image, (dh_callback)callback, ctx);
	if (cmd == CTRL_SET_TICKET_KEY_CALLBACK && is_watched(image))
		context_ticket_callback_set(ctx, callback != NULL);
	if (cmd == CTRL_SET_TMP_ECDH_CALLBACK && callback != NULL && is_watched(image))
		context_curve_given(ctx);
	return image->SSL_CTX_callback_ctrl(ctx, cmd, callback);
}

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
		connection_bar(image, ssl, VERSION_TLS1_3);
	image->SSL_set_cert_cb(ssl, callback, arg);
}
