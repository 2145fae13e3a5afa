/* SPDX-License-Identifier: MIT */
#include "harden/lists.h"

#include <stdio.h>
#include <string.h>

#include "harden/apply.h"
#include "harden/certificate.h"
#include "messages/log.h"
#include "harden/object.h"
#include "harden/own_list.h"
#include "memory/table.h"

enum {
	/* What is known of a libssl, a word of the table under its address. */
	ASKED = 1,
	CIPHERS = 2,
	SUITES = 4,
	GROUPS = 8,
	GROUPS_ONE = 16, /* it has P-256 alone, and no call to choose */
	LEFT_OUT_SHIFT = 5, /* how many of a profile's groups, from the front */
	LEFT_OUT_MAX = 3,
	AUTHENTICATION_SHIFT = 7, /* how the suites of the list authenticate */
	ANSWER_BITS = 32, /* above them, which libssl it was */

	DEFAULT_MAX = 4096, /* bytes of libssl's default list, written out */
};

bool lists_are_given(void)
{
	const struct config *config = config_get();

	return config->ciphers[0] != '\0' || config->ciphersuites[0] != '\0' ||
	       config->groups[0] != '\0';
}

void lists_text(char text[LISTS_TEXT_MAX])
{
	const struct config *config = config_get();
	bool ciphers = config->ciphers[0] != '\0', suites = config->ciphersuites[0] != '\0';

	snprintf(text, LISTS_TEXT_MAX, "%s%s%s%s", lists_are_given() ? "," : "",
		 ciphers ? " SSLHARDEN_CIPHERS" : "", suites ? " SSLHARDEN_CIPHERSUITES" : "",
		 config->groups[0] != '\0' ? " SSLHARDEN_GROUPS" : "");
}

static bool groups_set(const struct image *image, SSL_CTX *ctx, const char *groups)
{
	if (image->SSL_CTX_set1_groups_list != NULL)
		return image->SSL_CTX_set1_groups_list(ctx, groups) == 1;
	if (image->SSL_CTX_set1_curves_list != NULL)
		return image->SSL_CTX_set1_curves_list(ctx, groups) == 1;
	if (image->dialect.ecdhe_on_request)
		image->SSL_CTX_ctrl(ctx, CTRL_SET_ECDH_AUTO, 1, NULL);
	return image->SSL_CTX_ctrl != NULL &&
	       image->SSL_CTX_ctrl(ctx, CTRL_SET_GROUPS_LIST, 0, (void *)(uintptr_t)groups) == 1;
}

static bool suites_set(const struct image *image, SSL_CTX *ctx)
{
	/* Without the call there is no TLS 1.3, and nothing to choose. */
	return image->SSL_CTX_set_ciphersuites == NULL ||
	       image->SSL_CTX_set_ciphersuites(ctx, config_get()->ciphersuites) == 1;
}

static void complain(const struct image *image, const char *variable, const char *list,
		     const char *accepted)
{
	char text[192];

	log_escape(text, sizeof(text), list);
	log_message(LOG_LEVEL_WARNING,
		    "%s: this libssl (%s) takes nothing of \"%s\"; accepted: %s; programs' own "
		    "lists stay",
		    variable, image->dialect.name, text, accepted);
}

static const char *without_first(const char *groups)
{
	const char *colon = strchr(groups, ':');

	return colon == NULL ? NULL : colon + 1;
}

static const char *groups_taken(unsigned int answer)
{
	const char *groups = config_get()->groups;

	for (unsigned int n = answer >> LEFT_OUT_SHIFT & LEFT_OUT_MAX; n > 0; n--)
		groups = without_first(groups);
	return groups;
}

static unsigned int ask_groups(const struct image *image, SSL_CTX *ctx)
{
	const struct config *config = config_get();
	const char *groups = config->groups;

	for (unsigned int n = 0; groups != NULL && n <= LEFT_OUT_MAX; n++) {
		if (groups_set(image, ctx, groups))
			return GROUPS | n << LEFT_OUT_SHIFT;
		groups = config->groups_shrink ? without_first(groups) : NULL;
	}
	if (config->groups_shrink && image->dialect.ecdhe_on_request)
		return GROUPS_ONE;
	complain(image, "SSLHARDEN_GROUPS", config->groups,
		 "names of groups that it knows, separated by ':'");
	return 0;
}

static unsigned int authentication_of(const struct image *image, SSL_CTX *ctx)
{
	SSL *ssl = image->SSL_new == NULL || image->SSL_free == NULL ? NULL : image->SSL_new(ctx);
	unsigned int by = ssl == NULL ? AUTH_OTHER : suites_authenticate_by(image, ssl);

	if (ssl != NULL)
		image->SSL_free(ssl);
	return by;
}

