# SPDX-License-Identifier: MIT
# Completion for fish.  The options are those that --help prints: none is forgotten here.
function __sslharden_options
    set -l words (commandline -opc)
    test (count $words) -ge 2; and $words[1] $words[2] --help 2>/dev/null \
        | string match -rga -- '(--[a-z0-9-]+)' | sort -u
end
function __sslharden_value
    contains -- (commandline -opc)[-1] $argv
end
complete -c sslharden -f
complete -c sslharden -n 'test (count (commandline -opc)) -eq 1' -a 'run check status policy --help --version'
complete -c sslharden -n 'string match -q -- "-*" (commandline -ct)' -a '(__sslharden_options)'
complete -c sslharden -n '__sslharden_value --min-protocol --max-protocol' -a 'TLSv1 TLSv1.1 TLSv1.2 TLSv1.3'
complete -c sslharden -n '__sslharden_value --profile policy' -a 'default intermediate modern'
complete -c sslharden -n '__sslharden_value --log-level' -a 'error warning info debug'
complete -c sslharden -n '__sslharden_value --log' -a 'stderr syslog none'
complete -c sslharden -n '__sslharden_value run check --' -a '(__fish_complete_command)'
complete -c sslharden -n '__sslharden_value status' -a '(__fish_complete_pids)'
