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

/* Whether a control has set a version bound. */
static bool is_bound(const struct image *image, int cmd, long ret)
{
	return is_hardened(image) && ret == 1 &&
	       (cmd == CTRL_SET_MIN_PROTO_VERSION || cmd == CTRL_SET_MAX_PROTO_VERSION);
}

static bool is_sigalgs(const struct image *image, int cmd)
{
	return is_hardened(image) &&
	       (cmd == CTRL_SET_SIGALGS || cmd == CTRL_SET_SIGALGS_LIST ||
		cmd == CTRL_SET_CLIENT_SIGALGS || cmd == CTRL_SET_CLIENT_SIGALGS_LIST);
}

/* Whether it has set groups that leave nothing of TLS 1.3. */
static bool is_for_older(const struct image *image, int cmd, long larg, const void *parg, long ret)
{
	return is_hardened(image) && ret == 1 && groups_bar_tls1_3(image, cmd, larg, parg);
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

/* Whether it has given a curve for ECDHE, or left the choice to libssl. */
static bool is_curve(const struct image *image, int cmd, long larg, long ret)
{
	return is_hardened(image) && ret == 1 &&
	       (cmd == CTRL_SET_TMP_ECDH || (cmd == CTRL_SET_ECDH_AUTO && larg != 0));
}

/* Whether it has set groups, which the certificates of clients have to be on below TLS 1.3. */
static bool is_groups(const struct image *image, int cmd, long larg, const void *parg, long ret,
		      bool *lacks)
{
	return is_hardened(image) && ret == 1 && groups_are_set(image, cmd, larg, parg, lacks);
}

long SSL_CTX_ctrl(SSL_CTX *ctx, int cmd, long larg, void *parg)
{
	bool lacks;
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
	if (is_bound(image, cmd, ret))
		context_bound_set(ctx, cmd == CTRL_SET_MAX_PROTO_VERSION, (int)larg);
	if (is_sigalgs(image, cmd))
		context_signatures_set(ctx, !has_pss(cmd, parg));
	if (is_for_older(image, cmd, larg, parg, ret))
		context_bar_tls1_3(ctx);
	if (is_groups(image, cmd, larg, parg, ret, &lacks))
		context_p256_set(ctx, lacks);
	if (is_curve(image, cmd, larg, ret))
		context_curve_given(ctx);
	return ret;
}

long SSL_ctrl(SSL *ssl, int cmd, long larg, void *parg)
{
	bool lacks;
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
	if (is_bound(image, cmd, ret) && larg != 0)
		connection_bound_set(image, ssl, cmd == CTRL_SET_MAX_PROTO_VERSION, (int)larg);
	if (is_sigalgs(image, cmd) || (is_groups(image, cmd, larg, parg, ret, &lacks) && lacks))
		connection_bar(image, ssl, VERSIONS_OF_SIGNATURES);
	if (is_for_older(image, cmd, larg, parg, ret))
		connection_bar(image, ssl, VERSION_TLS1_3);
	if (is_curve(image, cmd, larg, ret))
		connection_curve_given(image, ssl);
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
