/* SPDX-License-Identifier: MIT
 *
 * The wrappers where options are set and cleared, from 1.1.0 on (before: controls.c).  A call returns
 * the mask that is in force, so options that must stay are not passed on to be cleared.
 */
#include "harden/connection.h"
#include "harden/context.h"
#include "hooks/wrap.h"
#include "loader/controls.h"

/* The option calls of a libssl, or before 1.1.0 the controls that stand for them. */
static uint64_t ctx_call(const struct image *image, uint64_t (*call)(SSL_CTX *, uint64_t),
			 SSL_CTX *ctx, int cmd, uint64_t options)
{
	uint64_t ret = call != NULL ? call(ctx, options)
				    : (uint64_t)image->SSL_CTX_ctrl(ctx, cmd, (long)options, NULL);

	return ret & image->option_mask;
}

uint64_t SSL_CTX_set_options(SSL_CTX *ctx, uint64_t options)
{
	uint64_t ret;

	WRAP_ALWAYS(SSL_CTX_set_options, ctx, 0, ctx, options)

	options &= image->option_mask;
	ret = ctx_call(image, image->SSL_CTX_set_options, ctx, CTRL_OPTIONS, options);
	if (is_hardened(image))
		context_program_options(ctx, options);
	return ret;
}

uint64_t SSL_CTX_clear_options(SSL_CTX *ctx, uint64_t options)
{
	WRAP_ALWAYS(SSL_CTX_clear_options, ctx, 0, ctx, options)

	options &= image->option_mask;
	if (is_hardened(image))
		options = context_clearable(image, ctx, options);
	return ctx_call(image, image->SSL_CTX_clear_options, ctx, CTRL_CLEAR_OPTIONS, options);
}

/* Before 1.1.0 there is no such function, and the pins that these options hold are opened earlier. */
uint64_t SSL_set_options(SSL *ssl, uint64_t options)
{
	WRAP(SSL_set_options, ssl, 0, ssl, options)

	options &= image->option_mask;
	if (is_hardened(image))
		connection_program_options(image, ssl, options);
	return image->SSL_set_options(ssl, options) & image->option_mask;
}

uint64_t SSL_clear_options(SSL *ssl, uint64_t options)
{
	WRAP_ALWAYS(SSL_clear_options, ssl, 0, ssl, options)

	options &= image->option_mask;
	if (is_hardened(image))
		options = connection_clearable(image, ssl, options);
	if (image->SSL_clear_options == NULL)
		return (uint64_t)image->SSL_ctrl(ssl, CTRL_CLEAR_OPTIONS, (long)options, NULL) &
		       image->option_mask;
	return image->SSL_clear_options(ssl, options) & image->option_mask;
}
