/* SPDX-License-Identifier: MIT */
#include "harden/refusal.h"

#include <stdatomic.h>
#include <string.h>

#include "harden/credentials.h"
#include "harden/suite_list.h"
#include "harden/object.h"
#include "harden/offer.h"
#include "memory/decision.h"
#include "memory/shared.h"
#include "messages/explain.h"
#include "messages/hello.h"
#include "sslharden/config.h"
#include "sslharden/suites.h"

_Static_assert((int)CAUSE_COUNT <= COUNTS_BY_CLIENT, "each cause has its count");

/* Numbers of openssl/sslerr.h and err.h; they never changed. */
enum {
	LIB_SSL = 20,
	REASON_INTERNAL_ERROR = 68, /* in 1.1.1 for no protocols available */
	REASON_NO_SUITABLE_KEY_SHARE = 101,
	REASON_NO_SUITABLE_SIGNATURE_ALGORITHM = 118, /* 3.0's, for a version below its level */
	REASON_NO_CIPHERS_AVAILABLE = 181, /* for the newest version; likewise from 1.1.1 on */
	REASON_NO_PROTOCOLS_AVAILABLE = 191, /* before the client's hello is read */
	REASON_NO_SHARED_CIPHER = 193,
	REASON_UNKNOWN_PROTOCOL = 252, /* before 1.1.0 */
	REASON_UNSUPPORTED_PROTOCOL = 258,
	REASON_WRONG_VERSION_NUMBER = 267, /* before 1.1.0, SSL 3.0 where it is forbidden */
	REASON_UNEXPECTED_EOF = 294, /* from 3.0 on; before, it is no error of libssl's */
	REASON_NO_SUITABLE_GROUPS = 295,
	REASON_VERSION_TOO_LOW = 396,
	REASON_ALERT = 1000, /* and the number of an alert, which the client sent */

	BIO_READ_DONE = 0x02 | 0x80, /* BIO_CB_READ | BIO_CB_RETURN */

	WANT_NOTHING = 1, /* SSL_NOTHING */
};

/* An error code packs library and reason differently from 3.0 on (openssl/err.h). */
static int ssl_reason(const struct image *image, unsigned long code)
{
	bool packed_3_0 = image->SSL_CTX_new_ex != NULL;
	int library = (int)(packed_3_0 ? code >> 23 & 0xff : code >> 24 & 0xff);

	return library != LIB_SSL ? 0 : (int)(code & (packed_3_0 ? 0x7fffff : 0xfff));
}

/* --- the client's hello ------------------------------------------------------ */

/*
 * Before 1.1.0 libssl does not tell what a client offered, and gives the same error for garbage and
 * for a hello that it may not serve.  So a BIO callback looks at the first bytes during the
 * handshake, and keeps the version under the BIO's address (as `bare` of a decision).
 */
static long see_hello(BIO *bio, int oper, const char *argp, int argi, long argl, long ret)
{
	struct decision seen = {.bare = 0};

	(void)argi, (void)argl;
	if (oper == BIO_READ_DONE && ret > 0)
		seen.bare = version_set(hello_version(argp, (size_t)ret));
	if (seen.bare != 0)
		decision_store(bio, &seen, false);
	return ret;
}

static BIO *watchable(const struct image *image, const SSL *ssl)
{
	if (image->SSL_client_version != NULL || image->SSL_get_rbio == NULL ||
	    image->BIO_get_callback == NULL || image->BIO_set_callback == NULL)
		return NULL;
	return image->SSL_get_rbio(ssl);
}

void refusal_watch(const struct image *image, SSL *ssl)
{
	static const struct decision nothing = {.bare = 0};
	BIO *bio = watchable(image, ssl);

	if (bio == NULL || image->BIO_get_callback(bio) != NULL)
		return;
	decision_store(bio, &nothing, false);
	image->BIO_set_callback(bio, see_hello);
}

static void unwatch(const struct image *image, SSL *ssl)
{
	BIO *bio = watchable(image, ssl);

	if (bio != NULL && image->BIO_get_callback(bio) == see_hello)
		image->BIO_set_callback(bio, NULL);
}

/* What the client offers; its version from the BIO callback if libssl does not tell. */
static struct offer offered_by(const struct image *image, SSL *ssl)
{
	struct offer offer = offer_of(image, ssl);
	struct decision seen;

	if (image->SSL_client_version == NULL && image->SSL_get_rbio != NULL &&
	    decision_load(image->SSL_get_rbio(ssl), &seen))
		offer.newest = seen.bare;
	return offer;
}

