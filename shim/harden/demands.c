/* SPDX-License-Identifier: MIT */
#include "harden/demands.h"

#include <string.h>

#include "harden/credentials.h"
#include "harden/object.h"
#include "harden/offer.h"
#include "harden/operator_lists.h"
#include "harden/suite_list.h"
#include "sslharden/suites.h"

enum {
	BITS_ENOUGH = 128, /* no suite of TLS 1.3 is weaker than the weakest with so many */
};

/*
 * Whether a suite that authenticates by a certificate surely serves somebody.  Others need DH
 * parameters or a rare kind of certificate, or a security level may forbid them; if the server
 * cannot use them it serves those alone who have a key, where its list has suites for these.
 */
static bool is_sure(unsigned int properties, unsigned int by)
{
	enum {
		UNSURE = SUITE_DH_PARAMETERS | SUITE_STATIC_DH | SUITE_ENULL | SUITE_EXPORT |
			 SUITE_DES | SUITE_RC4 | SUITE_MD5
	};

	return (by & AUTH_CERTIFICATE) != 0 && (properties & UNSURE) == 0;
}

/* Whether a security level, or the program in place of it, lets a connection have a suite. */
static bool is_permitted(const struct suite_list *list, int i, const char *name)
{
	const struct image *image = list->image;

	if (list->stack == NULL)
		return true; /* so old that it has no levels */
	if (image->SSL_get_security_callback != NULL)
		return ssl_permits_suite(image, list->ssl, suite_stack_at(image, list->stack, i));
	return image->SSL_get_security_level == NULL ||
	       level_permits_suite(image, suite_stack_at(image, list->stack, i), name,
				   image->SSL_get_security_level(list->ssl));
}

/*
 * Whether a suite of TLS 1.2 or older, the one at @i, may be used by a server with these
 * certificates.
 *
 * @by     suite_authentication() of its name
 * @given  what the certificates give (credentials.h); 0: it has none, and a callback may bring any
 */
static bool may_be_used(const struct suite_list *list, int i, const char *name, unsigned int by,
			unsigned int given)
{
	bool fits = (by & AUTH_KEY) != 0 || (given == 0 && by != 0) ||
		    (by & given >> AUTH_PLAIN_SHIFT) != 0;

	/* A name's properties take a while to find; those of few certificates matter. */
	if (!fits && (by & given) != 0)
		fits = (suite_properties(name) & SUITE_KRSA) == 0;
	return fits && is_permitted(list, i, name);
}

