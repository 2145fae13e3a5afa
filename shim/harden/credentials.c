/* SPDX-License-Identifier: MIT */
#include "harden/credentials.h"

#include <string.h>

#include "harden/curve.h"
#include "policy/groups.h"

/* Numbers of openssl/ssl.h (from 1.0.2 on) and obj_mac.h; they never changed. */
enum {
	CTRL_SELECT_CURRENT_CERT = 116,
	CTRL_SET_CURRENT_CERT = 117,
	CERT_SET_FIRST = 1,
	CERT_SET_NEXT = 2,

	KEY_RSA = 6,
	KEY_RSA_PSS = 912,
	KEY_EC = 408,
	KEY_ED25519 = 1087,
	KEY_ED448 = 1088,

	USAGE_SIGNATURE = 0x80, /* KU_DIGITAL_SIGNATURE of openssl/x509v3.h */
	PSS_BITS_MIN = 521, /* of a key that signs by PSS with SHA-256 (RFC 8017, 9.1.1) */
	CURVE_NAME_MAX = 32,

	CERTIFICATES_MAX = 16, /* libssl has a slot for each kind of key, nine at most */
};

unsigned int suite_authentication(const char *name)
{
	/* Most names of a list begin so, and this is quicker: a pinned server's is read each time. */
	static const struct {
		char text[13];
		unsigned int by;
	} beginnings[] = {
		{"TLS_", 0},
		{"ECDHE-RSA-", AUTH_RSA},
		{"ECDHE-ECDSA-", AUTH_ECDSA},
		{"DHE-RSA-", AUTH_RSA},
	};
	/* In the order in which they are looked for; a name without any of these is RSA. */
	static const struct {
		char part[6];
		unsigned int by;
	} parts[] = {
		{"PSK", AUTH_PSK},    {"SRP", AUTH_SRP},     {"ADH", AUTH_NONE},
		{"AECDH", AUTH_NONE}, {"ECDSA", AUTH_ECDSA}, {"ECDH-", AUTH_ECDSA},
		{"DSS", AUTH_OTHER},  {"GOST", AUTH_OTHER},  {"KRB5", AUTH_OTHER},
	};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		if (strncmp(name, beginnings[i].text, strlen(beginnings[i].text)) == 0)
			return beginnings[i].by;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strstr(name, parts[i].part) != NULL)
			return parts[i].by;
	}
	return AUTH_RSA;
}

/* A curve without a name, or one that cannot be asked for, counts as one of older versions. */
static bool is_on_curve_of_tls1_3(const struct image *image, const EVP_PKEY *key)
{
	char name[CURVE_NAME_MAX];
	const EC_KEY *ec;
	int number;

	if (image->EVP_PKEY_get_group_name != NULL)
		return image->EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) == 1 &&
		       curve_signs_tls1_3(name);
	if (image->EVP_PKEY_get0_EC_KEY == NULL)
		return false;
	ec = image->EVP_PKEY_get0_EC_KEY(key);
	if (ec == NULL)
		return false;
	number = curve_number(image, ec);
	return !group_numbers_are_older(&number, 1);
}

static bool can_sign_pss(const struct image *image, const EVP_PKEY *key)
{
	EVP_PKEY_bits_fn bits =
		image->EVP_PKEY_get_bits != NULL ? image->EVP_PKEY_get_bits : image->EVP_PKEY_bits;

	return bits == NULL || bits(key) >= PSS_BITS_MIN;
}

/*
 * Whether TLS 1.3, which signs always, can sign with a key (RFC 8446, 4.2.3 and 4.4.2.2).  Older
 * versions take each curve that the client knows, and an RSA key that may only decrypt.
 */
static bool signs_tls1_3(const struct image *image, X509 *certificate, const EVP_PKEY *key,
			 int kind)
{
	if (image->X509_get_key_usage != NULL &&
	    (image->X509_get_key_usage(certificate) & USAGE_SIGNATURE) == 0)
		return false;
	switch (kind) {
	case KEY_RSA:
	case KEY_RSA_PSS:
		return can_sign_pss(image, key);
	case KEY_EC:
		return is_on_curve_of_tls1_3(image, key);
	default:
		return kind == KEY_ED25519 || kind == KEY_ED448;
	}
}

static unsigned int authentication_by(int kind)
{
	switch (kind) {
	case KEY_RSA:
	case KEY_RSA_PSS:
		return AUTH_RSA;
	case KEY_EC:
	case KEY_ED25519:
	case KEY_ED448:
		return AUTH_ECDSA;
	default:
		return AUTH_OTHER;
	}
}

