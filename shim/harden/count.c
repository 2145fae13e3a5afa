/* SPDX-License-Identifier: MIT */
#include "harden/count.h"

#include <stdatomic.h>
#include <time.h>

#include "loader/controls.h"
#include "memory/decision.h"
#include "memory/shared.h"
#include "policy/traits.h"
#include "sslharden/config.h"

enum {
	DTLS = 0xfe00, /* and more: versions on the wire */
	LISTED = TRAIT_RESTRICTED | TRAIT_INTERMEDIATE,
};

/* For each version, by its bit: the minimums that refuse a client which can have no newer one. */
enum {
	BELOW_1_3 = 1 << STRICTER_TLS1_3,
	BELOW_1_2 = BELOW_1_3 | 1 << STRICTER_TLS1_2,
	BELOW_1_1 = BELOW_1_2 | 1 << STRICTER_TLS1_1,
};
static const unsigned char below[COUNTS_VERSIONS] = {BELOW_1_1, BELOW_1_1, BELOW_1_1,
						     BELOW_1_2, BELOW_1_3, 0};

static bool has_newer(versions set, versions version)
{
	return set > version_and_older(version);
}

static unsigned int number_of(versions version)
{
	return (unsigned int)__builtin_ctz(version);
}

static void add(_Atomic uint64_t *count)
{
	atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
}

/* A client that was served. */
struct client {
	versions served;
	bool datagram;
	unsigned int traits; /* of its suite */
	versions offered; /* its newest version, as far as it is known */
	bool is_exact; /* it has no newer one; if not, it may have */
	versions server_has; /* served by its server; in an audit, by the settings if in force */
	versions reached; /* the newest of these that the client surely has; 0: none */
	versions unfloored; /* likewise of what the server would serve without a minimum */
};

/*
 * libssl chooses the newest version that both sides have.  So the client has none that is newer than
 * the chosen one and that its server takes.  Whether it has versions which the server does not take
 * (a maximum of its program's, SSLHARDEN_MAX_PROTOCOL, an old libssl) does not follow.
 *
 * SSL_client_version tells it of clients below TLS 1.2.  A client of TLS 1.3 names 1.2 there, as
 * every client of TLS 1.2 does (RFC 8446, 4.1.2).
 *
 * @took  the versions that its server takes
 */
static void read_offer(const struct image *image, const SSL *ssl, versions took,
		       struct client *client)
{
	versions named = image->SSL_client_version == NULL || client->served >= VERSION_TLS1_2
				 ? 0
				 : version_set(image->SSL_client_version(ssl));

	client->is_exact =
		has_newer(took, client->offered) || (named != 0 && named < VERSION_TLS1_2);
	if (named > client->offered)
		client->offered = named;
}

/* Where its decision is forgotten, its server has what was chosen and no more is known. */
static void read_versions(const struct image *image, const SSL *ssl, struct decision decision,
			  struct client *client)
{
	bool known = decision.bare != 0, audit = known && config_get()->mode == MODE_AUDIT;
	versions held = known ? decision.allowed : client->served;

	client->server_has = held;
	client->offered = client->served;
	client->is_exact = client->served == VERSION_TLS1_3;
	if (!client->is_exact)
		read_offer(image, ssl, audit ? decision.bare : held, client);
	client->reached = version_newest(held & version_and_older(client->offered));
	/* A pin that is opened has every version; of others the program may forbid some in between. */
	client->unfloored =
		known && !decision.pin_opened
			? version_newest(decision.bare & version_and_older(client->offered))
			: client->offered;
}

/*
 * The number of the suite; 0 if libssl does not tell (SSL_CIPHER_get_id is newer than the other).
 */
static uint32_t suite_of(const struct image *image, const SSL *ssl)
{
	const void *cipher =
		image->SSL_CIPHER_get_id == NULL ? NULL : image->SSL_get_current_cipher(ssl);

	return cipher == NULL ? 0 : image->SSL_CIPHER_get_id(cipher);
}

