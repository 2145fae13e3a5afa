# SPDX-License-Identifier: MIT
"""Does what a line about a refused client says, all of it and at once."""
import re

# Where libssl does not tell what a client offers.
LONGER = {"SSLHARDEN_CIPHERS": "ALL", "SSLHARDEN_CIPHERSUITES":
          "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384", "SSLHARDEN_GROUPS": "P-384:P-256"}


def follow(line, variables):
    """The settings after the change."""
    advice = line.split("; ", 1)[1]
    changed = dict(variables)
    for name in re.findall(r"a longer (SSLHARDEN_\w+)", advice):
        changed[name] = LONGER[name]
    for name in re.findall(r"(?:no|a shorter) (SSLHARDEN_\w+)", advice):
        del changed[name]
    for words in re.findall(r"SSLHARDEN_FORBID without (\S+)", advice):
        left = set(changed["SSLHARDEN_FORBID"].split(","))
        assert left >= set(words.split(",")), line
        changed["SSLHARDEN_FORBID"] = ",".join(sorted(left - set(words.split(","))))
        if not changed["SSLHARDEN_FORBID"]:
            del changed["SSLHARDEN_FORBID"]
    for name, value in re.findall(r"(SSLHARDEN_\w+)=([^ ,;]+)", advice):
        changed[name] = value
    for value, name in re.findall(r"(\S+) in (SSLHARDEN_\w+)", advice):
        changed[name] = ":".join(filter(None, [changed.get(name), value]))
    return changed
