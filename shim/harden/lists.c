/* SPDX-License-Identifier: MIT */
#include "harden/lists.h"

#include <stdio.h>
#include <string.h>

#include "harden/credentials.h"
#include "harden/object.h"
#include "harden/offer.h"
#include "harden/untaken.h"
#include "memory/given.h"
#include "memory/table.h"
#include "messages/log.h"
#include "settings/escape.h"
#include "sslharden/suites.h"

enum {
	/*
	 * The word of memory/table that says what a libssl takes; its key is the libssl's address.
	 */
	ASKED = 1,
	CIPHERS = 2,
	SUITES = 4,
	GROUPS = 8,
	GROUPS_ONE = 16, /* it has P-256 alone, and no call to choose */
	LEFT_OUT_SHIFT = 5, /* how many of a profile's groups, from the front */
	LEFT_OUT_MAX = 3,
	NEWER_SHIFT = 7, /* how the suites of the list authenticate that came with TLS 1.2 */
	OLDER_SHIFT = NEWER_SHIFT + AUTH_BITS, /* and those that are there before */
	AUTH_ALL = (1 << AUTH_BITS) - 1,
	ANSWER_BITS = 32, /* above them, which libssl it was */

	LIST_MAX = 5120, /* bytes of a list that is written out: ALL of 3.5 has some 4700 */
	SUITES_MAX = 256, /* of TLS 1.3's */
	TLS1_2 = 0x0303,
	BITS_ENOUGH = 128, /* no suite of TLS 1.3 is weaker than the weakest with so many */
};

bool lists_are_given(void)
{
	const struct config *config = config_get();

	return config->ciphers[0] != '\0' || config->ciphersuites[0] != '\0' ||
	       config->groups[0] != '\0';
}

bool lists_are_changed(void)
{
	return lists_are_given() || config_get()->forbid != 0;
}

void lists_text(const struct change *change, char text[LISTS_TEXT_MAX])
{
	bool any = change->ciphers || change->suites || change->groups || change->forbid;

	snprintf(text, LISTS_TEXT_MAX, "%s%s%s%s%s", any ? "," : "",
		 change->ciphers ? " SSLHARDEN_CIPHERS" : "",
		 change->suites ? " SSLHARDEN_CIPHERSUITES" : "",
		 change->groups ? " SSLHARDEN_GROUPS" : "",
		 change->forbid ? " SSLHARDEN_FORBID" : "");
}

/* --- what a libssl takes of the operator's ------------------------------------ */

static bool groups_set(const struct image *image, SSL *ssl, const char *groups)
{
	if (image->SSL_set1_groups_list != NULL)
		return image->SSL_set1_groups_list(ssl, groups) == 1;
	if (image->SSL_set1_curves_list != NULL)
		return image->SSL_set1_curves_list(ssl, groups) == 1;
	return image->SSL_ctrl != NULL &&
	       image->SSL_ctrl(ssl, CTRL_SET_GROUPS_LIST, 0, (void *)(uintptr_t)groups) == 1;
}

static bool ciphers_set(const struct image *image, SSL *ssl, const char *ciphers)
{
	return image->SSL_set_cipher_list(ssl, ciphers) == 1;
}

static bool suites_set(const struct image *image, SSL *ssl, const char *suites)
{
	return image->SSL_set_ciphersuites != NULL && image->SSL_set_ciphersuites(ssl, suites) == 1;
}

static void complain(const struct image *image, const char *variable, const char *list,
		     const char *accepted)
{
	char text[192], libssl[LIBSSL_TEXT_MAX];

	text_escape(text, sizeof(text), list);
	libssl_text(image, libssl);
	log_message(LOG_LEVEL_WARNING,
		    "%s: this libssl (%s) takes nothing of \"%s\"; accepted: %s; programs' own "
		    "lists stay",
		    variable, libssl, text, accepted);
}

static const char *without_first(const char *groups)
{
	const char *colon = strchr(groups, ':');

	return colon == NULL ? "" : colon + 1;
}

static const char *groups_taken(unsigned int answer)
{
	const char *groups = config_get()->groups;

	for (unsigned int n = answer >> LEFT_OUT_SHIFT & LEFT_OUT_MAX; n > 0; n--)
		groups = without_first(groups);
	return groups;
}

