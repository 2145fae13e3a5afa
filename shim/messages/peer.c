/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "loader/controls.h"
#include "memory/kernel.h"

enum { DTLS_MAJOR = 0xfe };

/*
 * SSL_get_rfd searches the whole chain of BIOs.  Servers that read from memory have no descriptor.
 */
static bool peer_of_socket(const struct image *image, const SSL *ssl, struct sockaddr *peer,
			   socklen_t size)
{
	int fd = image->SSL_get_rfd == NULL ? -1 : image->SSL_get_rfd(ssl);

	return fd >= 0 && kernel_getpeername(fd, peer, &size) == 0;
}

/* One socket may serve many clients of DTLS: the BIO knows who sent the last datagram. */
static bool peer_of_datagram(const struct image *image, const SSL *ssl, struct sockaddr *peer,
			     long size)
{
	BIO *bio = image->SSL_get_rbio == NULL ? NULL : image->SSL_get_rbio(ssl);
	bool datagram = image->SSL_version != NULL && image->SSL_version(ssl) >> 8 == DTLS_MAJOR;

	peer->sa_family = AF_UNSPEC;
	return datagram && bio != NULL && image->BIO_ctrl != NULL &&
	       image->BIO_ctrl(bio, CTRL_DGRAM_GET_PEER, size, peer) > 0 &&
	       peer->sa_family != AF_UNSPEC;
}

void peer_name(const struct image *image, const SSL *ssl, char *text, size_t size)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_storage room;
	} peer = {.any.sa_family = AF_UNSPEC};
	char host[INET6_ADDRSTRLEN] = "";

	if (!peer_of_socket(image, ssl, &peer.any, sizeof(peer)) &&
	    !peer_of_datagram(image, ssl, &peer.any, sizeof(peer)))
		snprintf(text, size, "an unknown address");
	else if (peer.any.sa_family == AF_INET &&
		 inet_ntop(AF_INET, &peer.in.sin_addr, host, sizeof(host)) != NULL)
		snprintf(text, size, "%s:%d", host, ntohs(peer.in.sin_port));
	else if (peer.any.sa_family == AF_INET6 &&
		 inet_ntop(AF_INET6, &peer.in6.sin6_addr, host, sizeof(host)) != NULL)
		snprintf(text, size, "[%s]:%d", host, ntohs(peer.in6.sin6_port));
	else
		snprintf(text, size, "a local socket");
}