/* Tries each on a context of our own: one that is not taken may empty the program's. */
static unsigned int ask(const struct image *image, SSL_CTX *ctx)
{
	const struct config *config = config_get();
	unsigned int usable = ASKED;

	if (config->ciphers[0] != '\0' && image->SSL_CTX_set_cipher_list(ctx, config->ciphers) == 1)
		usable |= CIPHERS | authentication_of(image, ctx) << AUTHENTICATION_SHIFT;
	else if (config->ciphers[0] != '\0')
		complain(image, "SSLHARDEN_CIPHERS", config->ciphers,
			 "a string that openssl ciphers -v expands");
	if (config->ciphersuites[0] != '\0' && suites_set(image, ctx))
		usable |= SUITES;
	else if (config->ciphersuites[0] != '\0')
		complain(image, "SSLHARDEN_CIPHERSUITES", config->ciphersuites,
			 "names of TLS 1.3 suites, separated by ':'");
	return config->groups[0] != '\0' ? usable | ask_groups(image, ctx) : usable;
}

/* A server's context of our own, with what libssl makes of it by default. */
static SSL_CTX *context_of_ours(const struct image *image)
{
	const void *method =
		method_flexible(image->methods, &method_kinds[METHOD_TLS_server_method]);
	bool was_inside = inside_new;
	SSL_CTX *ctx;

	if (method == NULL) /* LibreSSL and BoringSSL: it is the generic one */
		method = image->methods[METHOD_TLS_server_method];
	inside_new = true;
	ctx = method == NULL ? NULL : image->SSL_CTX_new(method);
	inside_new = was_inside;
	return ctx;
}

static unsigned int usable(const struct image *image)
{
	const void *key = (const void *)image->low;
	/* Another libssl may have been at this address: its functions were elsewhere. */
	uint64_t which = (uint64_t)(uintptr_t)image->SSL_CTX_new << ANSWER_BITS;
	uint64_t word = table_get(key);
	unsigned int answer = word >> ANSWER_BITS == which >> ANSWER_BITS ? (unsigned int)word : 0;
	SSL_CTX *ctx;

	if (answer != 0 || !lists_are_given())
		return answer;
	ctx = context_of_ours(image);
	if (ctx == NULL)
		return 0; /* no memory: asked again at the next context */
	answer = ask(image, ctx);
	image->SSL_CTX_free(ctx);
	table_set(key, which | answer);
	return answer;
}

bool lists_are_usable(const struct image *image)
{
	const struct config *config = config_get();
	unsigned int answer = usable(image);

	return (config->ciphers[0] == '\0' || (answer & CIPHERS) != 0) &&
	       (config->ciphersuites[0] == '\0' || (answer & SUITES) != 0) &&
	       (config->groups[0] == '\0' || (answer & (GROUPS | GROUPS_ONE)) != 0);
}

void lists_set_context(const struct image *image, SSL_CTX *ctx)
{
	const struct config *config = config_get();
	unsigned int answer = usable(image);

	if ((answer & CIPHERS) != 0)
		image->SSL_CTX_set_cipher_list(ctx, config->ciphers);
	if ((answer & SUITES) != 0)
		suites_set(image, ctx);
	if ((answer & GROUPS) != 0)
		groups_set(image, ctx, groups_taken(answer));
}

/* --- a list that the certificate cannot be used with ------------------------- */

void lists_note_own(const struct image *image, SSL_CTX *ctx, const char *list)
{
	struct state state = state_of(ctx);

	if (!image->known || !state.known || config_get()->ciphers[0] == '\0' || list == NULL)
		return;
	state.own_list = own_list_number(list);
	state_set(ctx, &state);
}

bool lists_suit(const struct image *image, SSL *ssl)
{
	unsigned int answer = usable(image);
	unsigned int by = answer >> AUTHENTICATION_SHIFT;
	unsigned int given;

	if ((answer & CIPHERS) == 0 || by == 0 || (by & AUTH_OTHER) != 0)
		return true;
	given = certificates_give(image, ssl);
	return given == 0 || (given & (by | AUTH_OTHER)) != 0;
}

/* Once a context. */
static void tell(const SSL_CTX *ctx, const char *what)
{
	struct state state = state_of(ctx);

	if (!state.known || state.told)
		return;
	state.told = true;
	state_set(ctx, &state);
	log_message(LOG_LEVEL_WARNING,
		    "context %p: SSLHARDEN_CIPHERS has no suite for its certificate's kind of key "
		    "before TLS 1.3; %s",
		    (const void *)ctx, what);
}

static const char own_stays[] = "the program's own list stays";

/* Appends to a list that is written out, of DEFAULT_MAX bytes; false: there is no room. */
static bool list_add(char *list, size_t *used, const char *name)
{
	*used += (size_t)snprintf(list + *used, DEFAULT_MAX - *used, "%s%s", *used == 0 ? "" : ":",
				  name);
	return *used < DEFAULT_MAX;
}