/* --- what a list would have made of it --------------------------------------------- */

/*
 * Whether the client offers another suite that the list has, for the certificate that it was shown,
 * and for the version that it comes to.
 *
 * @list  the trait of its suites
 */
static bool offers_other(const struct client *client, unsigned int list, const struct image *image,
			 const void *offers)
{
	unsigned int proof = client->traits & TRAIT_PROOF;

	for (int i = 0; i < image->OPENSSL_sk_num(offers); i++) {
		uint32_t suite = image->SSL_CIPHER_get_id(image->OPENSSL_sk_value(offers, i));
		unsigned int traits = suite_traits(suite);
		bool newer = (suite & 0xff00) == 0x1300;

		if ((traits & list) != 0 && newer == (client->reached == VERSION_TLS1_3) &&
		    (newer || proof == TRAIT_BY_NOBODY || proof == (traits & TRAIT_PROOF)) &&
		    ((traits & TRAIT_CLASS) != TRAIT_AEAD || client->reached >= VERSION_TLS1_2))
			return true;
	}
	return false;
}

/*
 * The settings whose lists would have refused it; few come by, for their suite is on both.  Where a
 * server authenticates by a key its own list stays.
 *
 * @unsure  takes those of them of which what else the client offers is not to be had
 */
static unsigned int lists_refuse(const struct client *client, const struct image *image,
				 const SSL *ssl, unsigned int *unsure)
{
	bool newer = client->reached == VERSION_TLS1_3;
	unsigned int refused = 0;
	const void *offers;

	if (client->reached == 0 || newer != (client->served == VERSION_TLS1_3) ||
	    (!newer && (client->traits & TRAIT_PROOF) == TRAIT_BY_KEY))
		return 0;
	offers = image->SSL_get_client_ciphers == NULL || image->OPENSSL_sk_num == NULL ||
				 image->OPENSSL_sk_value == NULL || image->SSL_CIPHER_get_id == NULL
			 ? NULL
			 : image->SSL_get_client_ciphers(ssl);
	if ((client->traits & TRAIT_RESTRICTED) == 0 && !newer &&
	    (offers == NULL || !offers_other(client, TRAIT_RESTRICTED, image, offers)))
		refused |= 1 << STRICTER_RESTRICTED;
	if ((client->traits & TRAIT_INTERMEDIATE) == 0 && client->reached >= VERSION_TLS1_2 &&
	    (offers == NULL || !offers_other(client, TRAIT_INTERMEDIATE, image, offers)))
		refused |= 1 << STRICTER_INTERMEDIATE | (newer ? 1 << STRICTER_MODERN : 0);
	if (offers == NULL)
		*unsure |= refused;
	return refused;
}

/* The floors that would have refused it. */
static unsigned int floors_refuse(const struct client *client)
{
	/* Below an audit's own minimum; a lower one is asked by itself. */
	if (client->reached == 0)
		return 1 << STRICTER_ON |
		       below[number_of(client->unfloored != 0 ? client->unfloored
							      : client->offered)];
	if (client->datagram && client->reached == VERSION_TLS1_2)
		return 0; /* DTLS has no 1.3: the floor is 1.2 there */
	return below[number_of(client->reached)];
}

/* --- the page ---------------------------------------------------------------------- */

static inline void count_row(struct shared_stricter *row, uint64_t now)
{
	add(&row->refused);
	atomic_store_explicit(&row->last, now, memory_order_relaxed);
}

static void count_stricter(struct shared_counts *counts, unsigned int refused, unsigned int unsure)
{
	uint64_t now = refused == 0 ? 0 : (uint64_t)time(NULL);

	for (; refused != 0; refused &= refused - 1) {
		struct shared_stricter *row = &counts->stricter[number_of(refused)];

		count_row(row, now);
		if ((unsure & refused & -refused) != 0)
			add(&row->unsure);
	}
}

