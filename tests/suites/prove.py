# SPDX-License-Identifier: MIT
"""What Perl's prove reads of tests, as one line a test (suite.read)."""

# prove --formatter Outcomes: a test is its file and its number.
# prove --formatter Named: its file and its names, those of the tests that it is part of first.
FORMATTERS = {"/srv/Outcomes.pm": r'''
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
''', "/srv/Named.pm": r'''
package Named;
use strict;
use parent "TAP::Formatter::Base";
use Outcomes;

sub open_test {
	my ($self, $file, $parser) = @_;
	return bless { file => $file =~ s,.*/,,r, parser => $parser, inner => [], failed => 0 },
		"Named::File";
}

package Named::File;
use strict;
our @ISA = ("Outcomes::File");

# A test's parts come before it, four spaces further in.  Where a part has failed, the test has
# for no other reason.
sub result {
	my ($self, $result) = @_;
	my ($spaces, $not, $number, $name) = $result->raw =~ /^( *)(not )?ok (\d+)(?: - )?(.*)/
		or return $result->raw =~ /^ *#/ && print $result->raw, "\n";
	my ($level, $inner) = (length($spaces) / 4, $self->{inner});
	my @parts = @{$inner->[$level + 1] || []};
	$inner->[$level + 1] = [];
	my $outcome = $name =~ s/\s*# skip.*//i ? "skipped" : !$not ? "ok"
		: (grep { $_->[1] eq "failed" } @parts) ? "ok" : "failed";
	$name = $name =~ /\S/ ? join("_", split(" ", $name)) : $number;
	# The program that a recipe runs is no name that helps.
	my $outer = $name =~ /^running_/ ? "" : "$name/";
	push @{$inner->[$level]}, [$name, $outcome], map { ["$outer$_->[0]", $_->[1]] } @parts;
	return if $level;
	for my $test (@{$inner->[0]}) {
		$self->tell(":$test->[0]", $test->[1]);
		$self->{failed} ||= $test->[1] eq "failed";
	}
	$inner->[0] = [];
}

sub close_test {
	my ($self) = @_;
	my $parser = $self->{parser};
	my $whole = !$parser->parse_errors && ($self->{failed} || !$parser->exit);
	$self->tell("", $whole ? "ok" : "failed");
}

1;
'''}
