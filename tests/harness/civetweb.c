/* SPDX-License-Identifier: MIT
 *
 * CivetWeb's own server: civetweb CERTIFICATE.  It opens libssl itself and
 * fetches each function with dlsym.  Prints its context's options and its port,
 * and serves until its standard input ends.
 */
#define _GNU_SOURCE
#include <civetweb.h>
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

static void *context;

static int keep_context(void *ssl_ctx, void *user_data)
{
	(void)user_data;
	context = ssl_ctx;
	return 0;
}

static int answer(struct mg_connection *connection, void *data)
{
	(void)data;
	mg_printf(connection,
		  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
	return 200;
}

int main(int argc, char **argv)
{
	const char *options[] = {"listening_ports",
				 "127.0.0.1:0s",
				 "ssl_certificate",
				 argc > 1 ? argv[1] : "",
				 "ssl_protocol_version",
				 "0",
				 "ssl_cipher_list",
				 "ALL:@SECLEVEL=0",
				 "num_threads",
				 "2",
				 NULL};
	struct mg_callbacks callbacks = {.init_ssl = keep_context};
	struct mg_server_port ports[1];
	struct mg_context *server;
	uint64_t (*get_options)(const void *);

	mg_init_library(MG_FEATURES_TLS);
	server = mg_start(&callbacks, NULL, options);
	if (server == NULL || mg_get_server_ports(server, 1, ports) != 1) {
		fprintf(stderr, "civetweb: does not start\n");
		return 3;
	}
	mg_set_request_handler(server, "/", answer, NULL);
	get_options = (uint64_t(*)(const void *))dlsym(dlopen("libssl.so.3", RTLD_LAZY),
						       "SSL_CTX_get_options");
	printf("options 0x%lx\nport %d\n", (unsigned long)get_options(context), ports[0].port);
	fflush(stdout);
	while (getchar() != EOF)
		;
	mg_stop(server);
	mg_exit_library();
	return 0;
}
