# SPDX-License-Identifier: MIT
# Completion for bash.  The options are those that --help prints: none is forgotten here.
_sslharden_words() {
	local cur=$1
	shift
	mapfile -t COMPREPLY < <(compgen "$@" -- "$cur")
}

# What an option takes, by its name; false if it is none of those.
_sslharden_value() {
	case $1 in
	--min-protocol | --max-protocol) _sslharden_words "$2" -W "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3" ;;
	--profile) _sslharden_words "$2" -W "default intermediate modern" ;;
	--min-dh-bits) _sslharden_words "$2" -W "2048 3072 4096 6144 8192" ;;
	--forbid) _sslharden_words "$2" -W "aNULL eNULL EXPORT RC4 DES 3DES MD5 CBC kRSA" ;;
	--log-level) _sslharden_words "$2" -W "error warning info debug" ;;
	--log) compopt -o filenames 2>/dev/null; _sslharden_words "$2" -W "stderr syslog none" -f ;;
	--starttls) _sslharden_words "$2" -W "smtp imap pop3 ftp ldap postgres mysql xmpp" ;;
	--library | --plugins | --private | --config | --counts-in | --for | --html) compopt -o filenames 2>/dev/null; _sslharden_words "$2" -f ;;
	*) return 1 ;;
	esac
}

# Where the program's own words begin: behind "--", or behind the first that is no option.
_sslharden_program() {
	local i word

	for ((i = 2; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--) echo $((i + 1)) && return ;;
		= | -*=*) ;;
		--min-protocol | --max-protocol | --profile | --log-level | --log | --library | --plugins | --private | \
			--config | --counts-in | --for | --ciphers | --ciphersuites | --groups | --forbid | --min-dh-bits | --verify | \
			--port | --starttls | --servername | --wait | --setting)
			[[ ${COMP_WORDS[i + 1]-} == = ]] && ((i++))
			((i++))
			;;
		-*) ;;
		*) echo "$i" && return ;;
		esac
	done
	echo 0
}

_sslharden() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} at

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		_sslharden_words "$cur" -W "run check status policy compare report help version --help --version"
		return
	fi
	if [[ $command == run || $command == compare ]]; then
		at=$(_sslharden_program)
		if ((at > 0 && at < COMP_CWORD)) && declare -F _command_offset >/dev/null; then
			_command_offset "$at" # of the package bash-completion: the program's own
			return
		fi
		if ((at > 0)); then
			compopt -o filenames 2>/dev/null
			if ((at == COMP_CWORD)); then _sslharden_words "$cur" -c -f; else _sslharden_words "$cur" -f; fi
			return
		fi
	fi
	# Behind "=", which is a word of its own where COMP_WORDBREAKS has it.
	if [[ $cur == = ]]; then
		_sslharden_value "$prev" "" && return
	elif [[ $prev == = ]]; then
		_sslharden_value "${COMP_WORDS[COMP_CWORD - 2]}" "$cur" && return
	elif [[ $cur == --*=* ]]; then
		_sslharden_value "${cur%%=*}" "${cur#*=}" && return
	elif _sslharden_value "$prev" "$cur"; then
		return
	fi
	if [[ $cur == -* ]]; then
		_sslharden_words "$cur" -W "$("${COMP_WORDS[0]}" "$command" --help 2>/dev/null |
			grep -o -e '^  --[a-z0-9-][a-z0-9-]*' | tr -d ' ' | sort -u)"
		return
	fi
	case $command in
	run | check | compare) compopt -o filenames 2>/dev/null; _sslharden_words "$cur" -c -f ;;
	status | report) _sslharden_words "$cur" -W "$(cd /proc && echo [0-9]* && cat [0-9]*/comm 2>/dev/null)" ;;
	policy) _sslharden_words "$cur" -W "default intermediate modern" ;;
	help) _sslharden_words "$cur" -W "run check status policy compare report" ;;
	esac
}
complete -F _sslharden sslharden
