# SPDX-License-Identifier: MIT
import sandbox
from suite import Suite

# A file is a test: its exit status, or that it says why it is skipped.
RUN = """\
#!/bin/sh
flags=$(sed -n 's,^// Flags: ,,p' "$1")
mkdir -p "/tmp/$1.d"
if NODE_TEST_DIR="/tmp/$1.d" timeout 100 node $flags "$1" >"/tmp/$1.log" 2>&1; then
	outcome=ok
	! grep -q '^1\\.\\.0 # Skipped' "/tmp/$1.log" || outcome=skipped
else
	outcome="failed ($?)"
	tail -n 40 "/tmp/$1.log"
fi
echo "OUTCOME $1 $outcome"
"""

# The part of the file that it reads.
LAX = "nodejs_conf = init\n" + sandbox.OPENSSL_CNF

SUITE = Suite(
    title="Node's tests of tls",
    packages="nodejs openssl findutils",
    sources={"nodejs": ["test"]},
    command="cd nodejs/test/parallel && ls test-tls-*.js | xargs -P 4 -n 1 /srv/run",
    files={"/srv/run": RUN, "/etc/ssl/openssl.cnf": LAX},
    least=180,
    differences={
        "test-tls-honorcipherorder.js":
            "the server is told to let the client choose the cipher (honorCipherOrder: false)",
    })