static bool is_resumed(const struct image *image, const SSL *ssl)
{
	SSL *mutable_ssl = (SSL *)(uintptr_t)ssl;

	if (image->SSL_session_reused != NULL)
		return image->SSL_session_reused(ssl) != 0;
	return image->SSL_ctrl != NULL &&
	       image->SSL_ctrl(mutable_ssl, CTRL_GET_SESSION_REUSED, 0, NULL) != 0;
}

/*
 * What it offered, and whom a stricter setting would have refused.  Apart, so that the many need
 * not make room for what it takes.
 */
__attribute__((noinline)) static void count_client(struct shared_counts *counts,
						   const struct image *image, const SSL *ssl,
						   struct decision decision, struct client client)
{
	unsigned int refused, unsure = 0;

	read_versions(image, ssl, decision, &client);
	refused = floors_refuse(&client);
	if ((client.traits & LISTED) != LISTED)
		refused |= lists_refuse(&client, image, ssl, &unsure);
	/*
	 * Of a client that may have newer versions it is not sure that a floor refuses it: its server
	 * may have them as well.  Where pins are kept, a floor opens them, and so every refusal is
	 * unsure.
	 */
	if (!client.is_exact && config_get()->allow_pinned)
		unsure = refused;
	else if (!client.is_exact && has_newer(client.server_has, client.offered))
		unsure |= refused &
			  ~(unsigned int)below[number_of(version_newest(client.server_has))];
	add(&(client.is_exact ? counts->offered : counts->newer)[number_of(client.offered)]);
	if (client.datagram)
		add(&counts->datagram);
	count_stricter(counts, refused, unsure);
}

/*
 * One of the many, of whom the versions alone tell the same: with a suite that is on both lists,
 * and a server that takes, of what is newer than what was chosen, what it is to hold.
 */
static bool is_plain(struct decision decision, versions served, unsigned int traits, int version)
{
	versions bare = decision.bare, held = decision.allowed;

	return (traits & LISTED) == LISTED && (held & served) != 0 && version < DTLS &&
	       (bare ^ held) <= version_and_older(served) &&
	       (served == VERSION_TLS1_3 || has_newer(held, served) ||
		(served == VERSION_TLS1_2 && !config_get()->allow_pinned));
}

static void count_plain(struct shared_counts *counts, struct decision decision, versions served)
{
	bool is_known = served == VERSION_TLS1_3 || has_newer(decision.allowed, served);

	add(&(is_known ? counts->offered : counts->newer)[number_of(served)]);
	if (served == VERSION_TLS1_2)
		count_row(&counts->stricter[STRICTER_TLS1_3], (uint64_t)time(NULL));
	else
		count_stricter(counts, below[number_of(served)], 0);
}

/* Its certificate; after a resumption that of the session. */
static bool is_certified(const struct image *image, const SSL *ssl)
{
	const void *session =
		image->SSL_SESSION_get0_peer == NULL ? NULL : image->SSL_get_session(ssl);

	return session != NULL && image->SSL_SESSION_get0_peer(session) != NULL;
}

void count_served(const struct image *image, const SSL *ssl, int version, versions served)
{
	struct shared_counts *counts = &shared_page()->counts;
	struct decision decision = decision_mark_counted(ssl);
	unsigned int traits;

	if (decision.counted)
		return;
	traits = suite_traits(suite_of(image, ssl));
	add(&counts->served[number_of(served)][traits & TRAIT_CLASS]
			   [(traits & TRAIT_FORWARD) != 0]);
	if (is_resumed(image, ssl))
		add(&counts->resumed);
	if (is_certified(image, ssl))
		add(&counts->certified);
	if (is_plain(decision, served, traits, version))
		count_plain(counts, decision, served);
	else
		count_client(counts, image, ssl, decision,
			     (struct client){.served = served,
					     .datagram = version >= DTLS,
					     .traits = traits});
}
