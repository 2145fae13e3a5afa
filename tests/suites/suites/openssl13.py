# SPDX-License-Identifier: MIT
from openssl_tests import CERTIFICATE, CIPHER, GROUP, SAME, tests_of

SUITE = tests_of(13, "trixie", {
    "70-test_tls13hrr.t:Client_ciphersuite_changes": SAME,
    "80-test_ssl_new.t:Test_configuration_20-cert-select.cnf/test_handshake/iteration_16":
        CERTIFICATE,
    "80-test_ssl_new.t:Test_configuration_20-cert-select.cnf/test_handshake/iteration_17":
        CERTIFICATE,
    "80-test_ssl_new.t:Test_configuration_25-cipher.cnf/test_handshake/iteration_3": CIPHER,
    "70-test_tls13groupselection.t:tls13groupselection_test/iteration_3": GROUP,
    "70-test_tls13groupselection.t:tls13groupselection_test/iteration_5": GROUP,
    "70-test_tls13groupselection.t:tls13groupselection_test/iteration_7": GROUP,
    "70-test_tls13groupselection.t:tls13groupselection_test/iteration_9": GROUP,
    "70-test_tls13groupselection.t:tls13groupselection_test/iteration_11": GROUP,
}, least=5900)
