/* SPDX-License-Identifier: MIT */
#include "harden/offer.h"

#include <string.h>

#include "harden/credentials.h"
#include "harden/suite_list.h"
#include "loader/controls.h"
#include "sslharden/suites.h"

enum {
	EXTENSION_GROUPS = 10, /* RFC 8422, 5.1 */
	EXTENSION_VERSIONS = 43, /* RFC 8446, 4.2.1 */
	GROUPS_MAX = 64, /* of a hello's that are looked at */
	LEVEL_MAX = 5,
};

static unsigned int pair(const unsigned char *bytes)
{
	return (unsigned int)bytes[0] << 8 | bytes[1];
}

/* --- what it offers ----------------------------------------------------------- */

/* The groups that libssl has by default: IANA's number, the NID of openssl/obj_mac.h, and names. */
static const struct {
	unsigned short number, nid;
	char names[3][12]; /* the first is what a line says */
} groups[] = {
	{23, 415, {"P-256", "prime256v1", "secp256r1"}},
	{29, 1034, {"X25519", "x25519", "X25519"}},
	{24, 715, {"P-384", "secp384r1", "P-384"}},
	{25, 716, {"P-521", "secp521r1", "P-521"}},
};
enum { GROUPS = sizeof(groups) / sizeof(groups[0]) };

static unsigned int group_of(unsigned int number, unsigned int nid)
{
	for (size_t i = 0; i < GROUPS; i++) {
		if (groups[i].number == number || groups[i].nid == nid)
			return 1U << i;
	}
	return 0;
}

/* From the extension, or if that is gone from libssl's copy of it. */
static void read_groups(const struct image *image, SSL *ssl, struct offer *offer)
{
	int nids[GROUPS_MAX];
	const unsigned char *list;
	size_t len;
	long count;

	if (image->SSL_client_hello_get0_ext != NULL &&
	    image->SSL_client_hello_get0_ext(ssl, EXTENSION_GROUPS, &list, &len) == 1) {
		for (size_t at = 2; at + 1 < len; at += 2) /* behind the length of the list */
			offer->groups |= group_of(pair(list + at), 0);
	}
	count = image->SSL_ctrl == NULL ? 0 : image->SSL_ctrl(ssl, CTRL_GET_GROUPS, 0, NULL);
	if (offer->groups != 0 || count <= 0 || count > GROUPS_MAX)
		return;
	count = image->SSL_ctrl(ssl, CTRL_GET_GROUPS, 0, nids);
	for (long i = 0; i < count && i < GROUPS_MAX; i++)
		offer->groups |= group_of(0, (unsigned int)nids[i]);
}

/* From the hello while libssl has it, and then from libssl's copy. */
static void read_suites(const struct image *image, SSL *ssl, struct offer *offer)
{
	offer->suite_size = 2;
	if (image->SSL_client_hello_get0_ciphers != NULL)
		offer->suites_len = image->SSL_client_hello_get0_ciphers(ssl, &offer->suites);
	if (offer->suites_len != 0) {
		if (image->SSL_client_hello_isv2(ssl) != 0)
			offer->suite_size = 3;
		return;
	}
	offer->suites = NULL;
	if (image->SSL_ctrl != NULL)
		offer->suites_len = (size_t)image->SSL_ctrl(ssl, CTRL_GET_RAW_CIPHERLIST, 0,
							    (void *)&offer->suites);
}

struct offer offer_of(const struct image *image, SSL *ssl)
{
	struct offer offer = {.newest = 0};
	const unsigned char *list;
	size_t len;

	if (image->SSL_client_version != NULL)
		offer.newest = version_set(image->SSL_client_version(ssl));
	/* The list in the extension cannot be read any more: libssl has consumed its length. */
	offer.newer = image->SSL_client_hello_get0_ext != NULL &&
		      image->SSL_client_hello_get0_ext(ssl, EXTENSION_VERSIONS, &list, &len) == 1;
	read_suites(image, ssl, &offer);
	read_groups(image, ssl, &offer);
	return offer;
}

static bool has_suite(const struct image *image, const struct offer *offer, const void *cipher)
{
	unsigned long id = image->SSL_CIPHER_get_id(cipher);

	for (size_t at = 0; at + offer->suite_size <= offer->suites_len; at += offer->suite_size) {
		const unsigned char *suite = offer->suites + at;

		if (offer->suite_size == 3 && *suite++ != 0) /* SSL 2.0's own */
			continue;
		if (pair(suite) == (id & 0xffff))
			return true;
	}
	return false;
}

