# SPDX-License-Identifier: MIT
import sandbox
from suite import Suite

RUN = '''
import sys
import unittest

import test.test_ssl

class Result(unittest.TestResult):
    """One line a test; a subtest that fails has one of its own before that."""
    def tell(self, test, outcome, error=None):
        print(f"\\nOUTCOME {test.id()} {outcome}")
        if error:
            print(self._exc_info_to_string(error, test))

    def addSuccess(self, test):
        self.tell(test, "ok")

    def addExpectedFailure(self, test, _error):
        self.tell(test, "ok")

    def addUnexpectedSuccess(self, test):
        self.tell(test, "unexpected success")

    def addSkip(self, test, _reason):
        self.tell(test, "skipped")

    def addError(self, test, error):
        self.tell(test, "failed", error)

    def addFailure(self, test, error):
        self.tell(test, "failed", error)

    def addSubTest(self, test, _subtest, error):
        if error:
            self.tell(test, "failed", error)

# Its switch for a fault of an alpha of 3.0, which turns off what asks for old versions.
test.test_ssl.IS_OPENSSL_3_0_0 = False
unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:]).run(Result())
'''
PINNED = "a server pinned to {} serves newer versions too, and has to refuse them here"

SUITE = Suite(
    title="CPython's test_ssl, and asyncio's test_ssl and test_sslproto",
    packages="python3.11 libpython3.11-testsuite",
    command="python3.11 -u -W ignore run.py test.test_ssl test.test_asyncio.test_ssl"
            " test.test_asyncio.test_sslproto",
    files={"/srv/run.py": RUN, "/etc/ssl/openssl.cnf": sandbox.OLD_VERSIONS},
    least=219,
    differences={
        "test.test_ssl.ThreadedTests.test_protocol_tlsv1": PINNED.format("TLS 1.0"),
        "test.test_ssl.ThreadedTests.test_protocol_tlsv1_1": PINNED.format("TLS 1.1"),
        "test.test_ssl.ThreadedTests.test_protocol_tlsv1_2": PINNED.format("TLS 1.0 or 1.1"),
    })
