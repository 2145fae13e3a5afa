/* SPDX-License-Identifier: MIT */
#include "harden/hello_watch.h"

#include "memory/decision.h"
#include "messages/hello.h"

enum { BIO_READ_DONE = 0x02 | 0x80 }; /* BIO_CB_READ | BIO_CB_RETURN of openssl/bio.h */

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

void hello_watch_begin(const struct image *image, SSL *ssl)
{
	static const struct decision nothing = {.bare = 0};
	BIO *bio = watchable(image, ssl);

	if (bio == NULL || image->BIO_get_callback(bio) != NULL)
		return;
	decision_store(bio, &nothing, false);
	image->BIO_set_callback(bio, see_hello);
}

void hello_watch_end(const struct image *image, SSL *ssl)
{
	BIO *bio = watchable(image, ssl);

	if (bio != NULL && image->BIO_get_callback(bio) == see_hello)
		image->BIO_set_callback(bio, NULL);
}

versions hello_watch_version(const struct image *image, const SSL *ssl)
{
	struct decision seen;

	return image->SSL_get_rbio != NULL && decision_load(image->SSL_get_rbio(ssl), &seen)
		       ? seen.bare
		       : 0;
}