/* --- what the program itself would have done ----------------------------------- */

/* What is known of a refused client. */
struct inquiry {
	const struct image *image;
	SSL *ssl;
	struct decision decision;
	struct offer offer;
	versions bare_versions; /* those of the client's that the program alone could serve */
	versions bare_version; /* the one that it would serve the client; 0: none */
	int level, level_in_force; /* security level of the program, and that in force */
	const char *chosen; /* in an audit: the suite that served the client */
};

/* In an audit nobody was refused: a client that was served is looked at. */
static bool is_audit(void)
{
	return config_get()->mode == MODE_AUDIT;
}

/* If the operator's list has set a security level, the program's own is that of its context. */
static void read_levels(struct inquiry *inquiry)
{
	const struct image *image = inquiry->image;

	if (image->SSL_get_security_level == NULL || image->SSL_CTX_get_security_level == NULL)
		return;
	inquiry->level = inquiry->level_in_force = image->SSL_get_security_level(inquiry->ssl);
	if (inquiry->decision.operator_ciphers && !is_audit() &&
	    strstr(config_get()->ciphers, "@SECLEVEL") != NULL)
		inquiry->level =
			image->SSL_CTX_get_security_level(image->SSL_get_SSL_CTX(inquiry->ssl));
}

/* As ssl_permits; of a method that nobody knows all. */
static versions program_permits(const struct inquiry *inquiry, versions set)
{
	const struct method_kind *method = ssl_kind(inquiry->image, inquiry->ssl);

	return method == NULL ? set
			      : ssl_permits(inquiry->image, inquiry->ssl, method->transport, set);
}

static struct inquiry inquire(const struct image *image, SSL *ssl, const struct decision *decision)
{
	struct inquiry inquiry = {
		.image = image, .ssl = ssl, .decision = *decision, .offer = offered_by(image, ssl)};
	const struct offer *offer = &inquiry.offer;
	versions able = decision->bare, set = version_and_older(offer->newest);

	read_levels(&inquiry);
	able &= level_permits(image, inquiry.level) & ~(versions)VERSION_SSL2;
	/* A libssl without SSL 3.0 has no method for it either. */
	if (image->methods[METHOD_SSLv3_method] == NULL)
		able &= ~(versions)VERSION_SSL3;
	if (offer->newest == 0)
		set = VERSIONS_ALL;
	else if (offer->newest > VERSION_SSL3) /* who speaks newer ones need not take it */
		set &= ~(versions)VERSION_SSL3;
	if (offer->newer)
		set |= VERSION_TLS1_3;
	inquiry.bare_versions = program_permits(&inquiry, able & set);
	inquiry.bare_version = version_newest(inquiry.bare_versions);
	return inquiry;
}

/* --- by which list ------------------------------------------------------------------ */

/* The name of a group of the client's if SSLHARDEN_GROUPS has none of them; else NULL. */
static const char *missing_group(const struct offer *offer)
{
	const char *list = config_get()->groups;

	return list[0] == '\0' ? NULL : offer_group_beyond(offer, list);
}

/* The first suites of a list that serve the client: of all, and of those not forbidden. */
struct served_by {
	const char *any, *allowed;
};

/* Prefers a suite that needs no group if SSLHARDEN_GROUPS has none of the client's. */
static const char *serving_suite(const struct inquiry *inquiry, const void *list,
				 struct place *place)
{
	const struct offer *offer = &inquiry->offer;
	const char *suite;

	place->groupless = offer->suites != NULL && place->version != VERSION_TLS1_3 &&
			   missing_group(offer) != NULL;
	suite = offer_suite(inquiry->image, offer, list, place);
	if (suite != NULL || !place->groupless)
		return suite;
	place->groupless = false;
	return offer_suite(inquiry->image, offer, list, place);
}

static struct served_by served_by(const struct inquiry *inquiry, const void *list, versions version)
{
	const struct image *image = inquiry->image;
	struct place place = {.version = version,
			      .given = certificates_authenticate(image, inquiry->ssl),
			      .level = inquiry->level,
			      .chosen = inquiry->chosen};
	struct served_by by = {NULL, NULL};

	if (list == NULL)
		return by;
	by.any = serving_suite(inquiry, list, &place);
	place.forbid = config_get()->forbid;
	by.allowed = serving_suite(inquiry, list, &place);
	return by;
}

