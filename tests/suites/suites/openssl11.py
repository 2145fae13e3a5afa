# SPDX-License-Identifier: MIT
from openssl_tests import by_order, tests_of

# The configuration file is not found, as when Debian builds it: it would forbid TLS 1.1.
SUITE = tests_of(11, "bullseye", by_order("conf", 4), least=3500, conf="apps/openssl.cnf")
