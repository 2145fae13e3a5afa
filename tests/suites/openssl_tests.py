# SPDX-License-Identifier: MIT
"""OpenSSL's own tests of TLS, from a Debian release's source package, with its libssl.

Only the programs of the tests are built, in the release's own files and with its compiler, and
linked to the libssl that it ships.  Those of libssl's insides, which none but a static one lets
them reach, are left out, and the recipes that need them with them.
"""
from prove import FORMATTERS
from suite import Suite

# Debian's (debian/rules), which decide which tests there are.
OPTIONS = ("no-idea no-mdc2 no-rc5 no-zlib no-ssl3 no-ssl3-method no-capieng enable-unit-test"
           " enable-rfc3779 enable-cms")
PROGRAMS = ("asynciotest bad_dtls_test cipherbytes_test cipherlist_test ciphername_test clienthellotest"
            " danetest dtls_mtu_test dtlstest dtlsv1listentest fatalerrtest recordlentest rpktest"
            " servername_test ssl_ctx_test ssl_old_test ssl_test ssl_test_ctx_test sslapitest"
            " sslbuffertest sslcorrupttest ssltest_old sysdefaulttest tls13ccstest"
            " tls13groupselection_test tls13secretstest tls13ticket_test verify_extra_test")
RECIPES = ("70-test_asyncio.t 70-test_[bcknrst]*.t 80-test_ssl*.t 80-test_dtls*.t 80-test_cipher*.t"
           " 80-test_dane.t 90-test_ssl*.t 90-test_fatalerr.t 90-test_rpk.t 90-test_tls13[cs]*.t"
           " 90-test_sysdefault.t")

ENGINES = "engines/ossltest.so engines/dasync.so"


def build(options, programs, more):
    """Shell lines that make these programs, and more.

    -o: a file that is old enough, whatever it is made of.  What a test needs of libcrypto's insides,
    which hold nothing, comes from the static one.
    """
    return f"""\
set -e
cd /srv/openssl
lib=/usr/lib/$(gcc -print-multiarch)
CFLAGS='-O0 -w' perl Configure "linux-$(uname -m)" shared {options}
old="-o providers/libcommon.a -o providers/liblegacy.a -o providers/libdefault.a"
for name in ssl crypto; do
	file=$(basename "$(readlink "$lib/lib$name.so")")
	ln -s "$lib/$file" "$file"
	ln -s "$file" "lib$name.so"
	old="$old -o $file -o lib$name.so -o lib$name.a"
done
echo "INPUT($lib/libssl.so)" >libssl.a
echo "GROUP($lib/libcrypto.so $lib/libcrypto.a)" >libcrypto.a
make -s $old build_generated
make -s -j"$(nproc)" $old {more} \\
	$(for name in {programs}; do sed -n "s,^\\(test/$name\\):.*,\\1,p" Makefile; done)
ln -s /usr/bin/openssl apps/openssl
mkdir -p providers
ln -sf "$lib"/ossl-modules/*.so providers
"""


# What a recipe starts its programs by.  The test descriptions are there, and are not made anew.
WRAP = """\
#!/bin/sh
case $* in
*/generate_ssl_tests.pl*)
	while [ "${1%.in}" = "$1" ]; do shift; done
	exec cat "${1%.in}" ;;
esac
exec "$@"
"""


def command(conf, recipes):
    return f"""\
CONF={conf}
top=/srv/openssl
export SRCTOP=$top BLDTOP=$top PERL=perl PERL5LIB=/srv:$top/util/perl EXE_EXT= RESULT_D=/tmp/results
export HARNESS_ACTIVE=1 HARNESS_VERBOSE=1 OPENSSL_CONF=$CONF OPENSSL_CONF_INCLUDE=$top/test
export OPENSSL_MODULES=$top/providers OPENSSL_ENGINES=$top/engines CTLOG_FILE=$top/test/ct/log_list.cnf
mkdir /tmp/results
cd $top/test/recipes
prove --formatter Named --merge -w $(ls {recipes} 2>/dev/null)
"""


# The server's order is forced.  With its opt-out there is no other difference.
PREFERENCE = {"SSLHARDEN_ALLOW_CLIENT_PREFERENCE": "1"}
CIPHER = "the server's order of ciphers rules, and the test wants the client's"
SAME = "a client that changes its suites for its second hello is to get another one by its own order"
CERTIFICATE = "the server's order is of signature algorithms, too, and so of its certificates"
GROUP = "the server's order is of groups, too"


def by_order(ending, first):
    """What differs in every release.  ending: of its configurations' names; first: of two tests
    that select a certificate."""
    test = "80-test_ssl_new.t:Test_configuration_{}." + ending + "/test_handshake/iteration_{}"
    return {"70-test_tls13hrr.t:Client_ciphersuite_changes": SAME,
            test.format("20-cert-select", first): CERTIFICATE,
            test.format("20-cert-select", first + 1): CERTIFICATE,
            test.format("25-cipher", 3): CIPHER}


def tests_of(number, release, differences, least, conf="/srv/openssl/apps/openssl.cnf", asked=True):
    """The suite of one release; conf: OpenSSL's configuration while it runs; asked: a Suite's."""
    return Suite(
        title=f"OpenSSL's tests of TLS (Debian {number})",
        packages="libssl-dev gcc libc6-dev make perl",
        release=release,
        sources={"openssl": ["."]},
        build=build(OPTIONS, PROGRAMS, ENGINES),
        command=command(conf, RECIPES),
        files={"/srv/openssl/util/wrap.pl": WRAP, "/srv/openssl/util/shlib_wrap.sh": WRAP} | FORMATTERS,
        least=least,
        differences=differences,
        silent={"audit": {"SSLHARDEN": "audit"}, "off": {"SSLHARDEN": "off"},
                "client preference": PREFERENCE},
        asked=asked)