static unsigned int try_groups(const struct image *image, SSL *ssl)
{
	const struct config *config = config_get();
	const char *groups = config->groups;
	bool taken = false;
	unsigned int n = 0;

	while (!(taken = groups_set(image, ssl, groups)) && config->groups_from_profile &&
	       n < LEFT_OUT_MAX && without_first(groups)[0] != '\0') {
		groups = without_first(groups);
		n++;
	}
	untaken_note(image, ssl, LIST_GROUPS, config->groups, groups_set, taken);
	if (taken)
		return GROUPS | n << LEFT_OUT_SHIFT;
	if (config->groups_from_profile && image->dialect.ecdhe_on_request)
		return GROUPS_ONE;
	complain(image, "SSLHARDEN_GROUPS", config->groups,
		 "names of groups that it knows, separated by ':'");
	return 0;
}

/*
 * Properties of suites on which a server cannot rely if SSLHARDEN_FORBID takes all others away:
 * they need DH parameters or a static DH certificate, and libssl does not tell whether it has
 * these.
 */
static unsigned int not_to_rely_on(void)
{
	unsigned int forbid = config_get()->forbid;

	return forbid == 0 ? 0 : forbid | SUITE_DH_PARAMETERS | SUITE_STATIC_DH;
}

/* How the suites of a connection's list authenticate. */
static unsigned int authentication_of(const struct image *image, const SSL *ssl)
{
	unsigned int by = 0;
	const char *name;

	if (image->SSL_get_cipher_list == NULL)
		return AUTH_OTHER << OLDER_SHIFT;
	for (int i = 0; (name = image->SSL_get_cipher_list(ssl, i)) != NULL; i++) {
		if ((suite_properties(name) & not_to_rely_on()) == 0)
			by |= suite_authentication(name)
			      << ((suite_properties(name) & SUITE_TLS1_2) != 0 ? NEWER_SHIFT
									       : OLDER_SHIFT);
	}
	return by;
}

static unsigned int try_ciphers(const struct image *image, SSL *ssl)
{
	const struct config *config = config_get();
	bool taken = ciphers_set(image, ssl, config->ciphers);
	unsigned int by = taken ? authentication_of(image, ssl) : 0;

	untaken_note(image, ssl, LIST_CIPHERS, config->ciphers, ciphers_set, by != 0);
	if (by != 0)
		return CIPHERS | by;
	complain(image, "SSLHARDEN_CIPHERS", config->ciphers,
		 config->forbid == 0 ? "a string that openssl ciphers -v expands"
				     : "one of which SSLHARDEN_FORBID leaves something");
	return 0;
}

static unsigned int try_suites(const struct image *image, SSL *ssl)
{
	const char *suites = config_get()->ciphersuites;
	bool taken = suites_set(image, ssl, suites);

	untaken_note(image, ssl, LIST_SUITES, suites, suites_set, taken);
	/* A libssl without the function has no TLS 1.3. */
	if (taken || image->SSL_set_ciphersuites == NULL)
		return SUITES;
	complain(image, "SSLHARDEN_CIPHERSUITES", suites,
		 "names of TLS 1.3 suites, separated by ':'");
	return 0;
}

static unsigned int try_lists(const struct image *image, SSL *ssl)
{
	const struct config *config = config_get();

	return ASKED | (config->ciphers[0] == '\0' ? 0 : try_ciphers(image, ssl)) |
	       (config->ciphersuites[0] == '\0' ? 0 : try_suites(image, ssl)) |
	       (config->groups[0] == '\0' ? 0 : try_groups(image, ssl));
}

/* Whether it takes lists of SSL 2.0's ciphers alone; connections that were moved to it do, too. */
static bool is_of_ssl2(const struct image *image, SSL_CTX *ctx)
{
	const struct method_kind *kind = ctx_kind(image, ctx);

	return kind != NULL && version_set(kind->pin) == VERSION_SSL2;
}

/*
 * Finds out what this libssl takes of the operator's lists, once.  They are tried on a connection
 * that is made of @ctx and freed again, since a list that is not taken may empty that of the
 * connection. (@ctx is in the library context that its program chose; no other is to be
 * initialized.)
 */
