# SPDX-License-Identifier: MIT
"""compare.py NAME: what sslharden compare says of one server, row by row.  The environment is
matrix.py's, and SSLHARDEN_COMMAND, the command.

compare.py NAME LAYERS PLACE LIBRARY COMMAND [OPTION...]: one call of it, as JSON; in a sandbox.
"""
import json
import os
import re
import shlex
import shutil
import sys

import layers
import matrix
import sandbox
from server import PORT

COMMAND = "/usr/bin/sslharden"
WAIT = 120  # seconds against hanging: Prosody leaves clients waiting, and others want the processor
BEST = "ECDHE-RSA-AES256-GCM-SHA384"
# Each of these lets clients choose, and has every suite of ALL at security level 0: a client may
# have one by which nobody proves who he is.
LAX = {
    "sslv3": ("refused", "refused"),
    "tlsv1": ("ECDHE-RSA-AES256-SHA", "ECDHE-RSA-AES256-SHA"),
    "tlsv1.1": ("ECDHE-RSA-AES256-SHA", "ECDHE-RSA-AES256-SHA"),
    "tlsv1.2": (BEST, BEST),
    "tlsv1.3": ("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
    "newest": ("TLSv1.3 TLS_AES_256_GCM_SHA384", "TLSv1.3 TLS_AES_256_GCM_SHA384"),
    "worst_first": ("AECDH-AES128-SHA", BEST),
    "best_first": (BEST, BEST),
    "no_forward_secrecy": ("AES256-GCM-SHA384", "AES256-GCM-SHA384"),
    "order": ("the client", "the server"),
    "ecdh_keys": ("used once", "used once"),
    "compression": ("no", "no"),
}
EXPECTED = {
    "nginx": {},
    "stunnel": {},
    "vsftpd": {},
    "dovecot": {},
    "dovecot-starttls": {},
    "dovecot-pop3": {},
    # Its own order, once it rules, has the shorter one first.
    "prosody": {"tlsv1.3": ("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"),
                "newest": ("TLSv1.3 TLS_AES_256_GCM_SHA384", "TLSv1.3 TLS_AES_128_GCM_SHA256")},
    "slapd": {"worst_first": ("AES128-SHA", "AES128-SHA"), "order": ("the client", "the client")},
    "postgresql": {},
    "postfix": {"worst_first": ("AES128-SHA", BEST)},  # it asks for a certificate
    "mariadb": {},
}
# With TLSv1.2 as the minimum; but dovecot and postfix hand their children no variable that they have
# not been told.  And postfix's smtpd waits for its log, which is not to be had by /dev/stdout there.
TOLD = {"dovecot-starttls": {" SSLHARDEN_MIN_PROTOCOL": ""},
        "dovecot-pop3": {" SSLHARDEN_MIN_PROTOCOL": ""},
        "postfix": {"SSLHARDEN_ALLOW_SSLV3": "SSLHARDEN_MIN_PROTOCOL",
                    "maillog_file = /dev/stdout": f"maillog_file = {sandbox.OUTPUT}"}}
OLD = ["not as asked: TLSv1 is served", "not as asked: TLSv1.1 is served"]
UNTOLD = {"dovecot-starttls": OLD, "dovecot-pop3": OLD, "slapd": OLD}
# With GnuTLS.
FOREIGN = {"slapd": ["not as asked: the client's order of ciphers rules",
                     "not as asked: the library is in none of its processes"]}
STRICTER = {"tlsv1": "refused", "tlsv1.1": "refused", "tlsv1.2": BEST}


def install(box, command):
    """The command into the server's files, with what it is linked to."""
    for path in [command, *re.findall(r"=> (/\S+)", sandbox.run("ldd", command))]:
        place = box.path(COMMAND if path == command else f"/usr/lib/compare/{os.path.basename(path)}")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)


def measure(server, box, options):
    variables = " ".join(f"{k}={shlex.quote(v)}" for k, v in server.environment.items())
    if server.starttls:
        options = [*options, "--starttls", server.starttls]
    box.shell(f"""cd /; export HOME=/root LANG=C.UTF-8 {variables}
        code=0
        /lib64/ld-linux-x86-64.so.2 --library-path /usr/lib/compare:/usr/lib/x86_64-linux-gnu \\
          {COMMAND} compare --json --wait {WAIT} --port {PORT} --library {sandbox.LIB} {shlex.join(options)} \\
          -- {server.command} >/tmp/told 2>/tmp/said || code=$?; echo $code >/tmp/code""", timeout=4 * WAIT)
    left = [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
    code, told, said = (box.path(f"/tmp/{name}").read_text("utf-8")
                        for name in ("code", "told", "said"))
    return {"code": int(code), "told": told and json.loads(told), "said": said, "left": left}


def inside(name, folders, place, library, command, *options):
    server = layers.describe(name)
    for old, new in TOLD.get(name, {}).items():
        server.files = {file: text.replace(old, new) for file, text in server.files.items()}
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    install(box, command)
    box.tells(lambda: measure(server, box, options))


def faults(told, expected, faulty=()):
    faulty = list(faulty)
    if "failed" in told or not told["told"]:
        yield str(told)
        return
    if told["left"]:
        yield f"left: {told['left']}\n{told['said']}"
    if told["told"]["faults"] != faulty or told["code"] != bool(faulty):
        yield f"exit {told['code']}: {told['told']['faults']}"
    rows = {row["row"]: (row["before"]["text"], row["after"]["text"], row["change"])
            for row in told["told"]["rows"]}
    for row, (before, after) in expected.items():
        if rows[row][:2] != (before, after):
            yield f"{row}: {rows[row]}, not {before}, {after}"
    for row, (before, after, change) in rows.items():
        if (before != after) != bool(change):
            yield f"{row}: {before}, {after}: {change!r}"


def main(name):
    matrix.needed(name)
    command = [matrix.LIB, os.environ["SSLHARDEN_COMMAND"]]
    plain, stricter = matrix.each(name, "compare.py", command,
                                  [*command, "--setting", "SSLHARDEN_MIN_PROTOCOL=TLSv1.2"])
    expected = LAX | EXPECTED[name]
    closed = {row: (expected[row][0], after) for row, after in STRICTER.items()}
    untold, foreign = UNTOLD.get(name, []), FOREIGN.get(name, [])
    wrong = [*faults(plain, expected, foreign),
             *faults(stricter, expected | ({} if untold else closed), [*untold, *foreign])]
    print("\n".join(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else inside(*sys.argv[1:])
