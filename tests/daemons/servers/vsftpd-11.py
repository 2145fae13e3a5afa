# SPDX-License-Identifier: MIT
import dataclasses
import importlib

VSFTPD = importlib.import_module("servers.vsftpd").SERVER

SERVER = dataclasses.replace(VSFTPD, title="vsftpd of Debian 11", release="bullseye",
                             sslv3=(("ssl_tlsv1=YES", "ssl_tlsv1=YES\nssl_sslv3=YES"),))
