/* SPDX-License-Identifier: MIT
 *
 * The command knows the name of each group that this libssl has, and reads a list of them.
 */
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "cli/group_names.h"

enum {
	SET_GROUPS_LIST = 92, /* SSL_CTRL_SET_GROUPS_LIST, from 1.0.2 on */
	GET_GROUPS = 139, /* SSL_CTRL_GET0_IMPLEMENTED_GROUPS, from 3.5 on */
};

static SSL_CTX *ctx;
static int known; /* of this libssl */

/* What this libssl takes as a list is one name to the command too. */
static void one(const char *name)
{
	const char *rest = name;
	size_t len;

	if (name == NULL || SSL_CTX_ctrl(ctx, SET_GROUPS_LIST, 0, (void *)name) != 1)
		return;
	known++;
	if (group_names_unknown(&rest, &len) != NULL) {
		fprintf(stderr, "%s is not in cli/group_names.c\n", name);
		CHECK(0);
	}
}

static void curves(void)
{
#ifndef OPENSSL_NO_EC
	EC_builtin_curve all[200];
	size_t count = EC_get_builtin_curves(all, sizeof(all) / sizeof(all[0]));

	CHECK(count < sizeof(all) / sizeof(all[0]));
	for (size_t i = 0; i < count; i++) {
		one(OBJ_nid2sn(all[i].nid));
		one(OBJ_nid2ln(all[i].nid));
#if OPENSSL_VERSION_NUMBER >= 0x10002000L
		one(EC_curve_nid2nist(all[i].nid));
#endif
	}
#endif
}

/* All that a libssl of 3.5 or later and its providers have. */
static void groups(void)
{
#if OPENSSL_VERSION_NUMBER >= 0x10100000L
	OPENSSL_STACK *stack = OPENSSL_sk_new_null();

	if (SSL_CTX_ctrl(ctx, GET_GROUPS, 1, stack) == 1) {
		CHECK(OPENSSL_sk_num(stack) > 20);
		for (int i = 0; i < OPENSSL_sk_num(stack); i++)
			one(OPENSSL_sk_value(stack, i));
	}
	OPENSSL_sk_free(stack);
#endif
}

/* Those of @list that are unknown, with a blank behind each. */
static const char *unknown(const char *list)
{
	static char text[200];
	const char *entry, *rest = list;
	size_t len;

	text[0] = '\0';
	while ((entry = group_names_unknown(&rest, &len)) != NULL)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%.*s ", (int)len,
			 entry);
	return text;
}

static void lists(void)
{
	CHECK(strcmp(unknown("X25519:P-256"), "") == 0);
	CHECK(strcmp(unknown("?*X25519MLKEM768 / ?*X25519:?secp256r1 / ?X448:-P-521:DEFAULT"),
		     "") == 0);
	CHECK(strcmp(unknown("x25519:SECP256R1:default"), "") == 0);
	CHECK(strcmp(unknown("X25591:P-256:P256"), "X25591 P256 ") == 0);
	CHECK(strcmp(unknown("?*X2551 /-P-25 : P-256"), "?*X2551 -P-25 ") == 0);
	CHECK(strcmp(unknown("P-256 P-384"), "P-256 P-384 ") == 0);
	CHECK(strcmp(unknown("P-256,P-384"), "P-256,P-384 ") == 0);
	CHECK(strcmp(unknown("P-256::?"), " ? ") == 0);
	CHECK(strcmp(unknown("P-256:"), " ") == 0);
	CHECK(strcmp(unknown("P"), "P ") == 0);
	CHECK(strcmp(group_names_nearest("?*X25591:P-256", 8), "X25519") == 0);
	CHECK(strcmp(group_names_nearest("P256", 4), "P-256") == 0);
	CHECK(strcmp(group_names_nearest("X25519MLKEM786", 14), "X25519MLKEM768") == 0);
	CHECK(group_names_nearest("", 0) != NULL);
	CHECK(group_names_nearest("?x448", 5) == NULL);
}

int main(void)
{
	SSL_library_init();
	ctx = SSL_CTX_new(SSLv23_server_method());
	curves();
	groups();
	for (const char *const *each =
		     (const char *const[]){"ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144",
					   "ffdhe8192", "X25519", "X448", NULL};
	     *each != NULL; each++)
		one(*each);
	SSL_CTX_free(ctx);
	lists();
	printf("%d names\n", known);
	return check_failures != 0;
}
