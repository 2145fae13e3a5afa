# SPDX-License-Identifier: MIT
from openssl_tests import CERTIFICATE, CIPHER, SAME, tests_of

SUITE = tests_of(12, "bookworm", {
    "70-test_tls13hrr.t:Client_ciphersuite_changes": SAME,
    "80-test_ssl_new.t:Test_configuration_20-cert-select.cnf/test_handshake/iteration_16":
        CERTIFICATE,
    "80-test_ssl_new.t:Test_configuration_20-cert-select.cnf/test_handshake/iteration_17":
        CERTIFICATE,
    "80-test_ssl_new.t:Test_configuration_25-cipher.cnf/test_handshake/iteration_3": CIPHER,
}, least=3900)
