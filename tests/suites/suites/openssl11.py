# SPDX-License-Identifier: MIT
from openssl_tests import CERTIFICATE, CIPHER, SAME, tests_of

# The configuration file is not found, as when Debian builds it: it would forbid TLS 1.1.
SUITE = tests_of(11, "bullseye", {
    "70-test_tls13hrr.t:Client_ciphersuite_changes": SAME,
    "80-test_ssl_new.t:Test_configuration_20-cert-select.conf/test_handshake/iteration_4":
        CERTIFICATE,
    "80-test_ssl_new.t:Test_configuration_20-cert-select.conf/test_handshake/iteration_5":
        CERTIFICATE,
    "80-test_ssl_new.t:Test_configuration_25-cipher.conf/test_handshake/iteration_3": CIPHER,
}, least=3500, conf="apps/openssl.cnf")
