# SPDX-License-Identifier: MIT
"""The servers that are measured: two that speak TLS themselves, and what is put in front of a
plain one instead.  Each is one worker, as its packages' defaults are otherwise."""
import dataclasses

from server import PORT, Server

PLAIN = 8080
PEM = "/srv/tls/both.pem"
# ECDSA: the server's certificate is made anew.
ECDSA = f"""openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -days 30 \\
    -subj /CN=localhost -keyout /srv/tls/key.pem -out /srv/tls/cert.pem 2>&1
cat /srv/tls/cert.pem /srv/tls/key.pem > {PEM}
"""
NGINX = """
daemon off; worker_processes 1; user www; pid /run/nginx.pid; error_log stderr;
events { }
http {
  access_log off; keepalive_requests 1000000000;
  server { %s return 200 "a page"; }
}
"""
LIGHTTPD = f"""
server.modules = ("mod_openssl")
server.document-root = "/srv/www"
server.bind = "127.0.0.1"
server.port = {PORT}
server.max-keep-alive-requests = 65535
ssl.engine = "enable"
ssl.pemfile = "{PEM}"
"""
STUNNEL = f"""
foreground = yes
pid =
debug = err
[web]
accept = 127.0.0.1:{PORT}
connect = 127.0.0.1:{PLAIN}
cert = {PEM}
"""
HITCH = f"""
frontend = "[127.0.0.1]:{PORT}"
backend = "[127.0.0.1]:{PLAIN}"
pem-file = "{PEM}"
workers = 1
user = "www"
log-level = 0
"""
HAPROXY = f"""
global
  nbthread 1
  tune.ssl.default-dh-param 2048
defaults
  mode tcp
  timeout connect 10s
  timeout client 60s
  timeout server 60s
listen tls
  bind 127.0.0.1:{PORT} ssl crt {PEM}
  server plain 127.0.0.1:{PLAIN}
"""


@dataclasses.dataclass
class Front:
    """layers: above the base.  method: how its contexts are made; none where it is not preloaded.
    beside: another one, which sets itself what preloading sets; so that what that costs in libssl
    is not counted as the library's.
    """
    title: str
    layers: tuple
    command: str
    files: dict
    method: str = ""
    prepare: str = ""
    beside: str = ""

    def server(self, key):
        """Its description for tests/daemons' sandbox, with an "rsa" or "ec" key."""
        plain = not self.method
        command = f"nginx -e stderr -c /srv/plain.conf & exec {self.command}"
        files = {"/etc/ssl/openssl.cnf": "", **self.files}  # the distribution's says nothing either
        if plain:
            files["/srv/plain.conf"] = NGINX % f"listen 127.0.0.1:{PLAIN};"
        return Server(title=self.title, packages="", talk=None, lax="", users=("www",), files=files,
                      command=f"bash -c '{command}'" if plain else self.command,
                      prepare=self.prepare + (ECDSA if key == "ec" else ""),
                      ready=f"</dev/tcp/127.0.0.1/{PLAIN}" if plain else "",
                      environment={"SSLHARDEN_LOG_LEVEL": "warning"})


def nginx(title, setting, **more):
    return Front(title, ("nginx",), "nginx -e stderr -c /srv/nginx.conf", {
        "/srv/nginx.conf": NGINX % (
            f"listen 127.0.0.1:{PORT} ssl; ssl_certificate {PEM}; ssl_certificate_key {PEM};"
            f"ssl_protocols TLSv1.2 TLSv1.3; {setting}")}, method="`TLS_method`", **more)


FRONTS = {
    "nginx": nginx("nginx", "", beside="ordered"),
    "ordered": nginx("nginx with `ssl_prefer_server_ciphers on`",
                     "ssl_prefer_server_ciphers on;"),
    "lighttpd": Front("lighttpd", ("lighttpd",), "lighttpd -D -f /srv/lighttpd.conf", {
        "/srv/lighttpd.conf": LIGHTTPD}, method="`TLS_server_method`",
        prepare="mkdir -p /srv/www; printf 'a page' > /srv/www/index.html\n"),
    "stunnel": Front("stunnel, before plain nginx", ("stunnel", "nginx"),
                     "stunnel4 /srv/stunnel.conf", {"/srv/stunnel.conf": STUNNEL}),
    "hitch": Front("hitch, before plain nginx", ("hitch", "nginx"),
                   "hitch --config=/srv/hitch.conf", {"/srv/hitch.conf": HITCH}),
    "haproxy": Front("haproxy, before plain nginx", ("haproxy", "nginx"),
                     "haproxy -db -f /srv/haproxy.cfg", {"/srv/haproxy.cfg": HAPROXY}),
}
