/* SPDX-License-Identifier: MIT */
#include "sslharden/suites.h"

#include "check.h"

int main(void)
{
	CHECK(suite_properties("AES128-SHA") == (SUITE_CBC | SUITE_KRSA));
	CHECK(suite_properties("AES128-SHA256") == (SUITE_CBC | SUITE_KRSA | SUITE_TLS1_2));
	CHECK(suite_properties("AES256-GCM-SHA384") == (SUITE_KRSA | SUITE_TLS1_2));
	CHECK(suite_properties("ECDHE-RSA-AES128-SHA") == SUITE_CBC);
	CHECK(suite_properties("ECDHE-ECDSA-CHACHA20-POLY1305") == SUITE_TLS1_2);
	CHECK(suite_properties("DHE-RSA-AES128-CCM8") == (SUITE_TLS1_2 | SUITE_DH_PARAMETERS));
	CHECK(suite_properties("DHE-PSK-AES128-CBC-SHA256") == (SUITE_CBC | SUITE_DH_PARAMETERS));
	CHECK(suite_properties("PSK-AES128-GCM-SHA256") == SUITE_TLS1_2);
	CHECK(suite_properties("ECDH-ECDSA-AES128-SHA") == (SUITE_CBC | SUITE_STATIC_DH));
	CHECK(suite_properties("DH-RSA-AES128-GCM-SHA256") == (SUITE_TLS1_2 | SUITE_STATIC_DH));
	CHECK(suite_properties("RC4-MD5") == (SUITE_RC4 | SUITE_MD5 | SUITE_KRSA));
	CHECK(suite_properties("EXP-RC4-MD5") ==
	      (SUITE_EXPORT | SUITE_RC4 | SUITE_MD5 | SUITE_KRSA));
	CHECK(suite_properties("EXP1024-DHE-DSS-DES-CBC-SHA") ==
	      (SUITE_EXPORT | SUITE_DES | SUITE_CBC | SUITE_DH_PARAMETERS));
	CHECK(suite_properties("DES-CBC3-SHA") == (SUITE_3DES | SUITE_CBC | SUITE_KRSA));
	CHECK(suite_properties("EDH-RSA-DES-CBC-SHA") ==
	      (SUITE_DES | SUITE_CBC | SUITE_DH_PARAMETERS));
	CHECK(suite_properties("PSK-3DES-EDE-CBC-SHA") == (SUITE_3DES | SUITE_CBC));
	CHECK(suite_properties("ADH-AES128-SHA") ==
	      (SUITE_ANULL | SUITE_CBC | SUITE_DH_PARAMETERS));
	CHECK(suite_properties("AECDH-NULL-SHA") == (SUITE_ANULL | SUITE_ENULL));
	CHECK(suite_properties("NULL-SHA256") == (SUITE_ENULL | SUITE_KRSA | SUITE_TLS1_2));
	CHECK(suite_properties("SRP-RSA-AES-128-CBC-SHA") == SUITE_CBC);
	CHECK(suite_properties("GOST2012-GOST8912-GOST8912") == 0);
	CHECK(suite_properties("TLS_AES_128_GCM_SHA256") == 0);
	return check_failures != 0;
}
