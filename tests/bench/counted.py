# SPDX-License-Identifier: MIT
"""What a connection of a whole server costs, in instructions: what time cannot tell on a machine
that others use as well."""
import contextlib
import http.client
import itertools
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile

import setting as common

import installed_nginx  # found by the former

TITLE = "A whole server, counted"
LIMIT = 1.002  # times the instructions of the bare server that sets the same options
KEYS = {"rsa": "RSA-2048", "ec": "ECDSA P-256"}
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
# Whether nginx sets the server's order itself, and whether it is preloaded.
SERVERS = {"bare": (False, False), "ordered": (True, False), "preloaded": (False, True)}
TITLES = {"bare": "nginx, bare", "preloaded": "nginx, preloaded",
          "ordered": "nginx with `ssl_prefer_server_ciphers on`, bare"}
CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr notice;
events {{ }}
http {{
  access_log off;""" + installed_nginx.TEMPORARY + """
  server {{
    listen unix:{folder}/nginx.socket ssl; ssl_certificate {pem}; ssl_certificate_key {pem};
    ssl_protocols TLSv1.2 TLSv1.3; {order} return 200 "a page";
  }}
}}
"""


def visit(path, version):
    """A connection, its full handshake, a request, its end."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    with socket.socket(socket.AF_UNIX) as plain:
        plain.connect(path)
        with context.wrap_socket(plain) as spoken:
            spoken.sendall(b"GET / HTTP/1.0\r\n\r\n")
            answer = http.client.HTTPResponse(spoken)
            answer.begin()
            if answer.read() != b"a page":
                raise RuntimeError("nginx: not its page")


def knock(path):
    """nginx without a master looks for a signal and then waits for events: one that comes between
    is seen at the next event."""
    with socket.socket(socket.AF_UNIX) as plain, contextlib.suppress(OSError):
        plain.connect(path)


def instructions(setting, server, key, version, visits):
    """Those in user mode of nginx, from its start to its end, with so many visits."""
    order, preloaded = SERVERS[server]
    folder = pathlib.Path(tempfile.mkdtemp(dir=setting.folder))
    file = folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(
        folder=folder, pem=setting.certificate(key),
        order="ssl_prefer_server_ciphers on;" if order else ""), "ascii")
    out, path = folder / "callgrind", f"{folder}/nginx.socket"
    # The distribution's openssl.cnf has nothing to say here either.
    env = common.in_way(setting, "preloaded" if preloaded else "bare", OPENSSL_CONF=os.devnull,
                        SSLHARDEN_LOG_LEVEL="warning")
    with subprocess.Popen(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "nginx",
                           "-e", "stderr", "-c", str(file)], env=env, text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        said = installed_nginx.ended_before_listening(process)
        if said is not None:
            raise RuntimeError(f"nginx: exit {process.wait()}\n{said}")
        for _ in range(visits):
            visit(path, VERSIONS[version])
        process.send_signal(signal.SIGQUIT)
        knock(path)
        process.communicate(timeout=common.GUARD)
    dump = common.read_dump(out.read_text("utf-8", "replace"))
    if any("sslharden" in name for name, _ in dump.functions) != preloaded:
        raise RuntimeError(f"{server}: the library is not where it should be")
    return dump.count


def measure(setting):
    common.need("valgrind", "valgrind")
    common.need("nginx", "nginx-light")
    few, many = 5, 5 + setting.few(40, 1)
    found = {}
    for key, version in itertools.product(*setting.few((KEYS, VERSIONS), (("ec",), ("1.3",)))):
        runs = found[f"{key} {version}"] = {server: [] for server in SERVERS}
        for _ in range(setting.few(3, 1)):
            for server, counts in runs.items():
                first, last = (instructions(setting, server, key, version, visits)
                               for visits in (few, many))
                counts.append((last - first) / (many - few))
    return found


def beside(runs, server):
    """The medians' ratio: the same work in each run, so that what chance adds are nonces."""
    mine, other = (common.spread(runs[name])["median"] for name in (server, "ordered"))
    return mine / other


def name_of(what):
    key, _, version = what.partition(" ")
    return f"{KEYS[key]}, TLS {version}"


def bounds(found):
    for what, runs in found.items():
        ratio = beside(runs, "preloaded")
        yield common.Bound(f"nginx: instructions of a new connection, {name_of(what)}, beside a bare "
                           "one that sets the server's order", f"{LIMIT}", f"{ratio:.5f}",
                           ratio <= LIMIT)


def rows(found):
    for what, runs in found.items():
        for server, counts in runs.items():
            spread = common.spread(counts)
            yield (f"{name_of(what)}: {TITLES[server]}", f"{spread['median']:,.0f}",
                   f"{min(counts):,.0f} to {max(counts):,.0f}", f"{beside(runs, server):.5f}")


def text(found):
    return """\
nginx's one process under callgrind, with five visits and with many more: the difference, for each
visit. A visit is a connection by a UNIX socket, a full handshake, one request, and its end; some
runs of each, in turns, with their lowest and highest. "Beside" is the ratio to the bare nginx that
sets the server's order of ciphers itself. Instructions in user mode are counted, not time: what the
kernel does is the same for all, and others on the machine change nothing. (The processor that
callgrind shows to libcrypto lacks the newest instructions, so that a handshake costs more here than
in life.)

""" + common.table(["", "instructions", "in runs", "beside"], rows(found))


def plots(found):
    def draw(figure):
        axes = figure.subplots()
        names = list(found)[::-1]
        for i, server in enumerate(("bare", "preloaded")):
            axes.barh([place + 0.2 - 0.4 * i for place in range(len(names))],
                      [100 * (beside(found[name], server) - 1) for name in names], 0.38,
                      label=TITLES[server], color="0.7" if server == "bare" else "C0")
        axes.axvline(100 * (LIMIT - 1), color="black", label="bound")
        axes.set_yticks(range(len(names)), [name_of(name) for name in names])
        axes.set_xlabel("instructions of a new connection beside nginx with the server's order, %")
        axes.legend(fontsize=7)
    return {"counted": draw}
