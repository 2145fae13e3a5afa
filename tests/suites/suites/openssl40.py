# SPDX-License-Identifier: MIT
"""OpenSSL 4.0's ssl_test alone, whose programs have a library context of their own and look at what
has become of the default one: where nothing is changed, nothing is to be seen there either.
"""
import dataclasses

from openssl_tests import CERTIFICATE, CIPHER, build, command, tests_of

OPTIONS = "no-idea no-mdc2 no-rc5 enable-unit-test enable-rfc3779 enable-cms"
# It tells no parts of a file's test; and runs each by the default provider of its own context, and by
# the default context's.
TEST = ("80-test_ssl_new.t:Test_configuration_{0}.cnf/running_CTLOG_FILE=test/ct/log_list.cnf_"
        "TEST_CERTS_DIR=test/certs_test/ssl_test_test/ssl-tests/{0}.cnf_{1}")
SUITE = dataclasses.replace(
    tests_of(13, "experimental", {TEST.format(name, provider): why
                                  for name, why in (("20-cert-select", CERTIFICATE), ("25-cipher", CIPHER))
                                  for provider in ("none", "default")}, least=150),
    title="OpenSSL 4.0's ssl_test (Debian experimental)", build=build(OPTIONS, "ssl_test", ""),
    command=command("/srv/openssl/apps/openssl.cnf", "80-test_ssl_new.t"))
