/* SPDX-License-Identifier: MIT */
#include "harden/curve.h"

#include "harden/object.h"
#include "messages/log.h"
#include "policy/groups.h"

enum { NID_P256 = 415 }; /* NID_X9_62_prime256v1 of openssl/obj_mac.h */

/*
 * In 0.9.8 EC_KEY_new_by_curve_name empties the error queue.  These two save the program's entries
 * and put them back.  The text of an entry is lost.
 */
enum { ENTRIES_MAX = 16 }; /* ERR_NUM_ERRORS of openssl/err.h */
struct entries {
	int count;
	struct {
		unsigned long code;
		const char *file;
		int line;
	} list[ENTRIES_MAX];
};

static void entries_take(const struct image *image, struct entries *entries)
{
	entries->count = 0;
	if (image->ERR_get_error_line == NULL || image->ERR_put_error == NULL)
		return;
	while (entries->count < ENTRIES_MAX) {
		const char *file = NULL;
		int line = 0;
		unsigned long code = image->ERR_get_error_line(&file, &line);

		if (code == 0)
			return;
		entries->list[entries->count].code = code;
		entries->list[entries->count].file = file;
		entries->list[entries->count++].line = line;
	}
}

static void entries_return(const struct image *image, const struct entries *entries)
{
	for (int i = 0; i < entries->count; i++) {
		unsigned long code = entries->list[i].code;

		image->ERR_put_error((int)(code >> 24 & 0xff), (int)(code >> 12 & 0xfff),
				     (int)(code & 0xfff), entries->list[i].file,
				     entries->list[i].line);
	}
}

/*
 * Gives a context of 1.0.x the curve that ECDHE needs.  The program's own
 * curve, set later, replaces it.  Key generation at this call is skipped when
 * SINGLE_ECDH_USE is set, and clients look at neither.  Answers whether the context has it.
 */
static bool give(const struct image *image, SSL_CTX *ctx)
{
	uint64_t single = image->dialect.single_ecdh_use;
	bool had = (ctx_options(image, ctx) & single) != 0;
	EC_KEY *key;
	bool is_set;

	if (image->EC_KEY_new_by_curve_name == NULL || image->EC_KEY_free == NULL)
		return false;
	key = image->EC_KEY_new_by_curve_name(NID_P256);
	if (key == NULL) {
		log_message(LOG_LEVEL_WARNING, "context %p: no ECDHE, this libcrypto has no P-256",
			    (void *)ctx);
		return false;
	}
	ctx_options_set(image, ctx, single);
	is_set = image->SSL_CTX_ctrl(ctx, CTRL_SET_TMP_ECDH, 0, key) > 0;
	if (!is_set)
		log_message(LOG_LEVEL_WARNING, "context %p: no ECDHE, P-256 was not taken",
			    (void *)ctx);
	if (!had)
		ctx_options_clear(image, ctx, single);
	image->EC_KEY_free(key);
	return is_set;
}

bool curve_give(const struct image *image, SSL_CTX *ctx)
{
	struct entries entries = {.count = 0};
	struct bracket bracket;
	bool has;

	if (image->dialect.no_compression == 0) /* 0.9.8 */
		entries_take(image, &entries);
	bracket = bracket_open(image);
	has = give(image, ctx);
	bracket_close(image, bracket);
	entries_return(image, &entries);
	return has;
}

int curve_number(const struct image *image, const EC_KEY *key)
{
	const void *group =
		image->EC_KEY_get0_group == NULL || image->EC_GROUP_get_curve_name == NULL
			? NULL
			: image->EC_KEY_get0_group(key);

	return group == NULL ? 0 : image->EC_GROUP_get_curve_name(group);
}

bool groups_bar_tls1_3(const struct image *image, int cmd, long larg, const void *parg)
{
	int curve;

	if (parg == NULL)
		return false;
	if (cmd == CTRL_SET_TMP_ECDH) { /* from 1.1.0 on it sets the one group */
		curve = curve_number(image, parg);
		return curve != 0 && group_numbers_are_older(&curve, 1);
	}
	if (cmd == CTRL_SET_GROUPS)
		return group_numbers_are_older(parg, (size_t)larg);
	return cmd == CTRL_SET_GROUPS_LIST && groups_are_older(parg);
}

bool groups_are_set(const struct image *image, int cmd, long larg, const void *parg, bool *lacks)
{
	int curve;

	if (parg == NULL)
		return false;
	switch (cmd) {
	case CTRL_SET_TMP_ECDH:
		curve = curve_number(image, parg);
		*lacks = group_numbers_lack_p256(&curve, 1);
		return true;
	case CTRL_SET_GROUPS:
		*lacks = group_numbers_lack_p256(parg, (size_t)larg);
		return true;
	case CTRL_SET_GROUPS_LIST:
		*lacks = groups_lack_p256(parg);
		return true;
	default:
		return false;
	}
}
