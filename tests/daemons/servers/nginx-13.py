# SPDX-License-Identifier: MIT
import dataclasses
import importlib

NGINX = importlib.import_module("servers.nginx").SERVER

SERVER = dataclasses.replace(NGINX, title="nginx of Debian 13 (OpenSSL 3.5)", release="trixie")