/* The same for the operator's whole list. */
static struct served_by served_by_operators(const struct inquiry *inquiry, versions version)
{
	const struct image *image = inquiry->image;
	const struct config *config = config_get();
	struct served_by by = {NULL, NULL};
	/* A connection that is made to expand the list, and freed again. */
	SSL *ssl = image->SSL_new == NULL || image->SSL_free == NULL
			   ? NULL
			   : image->SSL_new(image->SSL_get_SSL_CTX(inquiry->ssl));

	if (ssl == NULL)
		return by;
	if (version == VERSION_TLS1_3
		    ? image->SSL_set_ciphersuites != NULL &&
			      image->SSL_set_ciphersuites(ssl, config->ciphersuites) == 1
		    : image->SSL_set_cipher_list(ssl, config->ciphers) == 1)
		by = served_by(inquiry, image->SSL_get_ciphers(ssl), version);
	image->SSL_free(ssl);
	return by;
}

/*
 * Whether the operator's list is in force.  To admit SSL 3.0 the profile has to go, and its list.
 */
static bool is_operators(const struct inquiry *inquiry, versions version,
			 const struct refusal *refusal)
{
	const struct config *config = config_get();

	if (version == VERSION_TLS1_3)
		return config->ciphersuites[0] != '\0';
	return inquiry->decision.operator_ciphers &&
	       !(refusal->cause == CAUSE_SSLV3 &&
		 strcmp(config->ciphers, config_profile(config)->ciphers) == 0);
}

/*
 * Whether what the operator forbids goes from it; of what is not served by now that is not known.
 */
static bool is_forbidding(const struct inquiry *inquiry, versions version)
{
	const struct decision *decision = &inquiry->decision;

	return version != VERSION_TLS1_3 && config_get()->forbid != 0 &&
	       (decision->forbid_applied || (decision->allowed & ~(versions)VERSION_TLS1_3) == 0);
}

/* The list that the program has set; NULL: it cannot be read, for ours is in its place. */
static const void *programs_list(const struct inquiry *inquiry)
{
	const struct image *image = inquiry->image;
	const struct decision *decision = &inquiry->decision;
	bool ours = decision->operator_ciphers || decision->forbid_applied ||
		    config_get()->ciphersuites[0] != '\0';

	/* A connection that was refused has an empty list by now. */
	if (!is_audit() && (decision->list_is_ours || decision->allowed == 0))
		return suite_stack_of_context(image, image->SSL_get_SSL_CTX(inquiry->ssl));
	if (image->SSL_get_ciphers == NULL || (ours && !is_audit()))
		return NULL;
	return image->SSL_get_ciphers(inquiry->ssl);
}

/*
 * Finds what has to change in the lists, of which nothing serves the client.  Returns the suite
 * that serves it then; NULL: that is not known.
 *
 * @own     what serves it of the program's list
 * @theirs  what serves it of the operator's list; NULL: there is no such list
 */
static const char *find_change(const struct served_by *own, const struct served_by *theirs,
			       bool forbids, struct refusal *refusal)
{
	const char *suite = NULL;

	if (theirs != NULL && theirs->any != NULL) {
		suite = theirs->any;
	} else if (refusal->program_list_unknown) {
		refusal->needs_longer_list = theirs != NULL;
		refusal->needs_shorter_forbid = forbids && own->allowed == NULL;
	} else if (theirs == NULL) {
		suite = own->any;
	} else {
		suite = forbids && own->allowed != NULL ? own->allowed : own->any;
		refusal->suite = suite;
	}
	if (forbids && suite != NULL)
		refusal->forbidden = suite_properties(suite) & config_get()->forbid;
	return suite;
}

/*
 * Looks for a suite that serves the client in a version, in the program's list and in the one in
 * force. Returns false if the program alone would refuse the client.
 */
static bool find_suite(const struct inquiry *inquiry, versions version, struct refusal *refusal)
{
	const void *list = programs_list(inquiry);
	bool operators = is_operators(inquiry, version, refusal);
	bool forbids = is_forbidding(inquiry, version);
	struct served_by own = served_by(inquiry, list, version), theirs = own;
	const char *suite; /* that serves it now, or once the lists are changed */

	if (list != NULL && own.any == NULL)
		return false;
	refusal->program_list_unknown = list == NULL || inquiry->offer.suites == NULL;
	if (operators)
		theirs = served_by_operators(inquiry, version);
	suite = forbids ? theirs.allowed : theirs.any;
	if (suite == NULL && (operators || forbids))
		suite = find_change(&own, operators ? &theirs : NULL, forbids, refusal);
	if (suite != NULL && (version == VERSION_TLS1_3 || strstr(suite, "ECDHE") != NULL))
		refusal->group = missing_group(&inquiry->offer);
	return true;
}

