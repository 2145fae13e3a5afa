/* SPDX-License-Identifier: MIT
 *
 * The wrappers of the controls, which set options before 1.1.0, and bounds, groups, signature
 * algorithms and DH parameters; and of 3.0's calls for the last.
 */
#include <strings.h>

#include "harden/connection.h"
#include "harden/context.h"
#include "harden/context_program.h"
#include "harden/curve.h"
#include "harden/dh.h"
#include "harden/dh_auto.h"
#include "harden/side.h"
#include "hooks/wrap.h"
#include "loader/controls.h"

/* Before 1.1.0 the options are controls; later these two have no such commands. */
static bool has_option_controls(const struct image *image)
{
	return is_hardened(image) && image->SSL_CTX_set_options == NULL;
}

static bool is_bound(int cmd)
{
	return cmd == CTRL_SET_MIN_PROTO_VERSION || cmd == CTRL_SET_MAX_PROTO_VERSION;
}

static bool is_sigalgs(int cmd)
{
	return cmd == CTRL_SET_SIGALGS || cmd == CTRL_SET_SIGALGS_LIST ||
	       cmd == CTRL_SET_CLIENT_SIGALGS || cmd == CTRL_SET_CLIENT_SIGALGS_LIST;
}

/* Whether it has set signature algorithms that somebody wrote with TLS 1.3 in mind. */
static bool has_pss(int cmd, const char *list)
{
	if ((cmd != CTRL_SET_SIGALGS_LIST && cmd != CTRL_SET_CLIENT_SIGALGS_LIST) || list == NULL)
		return false;
	for (; list[0] != '\0'; list++) {
		if (strncasecmp(list, "pss", 3) == 0)
			return true;
	}
	return false;
}

/* Whether it gives a curve for ECDHE, or leaves the choice to libssl. */
static bool is_curve(int cmd, long larg)
{
	return cmd == CTRL_SET_TMP_ECDH || (cmd == CTRL_SET_ECDH_AUTO && larg != 0);
}

/* What has to be remembered of a control of a context that returned @ret. */
static void remember_of_context(const struct image *image, SSL_CTX *ctx, int cmd, long larg,
				const void *parg, long ret)
{
	bool lacks;

	if (is_sigalgs(cmd))
		context_signatures_set(ctx, !has_pss(cmd, parg));
	if (ret != 1)
		return;
	if (is_bound(cmd))
		context_bound_set(ctx, cmd == CTRL_SET_MAX_PROTO_VERSION, (int)larg);
	if (groups_bar_tls1_3(image, cmd, larg, parg))
		context_bar_tls1_3(ctx);
	if (groups_are_set(image, cmd, larg, parg, &lacks))
		context_p256_set(ctx, lacks);
	if (is_curve(cmd, larg))
		context_curve_given(ctx);
}

/* The same of a connection. */
static void remember_of_connection(const struct image *image, SSL *ssl, int cmd, long larg,
				   const void *parg, long ret)
{
	bool is_set = ret == 1, lacks;

	if (is_set && is_bound(cmd) && larg != 0)
		connection_bound_set(image, ssl, cmd == CTRL_SET_MAX_PROTO_VERSION, (int)larg);
	if (is_sigalgs(cmd) || (is_set && groups_are_set(image, cmd, larg, parg, &lacks) && lacks))
		connection_bar(image, ssl, VERSIONS_OF_SIGNATURES);
	if (is_set && groups_bar_tls1_3(image, cmd, larg, parg))
		connection_bar(image, ssl, VERSION_TLS1_3);
	if (is_set && is_curve(cmd, larg))
		connection_curve_given(image, ssl);
}

long SSL_CTX_ctrl(SSL_CTX *ctx, int cmd, long larg, void *parg)
{
	long ret;

	WRAP(SSL_CTX_ctrl, ctx, 0, ctx, cmd, larg, parg)
	if (has_option_controls(image) && cmd == CTRL_OPTIONS)
		context_program_options(ctx, (unsigned long)larg);
	if (has_option_controls(image) && cmd == CTRL_CLEAR_OPTIONS)
		larg = (long)context_clearable(image, ctx, (unsigned long)larg);
	if (cmd == CTRL_SET_TMP_DH && dh_replaces(image, &(struct dh_object){.ctx = ctx}, parg))
		return 1;
	if (cmd == CTRL_SET_DH_AUTO)
		larg = dh_auto(image, &(struct dh_object){.ctx = ctx}, larg);
	ret = image->SSL_CTX_ctrl(ctx, cmd, larg, parg);
	if (has_option_controls(image) && cmd == CTRL_OPTIONS)
		context_options_set(image, ctx);
	if (is_hardened(image))
		remember_of_context(image, ctx, cmd, larg, parg, ret);
	return ret;
}

long SSL_ctrl(SSL *ssl, int cmd, long larg, void *parg)
{
	long ret;

	WRAP(SSL_ctrl, ssl, 0, ssl, cmd, larg, parg)
	if (has_option_controls(image) && cmd == CTRL_CLEAR_OPTIONS)
		larg = (long)connection_clearable(image, ssl, (unsigned long)larg);
	if (has_option_controls(image) && cmd == CTRL_DTLS_LISTEN)
		side_taken(image, ssl, true);
	if (cmd == CTRL_SET_TMP_DH && dh_replaces(image, &(struct dh_object){.ssl = ssl}, parg))
		return 1;
	if (cmd == CTRL_SET_DH_AUTO)
		larg = dh_auto(image, &(struct dh_object){.ssl = ssl}, larg);
	ret = image->SSL_ctrl(ssl, cmd, larg, parg);
	if (is_hardened(image))
		remember_of_connection(image, ssl, cmd, larg, parg, ret);
	return ret;
}

int SSL_CTX_set0_tmp_dh_pkey(SSL_CTX *ctx, EVP_PKEY *key)
{
	WRAP(SSL_CTX_set0_tmp_dh_pkey, ctx, 0, ctx, key)
	if (dh_replaces_key(image, &(struct dh_object){.ctx = ctx}, key))
		return 1;
	return image->SSL_CTX_set0_tmp_dh_pkey(ctx, key);
}

int SSL_set0_tmp_dh_pkey(SSL *ssl, EVP_PKEY *key)
{
	WRAP(SSL_set0_tmp_dh_pkey, ssl, 0, ssl, key)
	if (dh_replaces_key(image, &(struct dh_object){.ssl = ssl}, key))
		return 1;
	return image->SSL_set0_tmp_dh_pkey(ssl, key);
}