/* --- what would serve it ------------------------------------------------------ */

versions level_permits(const struct image *image, int level)
{
	if (image->SSL_CTX_new_ex != NULL) /* from 3.0 on, where what is older cannot sign there */
		return level > 0 ? versions_from(WIRE_TLS1_2) : VERSIONS_ALL;
	return level >= 4   ? versions_from(WIRE_TLS1_2)
	       : level >= 3 ? versions_from(WIRE_TLS1_1)
	       : level >= 2 ? versions_from(WIRE_TLS1)
			    : VERSIONS_ALL;
}

static bool has(const char *name, const char *part)
{
	return strstr(name, part) != NULL;
}

bool level_permits_suite(const struct image *image, const void *cipher, const char *name, int level)
{
	static const unsigned char bits[LEVEL_MAX + 1] = {0, 80, 112, 128, 192, 255};
	bool newer = strncmp(name, "TLS_", 4) == 0;

	if (level <= 0)
		return true;
	return image->SSL_CIPHER_get_bits(cipher, NULL) >=
		       bits[level < LEVEL_MAX ? level : LEVEL_MAX] &&
	       !has(name, "ADH") && !has(name, "AECDH") && !has(name, "MD5") &&
	       (level < 2 || !has(name, "RC4")) && (level < 3 || newer || has(name, "ECDHE")) &&
	       /* SHA-1 is of 160 bits; what came with TLS 1.2 has none. */
	       (level < 4 || newer || (suite_properties(name) & SUITE_TLS1_2) != 0);
}

static bool fits_version(const struct image *image, const void *cipher, const char *name,
			 versions version)
{
	const char *since = image->SSL_CIPHER_get_version(cipher);

	if ((version == VERSION_TLS1_3) != (strncmp(name, "TLS_", 4) == 0))
		return false;
	/*
	 * Before 1.1.0 SSL_CIPHER_get_version returns "TLSv1/SSLv3" for all: then SUITE_TLS1_2 says
	 * it.
	 */
	return (version >= VERSION_TLS1_2 ||
		(strcmp(since, "TLSv1.2") != 0 && (suite_properties(name) & SUITE_TLS1_2) == 0)) &&
	       (version >= VERSION_TLS1 || strcmp(since, "TLSv1.0") != 0);
}

static bool serves(const struct image *image, const void *cipher, const char *name,
		   const struct place *place)
{
	unsigned int by = suite_authentication(name);

	if ((suite_properties(name) & place->forbid) != 0 ||
	    (place->groupless && has(name, "ECDHE")))
		return false;
	if (place->chosen != NULL && strcmp(name, place->chosen) == 0)
		return true;
	return (suite_properties(name) & SUITE_DH_PARAMETERS) == 0 && (by & AUTH_KEY) == 0 &&
	       (by == 0 || place->given == 0 || (by & place->given) != 0) &&
	       fits_version(image, cipher, name, place->version) &&
	       level_permits_suite(image, cipher, name, place->level);
}

const char *offer_suite(const struct image *image, const struct offer *offer, const void *list,
			const struct place *place)
{
	/* Before 1.0.1 there is none, but nothing to look for by it either. */
	if ((image->SSL_CIPHER_get_id == NULL && offer->suites != NULL) ||
	    image->SSL_CIPHER_get_version == NULL)
		return NULL;
	for (int i = 0; i < suite_stack_size(image, list); i++) {
		const void *cipher = suite_stack_at(image, list, i);
		const char *name = image->SSL_CIPHER_get_name(cipher);

		if (serves(image, cipher, name, place) &&
		    (offer->suites == NULL || has_suite(image, offer, cipher)))
			return name;
	}
	return NULL;
}

static bool is_in(size_t group, const char *list)
{
	for (size_t i = 0; i < sizeof(groups[0].names) / sizeof(groups[0].names[0]); i++) {
		if (has(list, groups[group].names[i]))
			return true;
	}
	return false;
}

const char *offer_group_beyond(const struct offer *offer, const char *list)
{
	const char *found = NULL;

	for (size_t i = GROUPS; i-- > 0;) {
		if ((offer->groups >> i & 1) == 0)
			continue;
		if (is_in(i, list))
			return NULL;
		found = groups[i].names[0];
	}
	return found;
}