static unsigned int usable(const struct image *image, SSL_CTX *ctx)
{
	const void *key = (const void *)image->low;
	/* Another libssl may have been at this address: its functions were elsewhere. */
	uint64_t which = (uint64_t)(uintptr_t)image->SSL_CTX_new << ANSWER_BITS;
	uint64_t word = table_get(key);
	unsigned int answer = word >> ANSWER_BITS == which >> ANSWER_BITS ? (unsigned int)word : 0;
	SSL *ssl;

	if (answer != 0 || !lists_are_given() || image->SSL_new == NULL || image->SSL_free == NULL)
		return answer;
	if (is_of_ssl2(image, ctx))
		return 0;
	ssl = image->SSL_new(ctx);
	if (ssl == NULL)
		return 0; /* no memory: asked again at the next context */
	answer = try_lists(image, ssl);
	image->SSL_free(ssl);
	table_set(key, which | answer);
	return answer;
}

void lists_prepare(const struct image *image, SSL_CTX *ctx)
{
	usable(image, ctx);
}

bool lists_are_usable(const struct image *image, SSL_CTX *ctx)
{
	const struct config *config = config_get();
	unsigned int answer = usable(image, ctx);

	return (config->ciphers[0] == '\0' || (answer & CIPHERS) != 0) &&
	       (config->ciphersuites[0] == '\0' || (answer & SUITES) != 0) &&
	       (config->groups[0] == '\0' || (answer & (GROUPS | GROUPS_ONE)) != 0);
}

struct change lists_planned(const struct image *image, SSL_CTX *ctx)
{
	const struct config *config = config_get();
	/* In an audit no connection is made for this. */
	unsigned int answer = config->mode == MODE_AUDIT ? ~0U : usable(image, ctx);

	return (struct change){
		.ciphers = config->ciphers[0] != '\0' && (answer & CIPHERS) != 0,
		.suites = config->ciphersuites[0] != '\0' && (answer & SUITES) != 0,
		.groups = config->groups[0] != '\0' && (answer & (GROUPS | GROUPS_ONE)) != 0,
		.forbid = config->forbid != 0,
	};
}

/* --- what the program's asks ---------------------------------------------------- */

/* From 1.1.0 on these functions have another name. */
int lists_size(const struct image *image, const void *stack)
{
	OPENSSL_sk_num_fn num =
		image->OPENSSL_sk_num != NULL ? image->OPENSSL_sk_num : image->sk_num;

	return stack == NULL || num == NULL ? 0 : num(stack);
}

const void *lists_at(const struct image *image, const void *stack, int i)
{
	return (image->OPENSSL_sk_value != NULL ? image->OPENSSL_sk_value : image->sk_value)(stack,
											     i);
}

/*
 * A list to be walked: a stack of ciphers, or if that cannot be read the names that libssl gives.
 */
struct walk {
	const struct image *image;
	const SSL *ssl;
	const void *stack;
	int size;
};

/* Before 1.1.0 a context's list can only be read from a connection of it. */
const void *lists_of_context(const struct image *image, const SSL_CTX *ctx)
{
	SSL_CTX *mutable_ctx = (SSL_CTX *)(uintptr_t)ctx;
	const void *list;
	SSL *ssl;

	if (image->SSL_CTX_get_ciphers != NULL)
		return image->SSL_CTX_get_ciphers(ctx);
	ssl = image->SSL_new == NULL || image->SSL_free == NULL ? NULL
								: image->SSL_new(mutable_ctx);
	if (ssl == NULL)
		return NULL;
	list = image->SSL_get_ciphers(ssl); /* the context's own */
	image->SSL_free(ssl);
	return list;
}

static struct walk walk_begin(const struct image *image, const SSL *ssl, const SSL_CTX *ctx)
{
	struct walk walk = {.image = image, .ssl = ssl};

	if (image->SSL_get_ciphers == NULL || image->SSL_CIPHER_get_name == NULL ||
	    image->SSL_CIPHER_get_bits == NULL)
		return walk;
	walk.stack = ctx == NULL ? image->SSL_get_ciphers(ssl) : lists_of_context(image, ctx);
	walk.size = lists_size(image, walk.stack);
	return walk;
}

/*
 * The bits of a cipher's key, but for triple DES its strength (112 of 168).  The strength is not
 * taken for all, because from 3.2 on that of AES-CCM-8 is 64, for its short tag.
 */
