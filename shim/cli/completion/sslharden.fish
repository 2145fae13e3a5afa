# SPDX-License-Identifier: MIT
# Completion for fish.  The options are those that --help prints: none is forgotten here.
function __sslharden_options
    set -l words (commandline -opc)
    test (count $words) -ge 2; and $words[1] $words[2] --help 2>/dev/null \
        | string match -rg -- '^  (--[a-z0-9-]+)' | sort -u
end
function __sslharden_value
    contains -- (commandline -opc)[-1] $argv
end
# The word before "=" in --option=value.
function __sslharden_before
    contains -- (string split -m 1 = -- (commandline -ct))[1] $argv; and string match -q -- "*=*" (commandline -ct)
end
function __sslharden_behind
    set -l option (string split -m 1 = -- (commandline -ct))[1]
    printf "$option=%s\n" $argv
end
complete -c sslharden -f
complete -c sslharden -n 'test (count (commandline -opc)) -eq 1' -a 'run check status policy compare report help version --help --version'
complete -c sslharden -n 'string match -q -- "-*" (commandline -ct)' -a '(__sslharden_options)'
complete -c sslharden -n '__sslharden_value --min-protocol --max-protocol' -a 'TLSv1 TLSv1.1 TLSv1.2 TLSv1.3'
complete -c sslharden -n '__sslharden_before --min-protocol --max-protocol' -a '(__sslharden_behind TLSv1 TLSv1.1 TLSv1.2 TLSv1.3)'
complete -c sslharden -n '__sslharden_value --profile policy' -a 'default intermediate modern'
complete -c sslharden -n '__sslharden_before --profile' -a '(__sslharden_behind default intermediate modern)'
complete -c sslharden -n '__sslharden_value --min-dh-bits' -a '2048 3072 4096 6144 8192'
complete -c sslharden -n '__sslharden_before --min-dh-bits' -a '(__sslharden_behind 2048 3072 4096 6144 8192)'
complete -c sslharden -n '__sslharden_value --forbid' -a 'aNULL eNULL EXPORT RC4 DES 3DES MD5 CBC kRSA'
complete -c sslharden -n '__sslharden_before --forbid' -a '(__sslharden_behind aNULL eNULL EXPORT RC4 DES 3DES MD5 CBC kRSA)'
complete -c sslharden -n '__sslharden_value --log-level' -a 'error warning info debug'
complete -c sslharden -n '__sslharden_before --log-level' -a '(__sslharden_behind error warning info debug)'
complete -c sslharden -n '__sslharden_value --starttls' -a 'smtp imap pop3 ftp ldap postgres mysql xmpp'
complete -c sslharden -n '__sslharden_before --starttls' -a '(__sslharden_behind smtp imap pop3 ftp ldap postgres mysql xmpp)'
complete -c sslharden -n '__sslharden_value --log' -a 'stderr syslog none'
complete -c sslharden -F -n '__sslharden_value --log --library --plugins --private --config --counts-in --for --html'
complete -c sslharden -n '__sslharden_value run check compare' -a '(__fish_complete_command)'
complete -c sslharden -n '__sslharden_value status report' -a '(__fish_complete_pids)'
complete -c sslharden -n '__sslharden_value help' -a 'run check status policy compare report'
# Behind "--" the program's own.
complete -c sslharden -n 'contains -- -- (commandline -opc)' -a '(__fish_complete_subcommand --fcs-skip=(contains -i -- -- (commandline -opc)))'
