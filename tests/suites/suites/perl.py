# SPDX-License-Identifier: MIT
from suite import Suite

# prove's own reading of what the tests say, as one line a test.
FORMATTER = r'''
package Outcomes;
use strict;
use parent "TAP::Formatter::Base";

sub open_test {
	my ($self, $file, $parser) = @_;
	return bless { file => $file, parser => $parser }, "Outcomes::File";
}

package Outcomes::File;
use parent "TAP::Base";

sub tell {
	my ($self, $test, $outcome) = @_;
	print "OUTCOME $self->{file}$test $outcome\n";
}

sub result {
	my ($self, $result) = @_;
	print $result->raw, "\n";
	return if !$result->is_test;
	$self->tell(":" . $result->number,
		$result->has_skip ? "skipped" : $result->is_ok ? "ok" : "failed");
}

# The file as a whole: it ended well, after as many tests as it said.
sub close_test {
	my ($self) = @_;
	my $parser = $self->{parser};
	$self->tell("", $parser->exit || $parser->parse_errors ? "failed" : "ok");
}

1;
'''
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
    files={"/srv/Outcomes.pm": FORMATTER},
    least=3300,
    differences={
        "t/multiple-cert-rsa-ecc.t:4": FORCED,
        "t/multiple-cert-rsa-ecc.t:11": FORCED,
    })