static int key_bits(const struct image *image, const void *cipher)
{
	int key = 0, strength = image->SSL_CIPHER_get_bits(cipher, &key);

	return key % 128 == 0 ? key : strength;
}

/* The name of the cipher at @i, NULL at the end; and its bits, 0 where they cannot be read. */
static const char *walk_at(const struct walk *walk, int i, int *bits)
{
	const struct image *image = walk->image;
	const void *cipher;

	*bits = 0;
	if (walk->stack == NULL)
		return image->SSL_get_cipher_list == NULL
			       ? NULL
			       : image->SSL_get_cipher_list(walk->ssl, i);
	if (i >= walk->size)
		return NULL;
	cipher = lists_at(image, walk->stack, i);
	*bits = key_bits(image, cipher);
	return image->SSL_CIPHER_get_name(cipher);
}

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
static bool is_permitted(const struct walk *walk, int i, const char *name)
{
	const struct image *image = walk->image;

	if (walk->stack == NULL)
		return true; /* so old that it has no levels */
	if (image->SSL_get_security_callback != NULL)
		return ssl_permits_suite(image, walk->ssl, lists_at(image, walk->stack, i));
	return image->SSL_get_security_level == NULL ||
	       level_permits_suite(image, lists_at(image, walk->stack, i), name,
				   image->SSL_get_security_level(walk->ssl));
}

/*
 * Whether a suite of TLS 1.2 or older, the one at @i, may be used by a server with these
 * certificates.
 *
 * @by     suite_authentication() of its name
 * @given  what the certificates give (credentials.h); 0: it has none, and a callback may bring any
 */