/* As credentials.h has it. */
static unsigned int certificate_gives(const struct image *image, X509 *certificate)
{
	enum {
		/* Where a key's kind is not to be had (0.9.8) there are none but plain ones. */
		ANYTHING = AUTH_CERTIFICATE | SIGNS_TLS1_3 | AUTH_CERTIFICATE << AUTH_PLAIN_SHIFT
	};
	EVP_PKEY_id_fn id = image->EVP_PKEY_get_base_id != NULL ? image->EVP_PKEY_get_base_id
								: image->EVP_PKEY_id;
	unsigned int gives;
	EVP_PKEY *key;
	int kind;

	if (id == NULL || image->X509_get_pubkey == NULL || image->EVP_PKEY_free == NULL)
		return ANYTHING;
	key = image->X509_get_pubkey(certificate);
	if (key == NULL)
		return ANYTHING;
	kind = id(key);
	gives = authentication_by(kind);
	if (kind != KEY_RSA_PSS && kind != KEY_ED25519 && kind != KEY_ED448)
		gives |= gives << AUTH_PLAIN_SHIFT;
	if (signs_tls1_3(image, certificate, key, kind))
		gives |= SIGNS_TLS1_3;
	image->EVP_PKEY_free(key);
	return gives;
}

unsigned int certificate_authenticates(const struct image *image, const SSL *ssl)
{
	X509 *current = image->SSL_get_certificate == NULL ? NULL : image->SSL_get_certificate(ssl);

	return current == NULL ? 0 : certificate_gives(image, current);
}

static bool select_certificate(const struct image *image, SSL *ssl, long which)
{
	return image->SSL_ctrl(ssl, CTRL_SET_CURRENT_CERT, which, NULL) == 1;
}

typedef void certificate_visit(const struct image *image, X509 *certificate, void *data);

/* Calls @visit for each certificate of the connection; returns false if it has none. */
static bool each_certificate(const struct image *image, SSL *ssl, certificate_visit *visit,
			     void *data)
{
	X509 *current = image->SSL_get_certificate == NULL ? NULL : image->SSL_get_certificate(ssl);
	bool more;

	if (current == NULL)
		return false;
	visit(image, current, data);
	/* The current one must be selected again in the end, which needs its key. */
	if (image->SSL_ctrl == NULL || image->SSL_get_privatekey == NULL ||
	    image->SSL_get_privatekey(ssl) == NULL)
		return true;
	more = select_certificate(image, ssl, CERT_SET_FIRST);
	for (int i = 0; more && i < CERTIFICATES_MAX; i++) {
		visit(image, image->SSL_get_certificate(ssl), data);
		more = select_certificate(image, ssl, CERT_SET_NEXT);
	}
	image->SSL_ctrl(ssl, CTRL_SELECT_CURRENT_CERT, 0, current);
	return true;
}

static void add_what_it_gives(const struct image *image, X509 *certificate, void *given)
{
	*(unsigned int *)given |= certificate_gives(image, certificate);
}

unsigned int certificates_authenticate(const struct image *image, SSL *ssl)
{
	unsigned int given = 0;

	each_certificate(image, ssl, add_what_it_gives, &given);
	return given;
}

struct curve_search {
	const char *groups;
	bool lacks_one;
};

static void look_for_curve(const struct image *image, X509 *certificate, void *data)
{
	struct curve_search *search = data;
	EVP_PKEY *key = image->X509_get_pubkey(certificate);
	EC_KEY *ec;

	if (key == NULL)
		return;
	ec = image->EVP_PKEY_get1_EC_KEY(key); /* NULL: it is of another kind */
	if (ec != NULL) {
		search->lacks_one |= !groups_have_curve(search->groups, curve_number(image, ec));
		image->EC_KEY_free(ec);
	}
	image->EVP_PKEY_free(key);
}

bool certificates_are_off_groups(const struct image *image, SSL *ssl, const char *groups)
{
	struct curve_search search = {.groups = groups};

	if (image->X509_get_pubkey == NULL || image->EVP_PKEY_free == NULL ||
	    image->EVP_PKEY_get1_EC_KEY == NULL || image->EC_KEY_free == NULL)
		return false;
	each_certificate(image, ssl, look_for_curve, &search);
	return search.lacks_one;
}

static void add_strength(const struct image *image, X509 *certificate, void *data)
{
	struct strengths *strengths = data;
	EVP_PKEY *key = image->X509_get_pubkey(certificate);
	int bits;

	if (key == NULL)
		return;
	bits = image->EVP_PKEY_get_security_bits != NULL ? image->EVP_PKEY_get_security_bits(key)
							 : image->EVP_PKEY_security_bits(key);
	image->EVP_PKEY_free(key);
	if (bits <= 0 || (certificate_gives(image, certificate) & AUTH_CERTIFICATE) == AUTH_ECDSA)
		return;
	if (strengths->weakest == 0 || bits < strengths->weakest)
		strengths->weakest = bits;
	if (bits > strengths->strongest)
		strengths->strongest = bits;
}

struct strengths certificates_strengths(const struct image *image, SSL *ssl)
{
	struct strengths strengths = {.known = image->X509_get_pubkey != NULL &&
					       image->EVP_PKEY_free != NULL &&
					       (image->EVP_PKEY_get_security_bits != NULL ||
						image->EVP_PKEY_security_bits != NULL)};

	if (strengths.known)
		strengths.none = !each_certificate(image, ssl, add_strength, &strengths);
	return strengths;
}
