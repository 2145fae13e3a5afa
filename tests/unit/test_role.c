/* SPDX-License-Identifier: MIT */
#include "sslharden/role.h"

#include <stddef.h>
#include <string.h>

#include "check.h"

static char places[METHOD_COUNT];
static const void *methods[METHOD_COUNT];

static void all(void)
{
	for (int id = 0; id < METHOD_COUNT; id++)
		methods[id] = &places[id];
}

static void test_kinds(void)
{
	char elsewhere;

	all();
	for (int id = 0; id < METHOD_COUNT; id++) {
		const struct method_kind *kind = method_kind_of(methods, &places[id]);

		CHECK(kind == &method_kinds[id]);
		CHECK((strstr(kind->name, "_server_") != NULL) == (kind->role == ROLE_SERVER));
		CHECK((strstr(kind->name, "_client_") != NULL) == (kind->role == ROLE_CLIENT));
		CHECK((strncmp(kind->name, "DTLS", 4) == 0) == (kind->transport == TRANSPORT_DTLS));
	}
	CHECK(method_kind_of(methods, &elsewhere) == NULL);
	CHECK(method_kind_of(methods, NULL) == NULL);
	/* An address that a library lacks must not match another missing one. */
	methods[METHOD_TLS_method] = NULL;
	CHECK(method_kind_of(methods, NULL) == NULL);
}

static void test_flexible(void)
{
	all();
	CHECK(method_flexible(methods, &method_kinds[METHOD_TLSv1_server_method]) ==
	      &places[METHOD_TLS_server_method]);
	methods[METHOD_TLS_server_method] = NULL; /* 1.0.x */
	CHECK(method_flexible(methods, &method_kinds[METHOD_TLSv1_server_method]) ==
	      &places[METHOD_SSLv23_server_method]);
	CHECK(method_flexible(methods, &method_kinds[METHOD_SSLv3_method]) ==
	      &places[METHOD_TLS_method]);
	CHECK(method_flexible(methods, &method_kinds[METHOD_DTLSv1_server_method]) ==
	      &places[METHOD_DTLS_server_method]);
	methods[METHOD_DTLS_server_method] = NULL; /* before 1.0.2 */
	CHECK(method_flexible(methods, &method_kinds[METHOD_DTLSv1_server_method]) == NULL);
}

int main(void)
{
	test_kinds();
	test_flexible();
	return check_failures != 0;
}
