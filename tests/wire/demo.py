# SPDX-License-Identifier: MIT
"""The main job, shown: three old servers, asked by openssl s_client, before and after.

Prints one table; exits 1 if an "after" is not what the policy says.
"""
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

import peer
import installed_nginx

VERSIONS = {"TLSv1": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
BEST, WORST = "AES256-SHA", "AES128-SHA"
CIPHERS = f"ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA:{BEST}:{WORST}:@SECLEVEL=0"
NAMES = {0x02000000: "NO_SSLv3", 0x00020000: "NO_COMPRESSION",
         0x00400000: "CIPHER_SERVER_PREFERENCE"}
TELL = os.path.join(os.path.dirname(peer.DIR.rstrip("/")), "libtell.so")

NGINX_CONF = """
daemon off; master_process off; env TELL; pid {folder}/pid; error_log stderr notice;
events {{ }}
http {{
  access_log off;""" + installed_nginx.TEMPORARY + """
  server {{
    listen unix:{folder}/socket ssl;
    ssl_certificate {certificate}; ssl_certificate_key {certificate};
    ssl_protocols SSLv3 TLSv1 TLSv1.1 TLSv1.2;
    ssl_ciphers {ciphers};
    ssl_prefer_server_ciphers off;
    return 200 "ok";
  }}
}}
"""


class Nginx:
    """Debian's nginx; a Unix socket instead of a port that somebody else may have."""

    def __init__(self, shim, **variables):
        self.folder = tempfile.mkdtemp(prefix="sslharden-demo-")
        self.address = ["-unix", os.path.join(self.folder, "socket")]
        self.told = os.path.join(self.folder, "told")
        conf = os.path.join(self.folder, "nginx.conf")
        with open(conf, "w", encoding="utf-8") as f:
            f.write(NGINX_CONF.format(folder=self.folder, certificate=peer.certificate(),
                                      ciphers=CIPHERS))
        env = peer.environment(shim, TELL=self.told, **variables)
        env["LD_PRELOAD"] = ":".join(filter(None, [TELL, env.get("LD_PRELOAD")]))
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-p", self.folder, "-c", conf,
                                         "-e", "stderr"], env=env, text=True,
                                        stderr=subprocess.PIPE)
        if installed_nginx.ended_before_listening(self.process) is not None:
            raise SystemExit(f"demo: nginx ended with {self.process.wait()}")

    def end(self):
        self.process.terminate()
        self.process.communicate()
        with open(self.told, "rb") as told:  # a count, and then an option word each
            options = struct.unpack("=QQ", told.read(16))[1]
        shutil.rmtree(self.folder)
        return options


class Daemon:
    """tests/harness/peer as a legacy daemon, its context pinned by its method."""

    def __init__(self, method, shim, **variables):
        self.server = peer.Server(f"new:{method}", f"ciphers:{CIPHERS}",
                                  f"cert:{peer.certificate()}", "options", count=10000, shim=shim,
                                  **variables)
        self.address = ["-connect", f"127.0.0.1:{self.server.port}"]

    def end(self):
        self.server.process.kill()
        self.server.process.communicate()
        return peer.options(self.server.lines)


SERVERS = {
    "nginx, SSLv3 to TLSv1.2": (Nginx, None, ["TLSv1", "TLSv1.1", "TLSv1.2"]),
    "daemon pinned to TLSv1": (lambda *a, **v: Daemon("TLSv1_server_method", *a, **v), "TLSv1",
                               ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]),
    "daemon pinned to TLSv1.2": (lambda *a, **v: Daemon("TLSv1_2_server_method", *a, **v), "TLSv1.2",
                                 ["TLSv1.2", "TLSv1.3"]),
}
OPT_OUT = {"SSLHARDEN_ALLOW_PINNED": "1", "SSLHARDEN_ALLOW_CLIENT_PREFERENCE": "1",
           "SSLHARDEN_ALLOW_SSLV3": "1"}


def ask(server, *flags, ciphers="ALL:@SECLEVEL=0"):
    """What openssl s_client negotiates: version and cipher, or None and None."""
    done = subprocess.run(["openssl", "s_client", *server.address, "-brief", "-cipher", ciphers,
                           *flags], input="x\n", text=True, timeout=peer.TIMEOUT,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=peer.environment())
    version = re.search(r"^Protocol version: (\S+)", done.stdout, re.M)
    cipher = re.search(r"^Ciphersuite: (\S+)", done.stdout, re.M)
    return (version.group(1), cipher.group(1)) if version and cipher else (None, None)


def measure(start, shim, variables):
    server = start(shim, **variables)
    served = [v for v, flag in VERSIONS.items() if ask(server, flag)[0] == v]
    newest, cipher = ask(server)
    old = VERSIONS[min(served, key=list(VERSIONS).index)]
    _, chosen = ask(server, old, ciphers=f"{WORST}:{BEST}:@SECLEVEL=0")
    options = server.end()
    return {"served": served, "newest": newest, "cipher": cipher, "order": chosen == BEST,
            "secret": newest == "TLSv1.3" or (cipher or "").startswith("ECDHE"),
            "options": options & sum(NAMES)}


def wrong(after, pin, expected, variables):
    """What of an "after" is not what the policy says."""
    faults = []
    if variables.get("SSLHARDEN_ALLOW_PINNED") and pin:
        expected = [pin]
    if after["served"] != expected:
        faults.append(f"serves {after['served']}, not {expected}")
    if after["order"] == bool(variables.get("SSLHARDEN_ALLOW_CLIENT_PREFERENCE")):
        faults.append("the cipher order is not the policy's")
    if not after["secret"]:
        faults.append("no forward secrecy")
    required = 0 if variables else sum(NAMES)
    if after["options"] & required != required:
        faults.append(f"options 0x{after['options']:x}")
    return faults


def row(values, widths, emphasis=""):
    line = "  ".join(v.ljust(w) for v, w in zip(values, widths)).rstrip()
    print(f"{emphasis}{line}\x1b[0m" if emphasis and sys.stdout.isatty() else line)


def main():
    heads = ["server", "", *VERSIONS, "newest client gets", "server's order", "forward secrecy",
             "options"]
    rows, faults = [], []
    for name, (start, pin, expected) in SERVERS.items():
        for label, shim, variables in (("before", False, {}), ("after", True, {}),
                                       ("opted out", True, OPT_OUT)):
            seen = measure(start, shim, variables)
            rows.append([name if label == "before" else "", label,
                         *("yes" if v in seen["served"] else "refused" for v in VERSIONS),
                         f"{seen['newest']} {seen['cipher']}" if seen["newest"] else "refused",
                         "rules" if seen["order"] else "ignored", "yes" if seen["secret"] else "no",
                         "|".join(n for b, n in NAMES.items() if seen["options"] & b) or "-"])
            if shim:
                faults += [f"{name}, {label}: {f}" for f in wrong(seen, pin, expected, variables)]
    widths = [max(len(r[i]) for r in [heads, *rows]) for i in range(len(heads))]
    row(heads, widths, "\x1b[1m")
    for values in rows:
        row(values, widths, "\x1b[32m" if values[1] == "after" else "")
    print("\nopted out: " + " ".join(f"{k}={v}" for k, v in OPT_OUT.items()))
    if not peer.speaks("SSLv3"):
        print("SSLv3: this system's libssl is built without it; see NO_SSLv3 among the options.")
    for fault in faults:
        print("WRONG: " + fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
