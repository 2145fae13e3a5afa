# SPDX-License-Identifier: MIT
# Completion for bash.  The options are those that --help prints: none is forgotten here.
_sslharden() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
	local protocols="TLSv1 TLSv1.1 TLSv1.2 TLSv1.3" i

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W "run check status policy --help --version" -- "$cur"))
		return
	fi
	case $prev in
	--min-protocol | --max-protocol) COMPREPLY=($(compgen -W "$protocols" -- "$cur")) ;;
	--profile) COMPREPLY=($(compgen -W "default intermediate modern" -- "$cur")) ;;
	--log-level) COMPREPLY=($(compgen -W "error warning info debug" -- "$cur")) ;;
	--log) COMPREPLY=($(compgen -W "stderr syslog none" -f -- "$cur")) ;;
	--library | --plugins | --config | --for) COMPREPLY=($(compgen -f -- "$cur")) ;;
	*)
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "$command" --help 2>/dev/null |
				grep -o -e '--[a-z0-9-][a-z0-9-]*' | sort -u)" -- "$cur"))
			return
		fi
		case $command in
		run | check) COMPREPLY=($(compgen -c -f -- "$cur")) ;;
		status) COMPREPLY=($(compgen -W "$(cd /proc && echo [0-9]*)" -- "$cur")) ;;
		policy) COMPREPLY=($(compgen -W "default intermediate modern" -- "$cur")) ;;
		esac
		;;
	esac
}
complete -F _sslharden sslharden
