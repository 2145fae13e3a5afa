/* SPDX-License-Identifier: MIT
 *
 * quic CERTIFICATE: a QUIC server and its client in one process, by a libssl that has both (3.5 and
 * newer), whose functions are looked up by name, for no header here has them.  Prints "connected
 * SUITE"; exit 77 where there is no QUIC.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static void *libssl;

#define CALL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(libssl, #name))

static int choose(void *ssl, const unsigned char **out, unsigned char *outlen,
		  const unsigned char *in, unsigned int len, void *arg)
{
	(void)ssl, (void)len, (void)arg;
	*out = in + 1;
	*outlen = in[0];
	return 0;
}

static int udp(struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	*address = (struct sockaddr_in){.sin_family = AF_INET,
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (bind(fd, (struct sockaddr *)address, size) != 0)
		exit(3);
	getsockname(fd, (struct sockaddr *)address, &size);
	return fd;
}

static void *serve(void *listener)
{
	void *ssl = CALL(void *, SSL_accept_connection, void *, uint64_t)(listener, 0);
	char byte;

	CALL(int, SSL_read, void *, void *, int)(ssl, &byte, 1); /* until the process ends */
	return NULL;
}

static void *listener_new(const char *certificate, struct sockaddr_in *address)
{
	const void *method = CALL(const void *, OSSL_QUIC_server_method, void)();
	void *ctx = CALL(void *, SSL_CTX_new, const void *)(method), *listener;

	CALL(int, SSL_CTX_use_certificate_chain_file, void *, const char *)(ctx, certificate);
	CALL(int, SSL_CTX_use_PrivateKey_file, void *, const char *, int)(ctx, certificate, 1);
	CALL(void, SSL_CTX_set_alpn_select_cb, void *, void *, void *)(ctx, (void *)choose, NULL);
	listener = CALL(void *, SSL_new_listener, void *, uint64_t)(ctx, 0);
	CALL(int, SSL_set_fd, void *, int)(listener, udp(address));
	return CALL(int, SSL_listen, void *)(listener) == 1 ? listener : NULL;
}

static void *client_new(const struct sockaddr_in *address)
{
	const void *method = CALL(const void *, OSSL_QUIC_client_method, void)();
	void *ssl = CALL(void *, SSL_new, void *)(CALL(void *, SSL_CTX_new, const void *)(method));
	void *peer = CALL(void *, BIO_ADDR_new, void)();
	struct sockaddr_in own;

	CALL(int, SSL_set_fd, void *, int)(ssl, udp(&own));
	CALL(int, SSL_set_alpn_protos, void *, const char *, unsigned int)(ssl, "\2hi", 3);
	CALL(int, BIO_ADDR_rawmake, void *, int, const void *, size_t, unsigned short)
	(peer, AF_INET, &address->sin_addr, sizeof(address->sin_addr), address->sin_port);
	CALL(int, SSL_set1_initial_peer_addr, void *, void *)(ssl, peer);
	return ssl;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address;
	pthread_t thread;
	void *listener, *ssl;

	libssl = dlopen("libssl.so.4", RTLD_NOW);
	if (libssl == NULL)
		libssl = dlopen("libssl.so.3", RTLD_NOW);
	if (argc != 2 || libssl == NULL || dlsym(libssl, "OSSL_QUIC_server_method") == NULL) {
		printf("absent OSSL_QUIC_server_method\n");
		exit(77);
	}
	listener = listener_new(argv[1], &address);
	if (listener == NULL || pthread_create(&thread, NULL, serve, listener) != 0)
		exit(3);
	ssl = client_new(&address);
	if (CALL(int, SSL_connect, void *)(ssl) != 1)
		exit(3);
	printf("connected %s\n", CALL(const char *, SSL_CIPHER_get_name, const void *)(
					 CALL(const void *, SSL_get_current_cipher, void *)(ssl)));
	fflush(stdout);
	_Exit(0);
}
