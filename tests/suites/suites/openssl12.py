# SPDX-License-Identifier: MIT
from openssl_tests import by_order, tests_of

SUITE = tests_of(12, "bookworm", by_order("cnf", 16), least=3900, asked=False)