/* --- what stands in the way ------------------------------------------------------- */

/* The setting that forbids a version which the program would serve. */
static enum cause setting_against(const struct inquiry *inquiry, versions version)
{
	const struct config *config = config_get();
	versions floor = version_set(config->min_protocol);
	versions cap = version_set(config->max_protocol);

	if (version == VERSION_SSL3)
		return config->allow_sslv3 && floor == 0 ? CAUSE_NONE : CAUSE_SSLV3;
	if (version < floor) /* where nothing is served, the program has nothing from there on */
		return inquiry->decision.allowed == 0 ? CAUSE_FORBIDDEN : CAUSE_MIN_PROTOCOL;
	return cap != 0 && version > cap ? CAUSE_MAX_PROTOCOL : CAUSE_NONE;
}

/*
 * libssl had no version left, and did not read the hello.  What the client needs is not known, so
 * every version is told that the program could serve.
 */
static void inquire_no_version(const struct inquiry *inquiry, struct refusal *refusal)
{
	const struct decision *decision = &inquiry->decision;
	versions held = decision->allowed != 0 ? decision->allowed : inquiry->bare_versions;
	versions own = level_permits(inquiry->image, inquiry->level);
	versions in_force = level_permits(inquiry->image, inquiry->level_in_force);

	refusal->serves_nobody = true;
	refusal->older = inquiry->bare_versions & ~inquiry->bare_version & ~(versions)VERSION_SSL3;
	/* The level of the operator's list may forbid what is held, or would be. */
	if ((held & own) != 0 && (held & in_force) == 0) {
		refusal->cause = CAUSE_LEVEL;
		refusal->security_level = inquiry->level;
	}
	if (decision->allowed == 0)
		refusal->cause = setting_against(inquiry, inquiry->bare_version);
}

/*
 * The version that a client needs which was refused for its versions.  A hello of a client with TLS
 * 1.3 alone names 1.2 in the old field.
 */
static versions not_served(const struct inquiry *inquiry)
{
	const struct image *image = inquiry->image;
	versions served = inquiry->decision.allowed & level_permits(image, inquiry->level_in_force);

	return version_newest((inquiry->offer.newest & served) != 0
				      ? inquiry->decision.bare & ~served & VERSION_TLS1_3
				      : inquiry->bare_versions & ~served);
}

static enum cause cause_of_lists(const struct inquiry *inquiry, const struct refusal *refusal)
{
	if (inquiry->bare_version == VERSION_TLS1_3)
		return CAUSE_CIPHERSUITES;
	return refusal->suite != NULL || refusal->needs_longer_list ? CAUSE_CIPHERS : CAUSE_FORBID;
}

/* What of the operator's lists stands in the way of a version, with the cause that is known or alone. */
static void inquire_suite(const struct inquiry *inquiry, versions version, struct refusal *refusal)
{
	if (!find_suite(inquiry, version, refusal))
		refusal->cause = CAUSE_NONE;
	else if (refusal->cause == CAUSE_NONE &&
		 (refusal->suite != NULL || refusal->forbidden != 0 || refusal->needs_longer_list))
		refusal->cause = cause_of_lists(inquiry, refusal);
}

static void inquire_version(struct inquiry *inquiry, struct refusal *refusal)
{
	enum cause cause = CAUSE_NONE;

	inquiry->bare_version = not_served(inquiry);
	if (inquiry->bare_version == 0 || inquiry->offer.newest == 0)
		return;
	if ((inquiry->bare_version & inquiry->decision.allowed) == 0)
		cause = setting_against(inquiry, inquiry->bare_version);
	/* The security level of the operator's list may forbid the version as well. */
	if ((inquiry->bare_version & level_permits(inquiry->image, inquiry->level_in_force)) == 0)
		refusal->security_level = inquiry->level;
	if (cause == CAUSE_NONE && refusal->security_level >= 0)
		cause = CAUSE_LEVEL;
	refusal->cause = cause;
	inquire_suite(inquiry, inquiry->bare_version, refusal);
}