/* What libssl, or its configuration file, gives a context that sets no list. */
static unsigned int number_of_default(const struct image *image)
{
	char list[DEFAULT_MAX] = "";
	SSL_CTX *ctx = context_of_ours(image);
	SSL *ssl = ctx == NULL ? NULL : image->SSL_new(ctx);
	size_t used = 0;
	const char *name;

	for (int i = 0; ssl != NULL && (name = image->SSL_get_cipher_list(ssl, i)) != NULL &&
			list_add(list, &used, name);
	     i++)
		;
	if (ssl != NULL)
		image->SSL_free(ssl);
	if (ctx != NULL)
		image->SSL_CTX_free(ctx);
	return used == 0 || used >= DEFAULT_MAX ? OWN_LIST_LOST : own_list_number(list);
}

void lists_keep_own(const struct image *image, SSL *ssl, SSL_CTX *ctx)
{
	struct state state = state_of(ctx);

	if (!state.known) /* a client's, whose own list we have not touched */
		return;
	if (state.own_list == OWN_LIST_UNSET) {
		state.own_list = number_of_default(image);
		state_set(ctx, &state);
	}
	if (own_list_text(state.own_list) == NULL) {
		tell(ctx, "the program's own list is not known: it stays without");
		return;
	}
	tell(ctx, own_stays);
	image->SSL_set_cipher_list(ssl, own_list_text(state.own_list));
}

void lists_set(const struct image *image, SSL *ssl)
{
	const struct config *config = config_get();
	unsigned int answer = usable(image);
	const char *groups = groups_taken(answer);

	if ((answer & CIPHERS) != 0 && lists_suit(image, ssl))
		image->SSL_set_cipher_list(ssl, config->ciphers);
	else if ((answer & CIPHERS) != 0)
		tell(image->SSL_get_SSL_CTX(ssl), own_stays);
	if ((answer & SUITES) != 0 && image->SSL_set_ciphersuites != NULL)
		image->SSL_set_ciphersuites(ssl, config->ciphersuites);
	if ((answer & GROUPS) == 0)
		return;
	if (image->SSL_set1_groups_list != NULL)
		image->SSL_set1_groups_list(ssl, groups);
	else if (image->SSL_set1_curves_list != NULL)
		image->SSL_set1_curves_list(ssl, groups);
	else if (image->SSL_ctrl != NULL)
		image->SSL_ctrl(ssl, CTRL_SET_GROUPS_LIST, 0, (void *)(uintptr_t)groups);
}

/* --- a connection that is moved ---------------------------------------------- */

/* What is asked here of a libssl that has TLS 1.3; NULL where it does not have all of it. */
static const void *ciphers_of(const struct image *image, SSL *ssl)
{
	if (image->SSL_get_ciphers == NULL || image->SSL_CTX_get_ciphers == NULL ||
	    image->OPENSSL_sk_num == NULL || image->OPENSSL_sk_value == NULL ||
	    image->SSL_CIPHER_get_name == NULL)
		return NULL;
	return image->SSL_get_ciphers(ssl);
}

/* The name of the next cipher of a list that is not TLS 1.3's: those are set on their own. */
static const char *next_name(const struct image *image, const void *list, int *at)
{
	while (*at < image->OPENSSL_sk_num(list)) {
		const char *name =
			image->SSL_CIPHER_get_name(image->OPENSSL_sk_value(list, (*at)++));

		if (strncmp(name, "TLS_", 4) != 0)
			return name;
	}
	return NULL;
}

bool lists_are_contexts(const struct image *image, SSL *ssl)
{
	const void *mine = ciphers_of(image, ssl);
	const void *contexts =
		mine == NULL ? NULL : image->SSL_CTX_get_ciphers(image->SSL_get_SSL_CTX(ssl));
	const char *a, *b;
	int i = 0, j = 0;

	if (contexts == NULL)
		return false;
	do {
		a = next_name(image, mine, &i);
		b = next_name(image, contexts, &j);
	} while (a != NULL && a == b); /* of libssl's own table, one string a cipher */
	return a == b;
}

/* As libssl does where a connection has no list of its own. */
static void take_contexts(const struct image *image, SSL *ssl)
{
	const void *contexts = image->SSL_CTX_get_ciphers(image->SSL_get_SSL_CTX(ssl));
	char list[DEFAULT_MAX] = "";
	size_t used = 0;
	const char *name;
	int i = 0;

	while (contexts != NULL && (name = next_name(image, contexts, &i)) != NULL &&
	       list_add(list, &used, name))
		;
	if (used != 0 && used < DEFAULT_MAX)
		image->SSL_set_cipher_list(ssl, list);
}

void lists_follow(const struct image *image, SSL *ssl, bool contexts)
{
	unsigned int answer = usable(image);

	if ((answer & CIPHERS) == 0) {
		/* To set suites has given it a list of its own: a copy of the old context's. */
		if ((answer & SUITES) != 0 && contexts)
			take_contexts(image, ssl);
		return;
	}
	if (lists_suit(image, ssl))
		image->SSL_set_cipher_list(ssl, config_get()->ciphers);
	else if (!config_get()->strict)
		lists_keep_own(image, ssl, image->SSL_get_SSL_CTX(ssl));
}
