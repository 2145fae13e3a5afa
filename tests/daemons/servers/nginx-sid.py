# SPDX-License-Identifier: MIT
import dataclasses
import importlib

NGINX = importlib.import_module("servers.nginx").SERVER

SERVER = dataclasses.replace(NGINX, title="nginx of Debian unstable (OpenSSL 3.6 or newer)", release="sid")