/* The version is served, but the client offers nothing of the operator's lists. */
static void inquire_lists(const struct inquiry *inquiry, bool of_groups, struct refusal *refusal)
{
	bool groups = config_get()->groups[0] != '\0';
	bool operators = is_operators(inquiry, inquiry->bare_version, refusal);
	bool forbids = is_forbidding(inquiry, inquiry->bare_version), barred, none;

	/* The suite that was found may not be among the client's, which are not known. */
	if (!of_groups && refusal->program_list_unknown && refusal->forbidden == 0) {
		refusal->needs_longer_list = operators;
		refusal->needs_shorter_forbid |= forbids && !operators;
	}
	barred = !of_groups && (refusal->suite != NULL || refusal->forbidden != 0 ||
				refusal->needs_longer_list || refusal->needs_shorter_forbid);
	none = of_groups || (!operators && !forbids && refusal->program_list_unknown) ||
	       (!refusal->program_list_unknown && !barred && inquiry->offer.groups == 0);
	if (barred)
		refusal->cause = cause_of_lists(inquiry, refusal);
	else if (groups && (refusal->group != NULL || none))
		refusal->cause = CAUSE_GROUPS;
	refusal->needs_longer_groups =
		groups && refusal->group == NULL && (none || refusal->needs_longer_list);
}

/*
 * An opened pin came to TLS 1.3, where the client shares no group or suite; the pin's version had
 * served it.
 */
static void inquire_opened_pin(struct inquiry *inquiry, bool of_groups, struct refusal *refusal)
{
	bool lists =
		of_groups ? config_get()->groups[0] != '\0' : config_get()->ciphersuites[0] != '\0';
	struct refusal other = *refusal;

	inquiry->bare_version = VERSION_TLS1_3;
	if (lists && find_suite(inquiry, VERSION_TLS1_3, &other)) {
		inquire_lists(inquiry, of_groups, &other);
		*refusal = other;
		return;
	}
	refusal->cause = CAUSE_OPENED;
}

/*
 * The list has no suite of the newest version left, and libssl did not read the hello.  A list of
 * the operator's that leaves none is not set; what is below a cap may have none in any list.
 */
static void inquire_no_cipher(const struct inquiry *inquiry, struct refusal *refusal)
{
	if (setting_against(inquiry, inquiry->bare_version) != CAUSE_MAX_PROTOCOL)
		return;
	refusal->serves_nobody = true;
	refusal->cause = CAUSE_MAX_PROTOCOL;
	inquire_suite(inquiry, inquiry->bare_version, refusal);
}

static void inquire_reason(struct inquiry *inquiry, int reason, struct refusal *refusal)
{
	const struct image *image = inquiry->image;
	versions now =
		image->SSL_version == NULL ? 0 : version_set(image->SSL_version(inquiry->ssl));
	bool of_groups = false;

	switch (reason) {
	case REASON_INTERNAL_ERROR:
	case REASON_NO_PROTOCOLS_AVAILABLE:
		inquire_no_version(inquiry, refusal);
		return;
	case REASON_NO_CIPHERS_AVAILABLE:
		inquire_no_cipher(inquiry, refusal);
		return;
	case REASON_UNKNOWN_PROTOCOL:
	case REASON_UNSUPPORTED_PROTOCOL:
	case REASON_WRONG_VERSION_NUMBER:
	case REASON_VERSION_TOO_LOW:
		inquire_version(inquiry, refusal);
		return;
	case REASON_NO_SUITABLE_SIGNATURE_ALGORITHM:
		if ((inquiry->bare_version & level_permits(image, inquiry->level_in_force)) == 0)
			inquire_version(inquiry, refusal);
		return;
	case REASON_NO_SUITABLE_KEY_SHARE:
	case REASON_NO_SUITABLE_GROUPS:
		of_groups = true;
		break;
	case REASON_NO_SHARED_CIPHER:
		break;
	default:
		return;
	}
	if ((inquiry->bare_version & inquiry->decision.allowed) == 0 &&
	    !inquiry->decision.pin_opened)
		inquire_version(inquiry, refusal);
	else if (!find_suite(inquiry, inquiry->bare_version, refusal))
		return;
	else if (inquiry->decision.pin_opened && now == VERSION_TLS1_3)
		inquire_opened_pin(inquiry, of_groups, refusal);
	else
		inquire_lists(inquiry, of_groups, refusal);
}

/* --- how many ---------------------------------------------------------------------- */

static void count_one(int row)
{
	atomic_fetch_add_explicit(&shared_page()->counts.refused[row], 1, memory_order_relaxed);
}

/* Counts a handshake once, though the program may call again; and no renegotiation. */
static void count_refused(const SSL *ssl, enum cause cause, int reason)
{
	if (!decision_mark_counted(ssl).counted)
		count_one(reason > REASON_ALERT ? COUNTS_BY_CLIENT : (int)cause);
}