/* The fewer bits of two; 0: not known. */
static int fewer_bits(int a, int b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

/*
 * @given  AUTH_* of the server's certificates
 * @hint   a PSK identity hint was set
 *
 * Suites of TLS 1.3 come first in a list.  The walk ends when nothing more can be learned.
 */
static struct demands demands_with(const struct suite_list *list, unsigned int given, bool hint)
{
	struct demands demands = {.known = true};
	bool by_certificate = false, surely = false, by_key = false, anonymous = false;
	bool replaced = config_get()->ciphers[0] != '\0';
	/* A callback may bring a certificate for RSA-PSS (1.1.0), which cannot decrypt. */
	unsigned int unsure =
		given != 0 || list->image->dialect.pinning == PIN_BEFORE_HANDSHAKE ? 0 : SUITE_KRSA;
	const char *name;
	int bits, strongest = 0; /* of TLS 1.3 */

	for (int i = 0; (name = suite_list_at(list, i, &bits)) != NULL; i++) {
		unsigned int by = suite_authentication(name);

		demands.can_tls1_3 |= by == 0;
		if (by == 0 && bits > strongest)
			strongest = bits;
		if (replaced && (suite_properties(name) & SUITE_TLS1_2) == 0)
			demands.auth_older |= by;
		demands.auth |= by;
		demands.psk |= by == AUTH_PSK;
		if (!may_be_used(list, i, name, by, given))
			continue;
		by_key |= (by & AUTH_KEY) != 0;
		by_certificate |= (by & AUTH_CERTIFICATE) != 0;
		if (!surely) {
			unsigned int properties = suite_properties(name);

			surely = is_sure(properties, by) && (properties & unsure) == 0;
		}
		/* Without a certificate: a callback may bring it, but not if a suite needs none. */
		anonymous |= given == 0 && by == AUTH_NONE;
		demands.weakest_bits = fewer_bits(demands.weakest_bits, bits);
		if (!replaced && given != 0 && surely && demands.psk && demands.weakest_bits != 0 &&
		    demands.weakest_bits <= BITS_ENOUGH)
			break;
	}
	if (demands.weakest_bits > BITS_ENOUGH && strongest < demands.weakest_bits)
		demands.can_tls1_3 = false; /* none that is as strong as its list */
	/* Otherwise it serves nobody below TLS 1.3, and there is nothing to replace. */
	demands.operator_list = by_certificate || by_key ? VERSIONS_ALL : 0;
	demands.keys_only = by_key && (!surely || anonymous || (given == 0 && hint));
	return demands;
}

/* What suites ask of a client. */
struct asked {
	unsigned int by; /* AUTH_* */
	bool plain; /* without encryption */
	int weakest; /* bits */
};

static void add_asked(struct asked *asked, unsigned int by, bool plain, int bits)
{
	asked->by |= by;
	asked->plain |= plain;
	asked->weakest = fewer_bits(asked->weakest, bits);
}

/* Whether @newer asks less than @older does. */
static bool asks_less(const struct asked *newer, const struct asked *older)
{
	bool needs_no_key =
		(older->by & AUTH_CERTIFICATE) == 0 && (newer->by & AUTH_CERTIFICATE) != 0;
	bool anonymous = (newer->by & ~older->by & AUTH_NONE) != 0;
	bool weaker = older->weakest > BITS_ENOUGH && newer->weakest != 0 &&
		      newer->weakest < older->weakest;

	return older->by != 0 &&
	       (needs_no_key || anonymous || weaker || (newer->plain && !older->plain));
}

bool demands_tls1_2_asks_less(const struct image *image, SSL *ssl, const SSL_CTX *moved,
			      bool brings)
{
	struct suite_list list = suite_list_of(image, ssl, moved);
	unsigned int given = certificates_authenticate(image, ssl);
	/* By which it serves below TLS 1.2; where a callback alone brings a certificate that is not known. */
	unsigned int plain_by =
		AUTH_KEY | (given == 0 && !brings ? AUTH_CERTIFICATE : given >> AUTH_PLAIN_SHIFT);
	struct asked older = {.by = 0}, newer = {.by = 0};
	const char *name;
	int bits;

	for (int i = 0; (name = suite_list_at(&list, i, &bits)) != NULL; i++) {
		unsigned int by = suite_authentication(name), properties = suite_properties(name);
		bool plain = (properties & SUITE_ENULL) != 0;

		if (!may_be_used(&list, i, name, by, brings ? 0 : given))
			continue;
		if ((properties & SUITE_TLS1_2) != 0 || (plain_by & by) == 0)
			add_asked(&newer, by, plain, bits);
		else if ((by & AUTH_KEY) != 0 || is_sure(properties, by))
			add_asked(&older, by, plain, bits);
		else /* it may not be sure to serve for want of what newer ones of its kind want, too */
			older.plain |= plain && is_sure(properties ^ SUITE_ENULL, by);
	}
	return asks_less(&newer, &older);
}

/* Which suites of the list SSLHARDEN_FORBID names, and in which versions the rest can be used. */
static void read_forbidden(const struct suite_list *list, unsigned int given,
			   struct demands *demands)
{
	unsigned int forbid = config_get()->forbid;
	const char *name;
	int bits;

	for (int i = 0; forbid != 0 && (name = suite_list_at(list, i, &bits)) != NULL; i++) {
		unsigned int by = suite_authentication(name), properties = suite_properties(name);

		demands->has_forbidden |= (properties & forbid) != 0;
		if (!may_be_used(list, i, name, by, given) ||
		    (properties & operator_lists_unreliable()) != 0 ||
		    ((by & AUTH_KEY) == 0 && demands->keys_only))
			continue;
		demands->left_by_forbid |=
			versions_from((properties & SUITE_TLS1_2) != 0 ? WIRE_TLS1_2 : 0);
	}
}

/* The versions in which the operator's list has a suite for a server with these certificates. */
static versions operator_list(struct taken_lists taken, unsigned int given,
			      const struct demands *demands)
{
	/* AUTH_OTHER is that of a list whose suites cannot be read: it is not reduced. */
	unsigned int newer = taken.auth_newer & (demands->auth | AUTH_OTHER);
	unsigned int older = taken.auth_older & (demands->auth_older | AUTH_OTHER);
	unsigned int any = given == 0 ? AUTH_ALL : given | AUTH_OTHER;

	if (!taken.ciphers || (older & any) != 0)
		return VERSIONS_ALL;
	return (newer & any) != 0 ? versions_from(WIRE_TLS1_2) : 0;
}

struct demands demands_read(const struct image *image, SSL *ssl, const SSL_CTX *moved, bool hint)
{
	struct suite_list list = suite_list_of(image, ssl, moved);
	struct taken_lists taken = operator_lists_taken(image, image->SSL_get_SSL_CTX(ssl));
	unsigned int given = certificate_authenticates(image, ssl);
	struct demands demands = demands_with(&list, given, hint);

	/* If the current certificate does not fit, look at all of them. */
	if (given != 0 &&
	    ((given & SIGNS_TLS1_3) == 0 || demands.keys_only || demands.operator_list == 0 ||
	     operator_list(taken, given, &demands) !=
		     operator_list(taken, AUTH_CERTIFICATE, &demands))) {
		given = certificates_authenticate(image, ssl);
		demands = demands_with(&list, given, hint);
	}
	if (!ctx_is_of_ssl2(image, image->SSL_get_SSL_CTX(ssl)))
		read_forbidden(&list, given, &demands);
	if (image->dialect.ecdhe_on_request && taken.groups && config_get()->groups[0] != '\0')
		demands.off_groups =
			certificates_are_off_groups(image, ssl, operator_lists_groups(taken));
	demands.operator_ciphers = taken.ciphers;
	demands.operator_suites = taken.suites;
	/*
	 * Where the suites of TLS 1.3 cannot be chosen they are there.  Who serves nobody with the
	 * list serves nobody in TLS 1.3 either.
	 */
	demands.can_tls1_3 = (demands.can_tls1_3 || image->SSL_set_ciphersuites == NULL) &&
			     (given & SIGNS_TLS1_3) != 0 && demands.operator_list != 0;
	demands.operator_list &= operator_list(taken, given, &demands);
	return demands;
}

bool demands_have_unsafe_ecdhe(const struct image *image, const SSL *ssl, bool *alone)
{
	struct suite_list list = suite_list_of(image, ssl, NULL);
	bool any = false;
	const char *name;
	int bits;

	*alone = true;
	for (int i = 0; (name = suite_list_at(&list, i, &bits)) != NULL; i++) {
		any |= suite_is_unsafe_ecdhe(name);
		*alone &= suite_is_unsafe_ecdhe(name);
	}
	*alone &= any;
	return any;
}

bool demands_prefer_worse(const struct image *image, SSL *ssl)
{
	struct suite_list list = suite_list_of(image, ssl, NULL);
	unsigned int given = certificates_authenticate(image, ssl);
	bool all_kinds = (given & AUTH_CERTIFICATE) == AUTH_CERTIFICATE;
	unsigned int worse = 0; /* ways to authenticate of suites without it */
	const char *name;
	int bits;

	/* Where the kinds of key are not to be had (0.9.8), each is only compared with its own. */
	for (int i = 0; (name = suite_list_at(&list, i, &bits)) != NULL; i++) {
		unsigned int by = suite_authentication(name);

		/* Hardly a server has a certificate for those of static keys. */
		if ((by & AUTH_CERTIFICATE) == 0 || (given != 0 && (by & given) == 0) ||
		    (suite_properties(name) & SUITE_STATIC_DH) != 0)
			continue;
		if (strstr(name, "DHE") == NULL && strstr(name, "EDH") == NULL)
			worse |= by;
		else if ((worse & (all_kinds ? by : AUTH_CERTIFICATE)) != 0)
			return true;
	}
	return false;
}
