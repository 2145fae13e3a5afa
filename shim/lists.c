/* SPDX-License-Identifier: MIT */
#include "lists.h"

#include "apply.h"
#include "log.h"
#include "object.h"
#include "table.h"

enum {
	/* What is known of a libssl, a word of the table under its address. */
	ASKED = 1,
	CIPHERS = 2,
	SUITES = 4,
	GROUPS = 8,
	GROUPS_OLDER = 16,
};

bool lists_are_given(void)
{
	const struct config *config = config_get();

	return config->ciphers[0] != '\0' || config->ciphersuites[0] != '\0' ||
	       config->groups[0] != '\0';
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

static void complain(const struct image *image, const char *variable, const char *accepted)
{
	log_message(
		LOG_LEVEL_WARNING,
		"%s: this libssl (%s) takes nothing of it; accepted: %s; programs' own lists stay",
		variable, image->dialect.name, accepted);
}

/* Tries each on a context of our own: one that is not taken may empty the program's. */
static unsigned int ask(const struct image *image, SSL_CTX *ctx)
{
	const struct config *config = config_get();
	unsigned int usable = ASKED;

	if (config->ciphers[0] != '\0' && image->SSL_CTX_set_cipher_list(ctx, config->ciphers) == 1)
		usable |= CIPHERS;
	else if (config->ciphers[0] != '\0')
		complain(image, "SSLHARDEN_CIPHERS", "a string that openssl ciphers -v expands");
	if (config->ciphersuites[0] != '\0' && suites_set(image, ctx))
		usable |= SUITES;
	else if (config->ciphersuites[0] != '\0')
		complain(image, "SSLHARDEN_CIPHERSUITES",
			 "names of TLS 1.3 suites, separated by ':'");
	if (config->groups[0] != '\0' && groups_set(image, ctx, config->groups))
		usable |= GROUPS;
	else if (config->groups_older[0] != '\0' && groups_set(image, ctx, config->groups_older))
		usable |= GROUPS_OLDER;
	else if (config->groups[0] != '\0')
		complain(image, "SSLHARDEN_GROUPS",
			 "names of groups that it knows, separated by ':'");
	return usable;
}

static unsigned int usable(const struct image *image)
{
	const void *key = (const void *)image->low;
	unsigned int answer = (unsigned int)table_get(key);
	const void *method;
	SSL_CTX *ctx;

	if (answer != 0 || !lists_are_given())
		return answer;
	method = method_flexible(image->methods, &method_kinds[METHOD_TLS_server_method]);
	if (method == NULL) /* LibreSSL and BoringSSL: it is the generic one */
		method = image->methods[METHOD_TLS_server_method];
	libssl_depth++;
	ctx = method == NULL ? NULL : image->SSL_CTX_new(method);
	libssl_depth--;
	if (ctx == NULL)
		return 0; /* no memory: asked again at the next context */
	answer = ask(image, ctx);
	image->SSL_CTX_free(ctx);
	table_set(key, answer);
	return answer;
}

bool lists_are_usable(const struct image *image)
{
	const struct config *config = config_get();
	unsigned int answer = usable(image);

	return (config->ciphers[0] == '\0' || (answer & CIPHERS) != 0) &&
	       (config->ciphersuites[0] == '\0' || (answer & SUITES) != 0) &&
	       (config->groups[0] == '\0' || (answer & (GROUPS | GROUPS_OLDER)) != 0);
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
		groups_set(image, ctx, config->groups);
	if ((answer & GROUPS_OLDER) != 0)
		groups_set(image, ctx, config->groups_older);
}

void lists_set(const struct image *image, SSL *ssl)
{
	const struct config *config = config_get();
	unsigned int answer = usable(image);
	const char *groups = (answer & GROUPS) != 0 ? config->groups : config->groups_older;

	if ((answer & CIPHERS) != 0)
		image->SSL_set_cipher_list(ssl, config->ciphers);
	if ((answer & SUITES) != 0 && image->SSL_set_ciphersuites != NULL)
		image->SSL_set_ciphersuites(ssl, config->ciphersuites);
	if ((answer & (GROUPS | GROUPS_OLDER)) == 0)
		return;
	if (image->SSL_set1_groups_list != NULL)
		image->SSL_set1_groups_list(ssl, groups);
	else if (image->SSL_set1_curves_list != NULL)
		image->SSL_set1_curves_list(ssl, groups);
	else if (image->SSL_ctrl != NULL)
		image->SSL_ctrl(ssl, CTRL_SET_GROUPS_LIST, 0, (void *)(uintptr_t)groups);
}
