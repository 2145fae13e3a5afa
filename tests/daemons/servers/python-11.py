# SPDX-License-Identifier: MIT
import dataclasses
import importlib

PYTHON = importlib.import_module("servers.python").SERVER

# The words of CPython's issue 21013; a lowest version would go over them.
SERVER = dataclasses.replace(PYTHON, title="python3 http.server of Debian 11", release="bullseye",
                             sslv3=(("context.minimum_version = ssl.TLSVersion.TLSv1",
                                     "context.options &= ~ssl.OP_NO_SSLv3"),))
