# SPDX-License-Identifier: MIT
from prove import FORMATTERS
from suite import Suite

FORCED = "the server is told to let the client choose the cipher, and its certificate with it"

SUITE = Suite(
    title="Net::SSLeay's and IO::Socket::SSL's tests",
    packages="perl libnet-ssleay-perl libio-socket-ssl-perl",
    sources={"libnet-ssleay-perl": ["t", "inc"], "libio-socket-ssl-perl": ["t"]},
    # A seed of Perl's hashes gives tests that go through one the same numbers.  As Debian runs
    # them: else one wants the very OpenSSL that the module was built with.
    command="export PERL_HASH_SEED=0 PERL5LIB=/srv AUTOPKGTEST_TMP=/tmp\n"
            "prove='prove -j 4 --formatter Outcomes --merge'\n"
            "(cd libnet-ssleay-perl && $prove -Iinc t/local t/handle/local)\n"
            "(cd libio-socket-ssl-perl && $prove t)",
    files=FORMATTERS,
    least=3300,
    differences={
        "t/multiple-cert-rsa-ecc.t:4": FORCED,
        "t/multiple-cert-rsa-ecc.t:11": FORCED,
    })