void refusal_count_strict(void)
{
	count_one(CAUSE_STRICT);
}

/* --- what is called --------------------------------------------------------------- */

static void tell(const struct inquiry *inquiry, struct refusal *refusal)
{
	const struct config *config = config_get();

	if (refusal->cause == CAUSE_NONE)
		return;
	/* Then the program's own list would stay, which strict does not take. */
	if (refusal->cause == CAUSE_FORBIDDEN && config->strict && config->ciphers[0] != '\0')
		refusal->needs_longer_list |= !inquiry->decision.operator_ciphers;
	refusal->offered = version_highest(TRANSPORT_TLS, inquiry->offer.newest);
	refusal->admitted = version_highest(TRANSPORT_TLS, inquiry->bare_version);
	explain(inquiry->image, inquiry->ssl, refusal);
}

/* A call that must be repeated waits for something (SSL_want), or has left no error. */
bool refusal_is_one(const struct image *image, const SSL *ssl)
{
	if (image->SSL_want != NULL && image->SSL_want(ssl) != WANT_NOTHING)
		return false;
	return image->ERR_peek_last_error != NULL && image->ERR_peek_last_error() != 0;
}

static void look_into(const struct image *image, SSL *ssl, const struct decision *decision,
		      int reason, struct refusal *refusal)
{
	struct bracket bracket = bracket_open(image);
	struct inquiry inquiry = inquire(image, ssl, decision);

	if (inquiry.bare_version != 0)
		inquire_reason(&inquiry, reason, refusal);
	tell(&inquiry, refusal);
	bracket_close(image, bracket);
}

void refusal_explain(const struct image *image, SSL *ssl, bool is_over)
{
	struct refusal refusal = {.security_level = -1};
	struct decision decision;
	int reason;

	reason = ssl_reason(image, image->ERR_peek_last_error());
	/* The client left by itself: a port scan, or a load balancer's check. */
	if (reason == REASON_UNEXPECTED_EOF) {
		unwatch(image, ssl);
		return;
	}
	if (!decision_load(ssl, &decision)) {
		/*
		 * After an alert only: the handshake may have been counted before, and be
		 * forgotten.
		 */
		if (is_over)
			count_refused(ssl, CAUSE_NONE, reason);
		return;
	}
	unwatch(image, ssl);
	/* In an audit this library refuses nobody, and of whom strict refuses the reason is told. */
	if (reason != 0 && decision.bare != 0 && !decision.counted && !is_audit())
		look_into(image, ssl, &decision, reason, &refusal);
	count_refused(ssl, refusal.cause, reason);
	if (reason == 0)
		return;
	/* Looked into at the alert, it is not looked into again at the end, when less is known. */
	decision.bare = 0;
	decision.counted = true;
	decision_store(ssl, &decision, false);
}

/* Why a client that was served would be refused. */
static void inquire_served(struct inquiry *inquiry, struct refusal *refusal)
{
	versions held = inquiry->decision.allowed, served = inquiry->bare_version;

	if ((held & (served | version_and_older(inquiry->offer.newest))) == 0)
		refusal->cause = setting_against(inquiry, served);
	/* If its pin were opened, another version might be chosen. */
	else if ((held & served) == 0 ||
		 (inquiry->decision.pin_opened && held > version_and_older(served)))
		return;
	inquire_suite(inquiry, served, refusal);
}

static const char *chosen_suite(const struct image *image, const SSL *ssl)
{
	if (image->SSL_get_current_cipher == NULL || image->SSL_CIPHER_get_name == NULL)
		return NULL;
	return image->SSL_CIPHER_get_name(image->SSL_get_current_cipher(ssl));
}

/* In an audit: whether the settings would refuse the client that was served. */
__attribute__((cold)) static void audit_served(const struct image *image, SSL *ssl)
{
	struct refusal refusal = {.security_level = -1};
	struct decision decision;
	struct inquiry inquiry;
	struct bracket bracket;

	if (!decision_load(ssl, &decision) || image->SSL_version == NULL)
		return;
	bracket = bracket_open(image);
	inquiry = inquire(image, ssl, &decision);
	inquiry.bare_version = version_set(image->SSL_version(ssl));
	inquiry.chosen = chosen_suite(image, ssl);
	inquire_served(&inquiry, &refusal);
	tell(&inquiry, &refusal);
	bracket_close(image, bracket);
}

void refusal_done(const struct image *image, SSL *ssl)
{
	unwatch(image, ssl);
	if (is_audit())
		audit_served(image, ssl);
}