static bool may_be_used(const struct walk *walk, int i, const char *name, unsigned int by,
			unsigned int given)
{
	bool fits = (by & AUTH_KEY) != 0 || (given == 0 && by != 0) ||
		    (by & given >> AUTH_PLAIN_SHIFT) != 0;

	/* A name's properties take a while to find; those of few certificates matter. */
	if (!fits && (by & given) != 0)
		fits = (suite_properties(name) & SUITE_KRSA) == 0;
	return fits && is_permitted(walk, i, name);
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
static struct demands demands_with(const struct walk *walk, unsigned int given, bool hint)
{
	struct demands demands = {.known = true};
	bool by_certificate = false, surely = false, by_key = false, anonymous = false;
	bool replaced = config_get()->ciphers[0] != '\0';
	/* A callback may bring a certificate for RSA-PSS (1.1.0), which cannot decrypt. */
	unsigned int unsure =
		given != 0 || walk->image->dialect.pinning == PIN_BEFORE_HANDSHAKE ? 0 : SUITE_KRSA;
	const char *name;
	int bits, strongest = 0; /* of TLS 1.3 */

	for (int i = 0; (name = walk_at(walk, i, &bits)) != NULL; i++) {
		unsigned int by = suite_authentication(name);

		demands.can_tls1_3 |= by == 0;
		if (by == 0 && bits > strongest)
			strongest = bits;
		if (replaced && (suite_properties(name) & SUITE_TLS1_2) == 0)
			demands.auth_older |= by;
		demands.auth |= by;
		demands.psk |= by == AUTH_PSK;
		if (!may_be_used(walk, i, name, by, given))
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
	bool keyless = (older->by & AUTH_CERTIFICATE) == 0 && (newer->by & AUTH_CERTIFICATE) != 0;
	bool anonymous = (newer->by & ~older->by & AUTH_NONE) != 0;
	bool weaker = older->weakest > BITS_ENOUGH && newer->weakest != 0 &&
		      newer->weakest < older->weakest;

	return older->by != 0 &&
	       (keyless || anonymous || weaker || (newer->plain && !older->plain));
}

bool lists_newer_ask_less(const struct image *image, SSL *ssl, const SSL_CTX *moved, bool brings)
{
	struct walk walk = walk_begin(image, ssl, moved);
	unsigned int given = certificates_authenticate(image, ssl);
	/* By which it serves below TLS 1.2.  What a callback brings most likely is of the same kind. */
	unsigned int plain_by =
		AUTH_KEY | (given == 0 ? AUTH_CERTIFICATE : given >> AUTH_PLAIN_SHIFT);
	struct asked older = {.by = 0}, newer = {.by = 0};
	const char *name;
	int bits;

	for (int i = 0; (name = walk_at(&walk, i, &bits)) != NULL; i++) {
		unsigned int by = suite_authentication(name), properties = suite_properties(name);
		bool plain = (properties & SUITE_ENULL) != 0;

		if (!may_be_used(&walk, i, name, by, brings ? 0 : given))
			continue;
		if ((properties & SUITE_TLS1_2) != 0 || (plain_by & by) == 0)
			add_asked(&newer, by, plain, bits);
		else if ((by & AUTH_KEY) != 0 || is_sure(properties, by))
			add_asked(&older, by, plain, bits);
		else /* who may not serve it may not serve a newer one of its kind either */
			older.plain |= plain && is_sure(properties ^ SUITE_ENULL, by);
	}
	return asks_less(&newer, &older);
}

/* Which suites of the list SSLHARDEN_FORBID names, and in which versions the rest can be used. */
static void read_forbidden(const struct walk *walk, unsigned int given, struct demands *demands)
{
	unsigned int forbid = config_get()->forbid;
	const char *name;
	int bits;

	for (int i = 0; forbid != 0 && (name = walk_at(walk, i, &bits)) != NULL; i++) {
		unsigned int by = suite_authentication(name), properties = suite_properties(name);

		demands->has_forbidden |= (properties & forbid) != 0;
		if (!may_be_used(walk, i, name, by, given) ||
		    (properties & not_to_rely_on()) != 0 ||
		    ((by & AUTH_KEY) == 0 && demands->keys_only))
			continue;
		demands->left_by_forbid |=
			versions_from((properties & SUITE_TLS1_2) != 0 ? TLS1_2 : 0);
	}
}

/*
 * The operator's list must not let in, say anonymously, whom the program lets in only with a key or
 * in TLS 1.2.  So it is reduced to suites with an AUTH_* that the program's list has, too.  (A
 * bound on versions would not do: a callback of the program's may take it back.)
 */
static bool has_more_ways(unsigned int answer, unsigned int ways, unsigned int ways_older)
{
	return ((answer >> NEWER_SHIFT & ~ways) | (answer >> OLDER_SHIFT & ~ways_older)) & AUTH_ALL;
}

/* The versions in which the operator's list has a suite for a server with these certificates. */
static versions operator_list(unsigned int answer, unsigned int given,
			      const struct demands *demands)
{
	/* AUTH_OTHER is that of a list whose suites cannot be read: it is not reduced. */
	unsigned int newer = answer >> NEWER_SHIFT & (demands->auth | AUTH_OTHER);
	unsigned int older = answer >> OLDER_SHIFT & (demands->auth_older | AUTH_OTHER);
	unsigned int any = given == 0 ? AUTH_ALL : given | AUTH_OTHER;

	if ((answer & CIPHERS) == 0 || (older & any) != 0)
		return VERSIONS_ALL;
	return (newer & any) != 0 ? versions_from(TLS1_2) : 0;
}

struct demands lists_demands(const struct image *image, SSL *ssl, const SSL_CTX *moved, bool hint)
{
	struct walk walk = walk_begin(image, ssl, moved);
	unsigned int answer = usable(image, image->SSL_get_SSL_CTX(ssl));
	unsigned int given = certificate_authenticates(image, ssl);
	struct demands demands = demands_with(&walk, given, hint);

	/* If the current certificate does not fit, look at all of them. */
	if (given != 0 &&
	    ((given & SIGNS_TLS1_3) == 0 || demands.keys_only || demands.operator_list == 0 ||
	     operator_list(answer, given, &demands) !=
		     operator_list(answer, AUTH_CERTIFICATE, &demands))) {
		given = certificates_authenticate(image, ssl);
		demands = demands_with(&walk, given, hint);
	}
	if (!is_of_ssl2(image, image->SSL_get_SSL_CTX(ssl)))
		read_forbidden(&walk, given, &demands);
	demands.operator_ciphers = (answer & CIPHERS) != 0;
	demands.operator_suites = (answer & SUITES) != 0;
	/*
	 * Where the suites of TLS 1.3 cannot be chosen they are there.  Who serves nobody with the
	 * list serves nobody in TLS 1.3 either.
	 */
	demands.can_tls1_3 = (demands.can_tls1_3 || image->SSL_set_ciphersuites == NULL) &&
			     (given & SIGNS_TLS1_3) != 0 && demands.operator_list != 0;
	demands.operator_list &= operator_list(answer, given, &demands);
	return demands;
}

/* Whether it needs a curve, and authenticates nobody or encrypts nothing. */
static bool is_unsafe_ecdhe(const char *name)
{
	return strncmp(name, "AECDH-", 6) == 0 ||
	       (strncmp(name, "ECDHE-", 6) == 0 && (suite_properties(name) & SUITE_ENULL) != 0);
}

bool lists_have_unsafe_ecdhe(const struct image *image, const SSL *ssl, bool *alone)
{
	struct walk walk = walk_begin(image, ssl, NULL);
	bool any = false;
	const char *name;
	int bits;

	*alone = true;
	for (int i = 0; (name = walk_at(&walk, i, &bits)) != NULL; i++) {
		any |= is_unsafe_ecdhe(name);
		*alone &= is_unsafe_ecdhe(name);
	}
	*alone &= any;
	return any;
}

bool lists_prefer_worse(const struct image *image, SSL *ssl)
{
	struct walk walk = walk_begin(image, ssl, NULL);
	unsigned int given = certificates_authenticate(image, ssl);
	bool all_kinds = (given & AUTH_CERTIFICATE) == AUTH_CERTIFICATE;
	unsigned int worse = 0; /* ways to authenticate of suites without it */
	const char *name;
	int bits;

	/* Where the kinds of key are not to be had (0.9.8), each is only compared with its own. */
	for (int i = 0; (name = walk_at(&walk, i, &bits)) != NULL; i++) {
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

/* --- what is written ------------------------------------------------------------ */

/* Whether the program's list, too, has suites that authenticate as this one of the operator's. */
static bool is_of_ways(const char *name, const struct change *change)
{
	unsigned int by = suite_authentication(name);

	return (by & ((suite_properties(name) & SUITE_TLS1_2) != 0 ? change->auth
								   : change->auth_older)) != 0;
}

/* Which suites of a list are written out. */
struct choice {
	bool newer; /* those of TLS 1.3, or the others */
	int least; /* of so many bits */
	const struct change *change; /* not what the operator forbids, nor other ways; NULL: all */
};

static bool is_chosen(const struct choice *choice, const char *name, int bits)
{
	const struct change *change = choice->change;

	if ((suite_authentication(name) == 0) != choice->newer || bits < choice->least)
		return false;
	if (change == NULL)
		return true;
	return (!change->forbid || (suite_properties(name) & config_get()->forbid) == 0) &&
	       (!change->no_unsafe_ecdhe || !is_unsafe_ecdhe(name)) &&
	       (!change->ciphers || is_of_ways(name, change));
}

/* Writes the names of the chosen suites in their order.  Returns false if there is no room. */
static bool write_names(struct walk walk, const struct choice *choice, char *list, size_t size)
{
	size_t used = 0;
	const char *name;
	int bits;

	list[0] = '\0';
	for (int i = 0; used < size && (name = walk_at(&walk, i, &bits)) != NULL; i++) {
		if (is_chosen(choice, name, bits))
			used += (size_t)snprintf(list + used, size - used, "%s%s",
						 used == 0 ? "" : ":", name);
	}
	return used < size;
}

/* Reduces the connection's list to the chosen suites. */
static bool reduce_list(const struct image *image, SSL *ssl, const struct choice *choice)
{
	char list[LIST_MAX];

	if (!write_names(walk_begin(image, ssl, NULL), choice, list, sizeof(list)))
		return false;
	if (!choice->newer)
		return list[0] != '\0' && ciphers_set(image, ssl, list);
	return suites_set(image, ssl, list);
}

bool lists_has_own(const struct image *image, const SSL *ssl)
{
	return image->SSL_get_ciphers != NULL &&
	       image->SSL_get_ciphers(ssl) != lists_of_context(image, image->SSL_get_SSL_CTX(ssl));
}

/*
 * Writes the list of TLS 1.2 and older.  SSL_set_cipher_list also puts the connection's own suites
 * of TLS 1.3 in force, which are others if it was moved to another context; so those in force are
 * set again.
 *
 * @answer  what this libssl takes of the operator's lists
 */
static bool write_ciphers(const struct image *image, SSL *ssl, const struct change *change,
			  unsigned int answer)
{
	bool listed = false, written = true;
	char suites[SUITES_MAX];

	if (!change->ciphers && !change->forbid && !change->no_unsafe_ecdhe)
		return false;
	write_names(walk_begin(image, ssl, NULL), &(struct choice){.newer = true}, suites,
		    sizeof(suites));
	if (change->ciphers)
		written = listed = ciphers_set(image, ssl, config_get()->ciphers);
	if (change->forbid || change->no_unsafe_ecdhe ||
	    (change->ciphers && has_more_ways(answer, change->auth, change->auth_older))) {
		bool reduced = reduce_list(image, ssl, &(struct choice){.change = change});

		written &= reduced;
		listed |= reduced;
	}
	if (!written)
		log_message(LOG_LEVEL_ERROR,
			    "connection %p: libssl did not take the cipher list that the settings "
			    "ask for (no memory?); the one that it had is served",
			    (void *)ssl);
	suites_set(image, ssl, suites);
	return listed;
}

/* --- a connection that is used again -------------------------------------------- */

/* A number that tells one list from another: FNV-1a of its names.  Never 0. */
static uint32_t list_print(const struct image *image, const SSL *ssl)
{
	struct walk walk = walk_begin(image, ssl, NULL);
	uint32_t print = 0x811c9dc5;
	const char *name;
	int bits;

	for (int i = 0; (name = walk_at(&walk, i, &bits)) != NULL; i++) {
		/* The end of each name counts, too. */
		for (size_t at = 0; at == 0 || name[at - 1] != '\0'; at++)
			print = (print ^ (unsigned char)name[at]) * 0x01000193;
	}
	return print | 1;
}

bool lists_renew(const struct image *image, SSL *ssl)
{
	uint32_t print = given_of(ssl);
	struct bracket bracket;
	bool ours;

	if (print == 0)
		return false;
	bracket = bracket_open(image);
	ours = lists_has_own(image, ssl) && list_print(image, ssl) == print;
	if (ours)
		lists_take(image, ssl, image->SSL_get_SSL_CTX(ssl));
	else /* its program gave it another since, or it is another connection at this address */
		given_set(ssl, 0);
	bracket_close(image, bracket);
	return ours;
}

bool lists_write(const struct image *image, SSL *ssl, const struct change *change)
{
	unsigned int answer = usable(image, image->SSL_get_SSL_CTX(ssl));
	bool lists = change->ciphers || change->forbid || change->no_unsafe_ecdhe ||
		     change->suites || change->min_suite_bits != 0;
	bool own = lists && given_of(ssl) == 0 && lists_has_own(image, ssl);
	bool listed = write_ciphers(image, ssl, change, answer);

	if (change->suites)
		listed |= suites_set(image, ssl, config_get()->ciphersuites);
	if (change->min_suite_bits != 0)
		listed |= reduce_list(
			image, ssl,
			&(struct choice){.newer = true, .least = change->min_suite_bits});
	if (change->groups && (answer & GROUPS) != 0)
		groups_set(image, ssl, groups_taken(answer));
	if (!listed || own)
		return false;
	given_set(ssl, list_print(image, ssl));
	return true;
}

bool lists_leave_none(const struct image *image, SSL *ssl)
{
	bool own = given_of(ssl) == 0 && lists_has_own(image, ssl);

	if (!ciphers_set(image, ssl, "eNULL") || own)
		return false;
	given_set(ssl, list_print(image, ssl));
	return true;
}

void lists_take(const struct image *image, SSL *ssl, const SSL_CTX *ctx)
{
	struct walk walk = walk_begin(image, ssl, ctx);
	char list[LIST_MAX], suites[SUITES_MAX];

	if (walk.stack == NULL ||
	    !write_names(walk, &(struct choice){.newer = false}, list, sizeof(list)))
		return;
	write_names(walk, &(struct choice){.newer = true}, suites, sizeof(suites));
	if (list[0] != '\0')
		ciphers_set(image, ssl, list);
	suites_set(image, ssl, suites);
}
