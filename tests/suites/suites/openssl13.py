# SPDX-License-Identifier: MIT
from openssl_tests import GROUP, by_order, tests_of

SUITE = tests_of(13, "trixie", by_order("cnf", 16) | {
    f"70-test_tls13groupselection.t:tls13groupselection_test/iteration_{number}": GROUP
    for number in (3, 5, 7, 9, 11)}, least=5900)
