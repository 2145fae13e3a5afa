/* SPDX-License-Identifier: MIT */
#include "policy/groups.h"

#include <string.h>
#include <strings.h>

/* Of openssl/obj_mac.h. */
enum {
	P_256 = 415,
	P_384 = 715,
	P_521 = 716,
	SECP256K1 = 714,
	BP256 = 927, /* Brainpool's */
	BP384 = 931,
	BP512 = 933,
	X25519 = 1034 /* the first that came later */
};

static bool begins_with_one(const char *name, const char *const *each)
{
	for (; *each != NULL; each++) {
		if (strncasecmp(name, *each, strlen(*each)) == 0)
			return true;
	}
	return false;
}

/* A name that is not known may be of a newer group. */
static bool is_older(const char *name, size_t len)
{
	static const char *const older[] = {"brainpool", "sec", "prime", "wap", "c2",
					    "P-",        "B-",  "K-",    NULL};
	static const char *const newer[] = {"secp256r1", "secp384r1", "secp521r1", "prime256v1",
					    "P-256",     "P-384",     "P-521",     NULL};
	static const char suffix[] = "tls13"; /* of Brainpool's curves with TLS 1.3's numbers */
	size_t end = sizeof(suffix) - 1;

	if (len > end && strncasecmp(name + len - end, suffix, end) == 0)
		return false;
	return begins_with_one(name, older) && !begins_with_one(name, newer);
}

/* From 3.5 on names are grouped by "/", with spaces. */
static const char separators[] = ":/ \t";

/*
 * The next name of a list, behind the one at @name; NULL: there is none.
 *
 * @marks  that it may have before it, from 3.5 on
 */
static const char *next_name(const char *name, const char *marks, size_t *marked, size_t *len)
{
	name += strspn(name, separators);
	*marked = strspn(name, marks);
	*len = strcspn(name + *marked, separators);
	return name[0] != '\0' ? name : NULL;
}

bool groups_are_older(const char *list)
{
	size_t marked, len;

	for (const char *name = list; (name = next_name(name, "*?", &marked, &len)) != NULL;
	     name += marked + len) {
		if (!is_older(name + marked, len))
			return false;
	}
	return list[0] != '\0';
}

static bool is_name(const char *each, const char *name, size_t len)
{
	return strlen(each) == len && strncasecmp(each, name, len) == 0;
}

/* Of curves that certificates are on; not by pointers, which the loader would have to move. */
static const struct {
	short number;
	char name[16];
} curves[] = {
	{P_256, "P-256"},           {P_256, "prime256v1"},      {P_256, "secp256r1"},
	{P_384, "P-384"},           {P_384, "secp384r1"},       {P_521, "P-521"},
	{P_521, "secp521r1"},       {SECP256K1, "secp256k1"},   {BP256, "brainpoolP256r1"},
	{BP384, "brainpoolP384r1"}, {BP512, "brainpoolP512r1"},
};

static bool is_curve(int number, const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
		if (curves[i].number == number && is_name(curves[i].name, name, len))
			return true;
	}
	return false;
}

bool groups_lack_p256(const char *list)
{
	bool lacks = true;
	size_t marked, len;

	/* One with a minus before it is taken from the list again, or was not there. */
	for (const char *name = list; (name = next_name(name, "*?-", &marked, &len)) != NULL;
	     name += marked + len) {
		if (is_curve(P_256, name + marked, len) || is_name("DEFAULT", name + marked, len))
			lacks = memchr(name, '-', marked) != NULL;
	}
	return lacks;
}

bool groups_have_curve(const char *list, int number)
{
	size_t marked, len;

	for (const char *name = list; (name = next_name(name, "", &marked, &len)) != NULL;
	     name += len) {
		if (is_curve(number, name, len))
			return true;
	}
	return false;
}

/*
 * RFC 8446, 4.2.3.  Brainpool's curves (RFC 8734) are not among them: hardly a client offers those in
 * TLS 1.3, and one that knows them in older versions need not.
 */
bool curve_signs_tls1_3(const char *name)
{
	return strcmp(name, "prime256v1") == 0 || strcmp(name, "secp384r1") == 0 ||
	       strcmp(name, "secp521r1") == 0;
}

bool group_numbers_are_older(const int *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (numbers[i] >= X25519 || numbers[i] == P_256 || numbers[i] == P_384 ||
		    numbers[i] == P_521)
			return false;
	}
	return count != 0;
}

bool group_numbers_lack_p256(const int *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (numbers[i] == P_256)
			return false;
	}
	return true;
}
