/* SPDX-License-Identifier: MIT */
#include "harden/lists.h"

#include <stdio.h>

#include "harden/note.h"
#include "harden/object.h"
#include "harden/operator_lists.h"
#include "harden/suite_list.h"
#include "memory/given.h"
#include "messages/log.h"
#include "sslharden/suites.h"

enum {
	LIST_MAX = 5120, /* bytes of a list that is written out: ALL of 3.5 has some 4700 */
	SUITES_MAX = 256, /* of TLS 1.3's */
};

/*
 * The operator's list must not let in, say anonymously, whom the program lets in only with a key or
 * in TLS 1.2.  So it is reduced to suites with an AUTH_* that the program's list has, too.  (A
 * bound on versions would not do: a callback of the program's may take it back.)
 */
static bool has_more_ways(struct taken_lists taken, const struct change *change)
{
	return ((taken.auth_newer & ~change->auth) | (taken.auth_older & ~change->auth_older)) != 0;
}

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
	       (!change->no_unsafe_ecdhe || !suite_is_unsafe_ecdhe(name)) &&
	       (!change->ciphers || is_of_ways(name, change));
}

/* Writes the names of the chosen suites in their order.  Returns false if there is no room. */
static bool write_names(struct suite_list list, const struct choice *choice, char *text,
			size_t size)
{
	size_t used = 0;
	const char *name;
	int bits;

	text[0] = '\0';
	for (int i = 0; used < size && (name = suite_list_at(&list, i, &bits)) != NULL; i++) {
		if (is_chosen(choice, name, bits))
			used += (size_t)snprintf(text + used, size - used, "%s%s",
						 used == 0 ? "" : ":", name);
	}
	return used < size;
}

/* Reduces the connection's list to the chosen suites. */
static bool reduce_list(const struct image *image, SSL *ssl, const struct choice *choice)
{
	char list[LIST_MAX];

	if (!write_names(suite_list_of(image, ssl, NULL), choice, list, sizeof(list)))
		return false;
	if (!choice->newer)
		return list[0] != '\0' && ssl_set_ciphers(image, ssl, list);
	return ssl_set_suites(image, ssl, list);
}

/*
 * Writes the list of TLS 1.2 and older.  SSL_set_cipher_list also puts the connection's own suites
 * of TLS 1.3 in force, which are others if it was moved to another context; so those in force are
 * set again.
 */
static bool write_ciphers(const struct image *image, SSL *ssl, const struct change *change,
			  struct taken_lists taken)
{
	bool listed = false, written = true;
	char suites[SUITES_MAX];

	if (!change->ciphers && !change->forbid && !change->no_unsafe_ecdhe)
		return false;
	write_names(suite_list_of(image, ssl, NULL), &(struct choice){.newer = true}, suites,
		    sizeof(suites));
	if (change->ciphers)
		written = listed = ssl_set_ciphers(image, ssl, config_get()->ciphers);
	if (change->forbid || change->no_unsafe_ecdhe ||
	    (change->ciphers && has_more_ways(taken, change))) {
		bool reduced = reduce_list(image, ssl, &(struct choice){.change = change});

		written &= reduced;
		listed |= reduced;
	}
	if (!written)
		log_message(LOG_LEVEL_ERROR,
			    "connection %p: libssl did not take the cipher list that the settings "
			    "ask for (no memory?); the one that it had is served",
			    (void *)ssl);
	ssl_set_suites(image, ssl, suites);
	return listed;
}

/* Before 1.1.0 nothing is kept with the connection itself, which may be another at this address. */
static bool is_noted_as_given(const struct image *image, const SSL *ssl)
{
	return image->dialect.pinning == PIN_BEFORE_HANDSHAKE ||
	       note_before_decision(image, ssl).list_is_ours;
}

bool lists_renew(const struct image *image, SSL *ssl)
{
	uint32_t hash = given_of(ssl);
	struct bracket bracket;
	bool ours;

	if (hash == 0)
		return false;
	bracket = bracket_open(image);
	ours = is_noted_as_given(image, ssl) && suite_list_is_own(image, ssl) &&
	       suite_list_hash(image, ssl) == hash;
	if (ours)
		lists_take(image, ssl, image->SSL_get_SSL_CTX(ssl));
	else /* its program gave it another since, or it is another connection at this address */
		given_set(ssl, 0);
	bracket_close(image, bracket);
	return ours;
}

bool lists_write(const struct image *image, SSL *ssl, const struct change *change)
{
	struct taken_lists taken = operator_lists_taken(image, image->SSL_get_SSL_CTX(ssl));
	bool changes_list = change->ciphers || change->forbid || change->no_unsafe_ecdhe ||
			    change->suites || change->min_suite_bits != 0;
	bool has_own = changes_list && given_of(ssl) == 0 && suite_list_is_own(image, ssl);
	bool listed = write_ciphers(image, ssl, change, taken);

	if (change->suites)
		listed |= ssl_set_suites(image, ssl, config_get()->ciphersuites);
	if (change->min_suite_bits != 0)
		listed |= reduce_list(
			image, ssl,
			&(struct choice){.newer = true, .least = change->min_suite_bits});
	if (change->groups && taken.groups)
		ssl_set_groups(image, ssl, operator_lists_groups(taken));
	if (!listed || has_own)
		return false;
	given_set(ssl, suite_list_hash(image, ssl));
	return true;
}

bool lists_leave_none(const struct image *image, SSL *ssl)
{
	bool has_own = given_of(ssl) == 0 && suite_list_is_own(image, ssl);

	if (!ssl_set_ciphers(image, ssl, "eNULL") || has_own)
		return false;
	given_set(ssl, suite_list_hash(image, ssl));
	return true;
}

void lists_take(const struct image *image, SSL *ssl, const SSL_CTX *ctx)
{
	struct suite_list list = suite_list_of(image, ssl, ctx);
	char ciphers[LIST_MAX], suites[SUITES_MAX];

	if (list.stack == NULL ||
	    !write_names(list, &(struct choice){.newer = false}, ciphers, sizeof(ciphers)))
		return;
	write_names(list, &(struct choice){.newer = true}, suites, sizeof(suites));
	if (ciphers[0] != '\0')
		ssl_set_ciphers(image, ssl, ciphers);
	ssl_set_suites(image, ssl, suites);
}
