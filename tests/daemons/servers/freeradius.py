# SPDX-License-Identifier: MIT
import re

import client
import sandbox
from server import Server

# A supplicant's file: who it is, it proves by a certificate, or by a word that goes through the tunnel.
NETWORK = """
openssl_ciphers={ciphers}
network={{
  key_mgmt=IEEE8021X
  identity="user"
  ca_cert="/srv/tls/cert.pem"
  phase1="{phase1}"
  {method}
}}
"""
CERTIFICATE = 'eap=TLS\n client_cert="/srv/tls/client.pem"\n private_key="/srv/tls/clientkey.pem"'
PASSWORD = 'eap=TTLS\n phase2="auth=PAP"\n password="secret"'
WORDS = {"TLSv1": "tlsv1_0", "TLSv1.1": "tlsv1_1", "TLSv1.2": "tlsv1_2", "TLSv1.3": "tlsv1_3"}


class Supplicant(client.Client):
    """EAP's TLS is in packets of RADIUS: so a client of those is asked, and the server tells it what
    it has negotiated."""

    def __init__(self, server, box):
        super().__init__(server, box)
        self.box = box

    def ask(self, method, lowest, highest, ciphers=(), options=""):
        """What it said, or None if it was not let in."""
        phase1 = " ".join(f"tls_disable_{word}={int(not lowest <= version <= highest)}"
                          for version, word in WORDS.items())
        suites = ":".join([*(ciphers or ["ALL"]), "@SECLEVEL=0"])
        self.box.write("/srv/network.conf",
                       NETWORK.format(ciphers=suites, phase1=phase1, method=method))
        said = self.box.shell(f"eapol_test -c /srv/network.conf -s secret {options} 2>&1; :")
        if "EAPOL test timed out" in said or not said.endswith(("SUCCESS\n", "FAILURE\n")):
            raise sandbox.Failed(said)
        return said if said.endswith("SUCCESS\n") else None

    def handshake(self, lowest, highest, ciphers=()):
        said = self.ask(CERTIFICATE, lowest, highest, ciphers, "-o /srv/seen.pem")
        if said is None:
            return None
        number, cipher = re.search(r"Value: 'TLS ([\d.]+) (\S+)'", said).groups()
        return client.Handshake("TLSv1" if number == "1.0" else f"TLSv{number}", cipher,
                                self.box.path("/srv/seen.pem").read_bytes(),
                                "handshake/certificate request" in said, False)

    def talk(self):
        if self.ask(PASSWORD, "TLSv1", "TLSv1.3") is None:
            raise sandbox.Failed("a password is not taken")

    def resumes(self, version):
        """Twice by one supplicant."""
        said = self.ask(CERTIFICATE, version, version, options="-r 1")
        if said is None:
            return "refuses its session"
        return client.RESUMES if "finished - resumed=1" in said else "takes no session back"


SERVER = Server(
    title="FreeRADIUS (EAP-TLS, EAP-TTLS)",
    packages="freeradius eapoltest",
    lax="tls_min_version 1.0, cipher_list ALL, cipher_server_preference no",
    lacks="takes a certificate when it starts only",
    command="freeradius -f -l stdout -d /srv/raddb",
    client=Supplicant,
    nameless=True,
    talk=None,
    prepare="mkdir -p /var/lib/radius",
    files={"/srv/raddb/radiusd.conf": """
libdir = /usr/lib/freeradius
modconfdir = /srv/raddb
log {
  destination = stdout
  auth = yes
}
security {
  allow_vulnerable_openssl = yes
  reject_delay = 0
}
thread pool {
  start_servers = 5
  max_servers = 32
}
client localhost {
  ipaddr = 127.0.0.1
  proto = *
  secret = secret
}
modules {
  eap {
    default_eap_type = tls
    tls-config lax {
      certificate_file = /srv/tls/cert.pem
      private_key_file = /srv/tls/key.pem
      ca_file = /srv/tls/client.pem
      cipher_list = "ALL:@SECLEVEL=0"
      cipher_server_preference = no
      tls_min_version = "1.0"
      tls_max_version = "1.3"
      cache {
        enable = yes
        name = lax
        persist_dir = /var/lib/radius
      }
    }
    tls {
      tls = lax
    }
    ttls {
      tls = lax
      virtual_server = inner
    }
  }
  pap {
  }
}
server outer {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = 1812
  }
  listen {
    type = auth
    proto = tcp
    ipaddr = 127.0.0.1
    port = 4433
  }
  authorize {
    eap {
      ok = return
    }
  }
  authenticate {
    eap
  }
  post-auth {
    update reply {
      Reply-Message := "%{session-state:TLS-Session-Version} %{session-state:TLS-Session-Cipher-Suite}"
    }
  }
}
server inner {
  authorize {
    update control {
      Cleartext-Password := secret
    }
    pap
  }
  authenticate {
    pap
  }
}
"""})
