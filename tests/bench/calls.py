# SPDX-License-Identifier: MIT
"""What one call costs, in instructions."""
import re

import setting as common

TITLE = "One call"
CONTEXTS = {"server": "`TLS_server_method`", "generic": "`TLS_method`",
            "pinned": "`TLSv1_2_server_method`, with clients of TLS 1.2"}
BOUNDED = ["server", "generic"]  # what opens a pin is told, and has no bound
OPERATIONS = {
    "context": "`SSL_CTX_new`, `SSL_CTX_free`",
    "connection": "`SSL_new`, `SSL_free`",
    "rsa-1.2": "full handshake, RSA-2048, TLS 1.2",
    "rsa-1.3": "full handshake, RSA-2048, TLS 1.3",
    "ecdsa-1.2": "full handshake, ECDSA P-256, TLS 1.2",
    "ecdsa-1.3": "full handshake, ECDSA P-256, TLS 1.3",
    "resumed-1.2": "resumed handshake, TLS 1.2",
    "resumed-1.3": "resumed handshake, TLS 1.3",
    "data": "16 KiB received and 16 KiB sent",
}
# The most that preloading may add, as a part of the bare count; and the library's own part of it,
# in instructions.
LIMITS = {"context": 0.02, "data": 0}
LIMITS_OWN = {"connection": 300, "rsa-1.2": 2000, "rsa-1.3": 2000, "ecdsa-1.2": 2000,
              "ecdsa-1.3": 2000}
# What the default policy sets on this libssl, as OpenSSL 3 numbers it: SSL_OP_NO_SSLv3,
# SSL_OP_CIPHER_SERVER_PREFERENCE, SSL_OP_NO_COMPRESSION.
OPTIONS = 0x02420000
WHY = """\
it is spread thin: the most is the looking up of what is remembered of a context and a connection,
of the libssl of a call, and of the versions that are served"""
# How the program is run: the options that it sets itself, and whether it is preloaded.
WAYS = {"bare": (0, False), "options": (OPTIONS, False), "preloaded": (0, True)}


# Functions that take, or may take, a lock; of the loader, the allocator, or threads.
LOCKS = re.compile("(?<!c)lock|futex|dl_iterate_phdr|dlopen|dlsym|dladdr|alloc$")


def run(setting, context, way, seed, rounds):
    options, preloaded = WAYS[way]
    words = [setting.program("calls"), context, f"{options:x}", str(rounds), str(seed),
             setting.certificate("rsa"), setting.certificate("ec")]
    env = common.bare(**{"LD_PRELOAD": setting.symbols} if preloaded else {})
    return common.callgrind(setting, words, env, "--collect-atstart=no")


def new_locks(dumps, name):
    """What may take a lock and runs only where the library is preloaded."""
    ran = dumps["preloaded"][name].functions - dumps["options"][name].functions
    return sorted({function for file, function in ran
                   if "sslharden" not in file and function[0] != "_" and LOCKS.search(function)})


def operations(context):
    return [name for name in OPERATIONS if context != "pinned" or not name.endswith("1.3")]


def measure(setting):
    rounds = setting.few(10, 1)
    found = {}
    for context in CONTEXTS:
        runs = found[context] = {name: {way: [] for way in WAYS} for name in operations(context)}
        for seed in range(1, setting.few(3, 1) + 1):
            dumps = {way: run(setting, context, way, seed, rounds) for way in WAYS}
            if not any("sslharden" in file for file, _ in dumps["preloaded"]["context"].functions):
                raise RuntimeError("preloaded: nothing of the library ran")
            for name in runs:
                for way in WAYS:
                    runs[name][way].append(dumps[way][name].count / rounds)
                runs[name]["locks"] = new_locks(dumps, name)
    return found


def added(runs, since="bare"):
    """Instructions that preloading adds to those of another way, for each seed, and the most as a
    part of the bare count."""
    more = [shim - other for other, shim in zip(runs[since], runs["preloaded"])]
    return more, max(one / bare for one, bare in zip(more, runs["bare"]))


def bounds(found):
    for name, limit in LIMITS.items():
        worst = max(added(found[context][name])[1] for context in BOUNDED)
        yield common.Bound(f"instructions added: {OPERATIONS[name]}", common.percent(limit, 1),
                           common.percent(worst, 3), worst <= limit, WHY)
    for name, limit in LIMITS_OWN.items():
        worst = max(max(added(found[context][name], "options")[0]) for context in BOUNDED)
        yield common.Bound(f"instructions of the library's own: {OPERATIONS[name]}", f"{limit:,}",
                           f"{worst:,.0f}", worst <= limit, WHY)
    locks = sorted({f"`{lock}` ({OPERATIONS[name]})" for runs in found.values() for name in runs
                    for lock in runs[name]["locks"]})
    yield common.Bound("locks and allocations that only a preloaded program comes by, in all these",
                       "none", ", ".join(locks) or "none", not locks)


def span(values):
    low, high = (f"{round(one):,}" for one in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def rows(found, context):
    for name in operations(context):
        runs = found[context][name]
        more, part = added(runs)
        own, own_part = added(runs, "options")
        yield (OPERATIONS[name], f"{sum(runs['bare']) / len(runs['bare']):,.0f}", span(more),
               common.percent(part, 3), span([whole - part for whole, part in zip(more, own)]),
               span(own), common.percent(own_part, 3))


def text(found):
    parts = ["""\
Counted by callgrind: the server's half only, over memory, from `SSL_new` to `SSL_free` where it is
a connection's. Randomness comes from a seed, so that two runs make the same keys and nonces, and
what differs is what preloading does; three seeds give the spread. The processor that callgrind
shows to libcrypto lacks the newest instructions, so a handshake costs more here than in life.

What preloading adds has two parts. The options that it sets make libssl do more, whoever sets them:
to choose by the server's order of ciphers takes some thousand instructions a full handshake. That
part is read off a program that is not preloaded and sets
the same options itself; what is left is the library's own, and has a bound of its own. For a pinned server
it contains what libssl does when its method is exchanged, and the reading of its list of ciphers.
"""]
    head = ["operation", "bare", "added", "at most", "by the options", "by the library", "at most"]
    for context, method in CONTEXTS.items():
        parts.append(f"{method}:\n\n{common.table(head, rows(found, context))}")
    return "\n".join(parts)


def plots(found):
    def draw(figure):
        axes = figure.subplots()
        names = [name for name in OPERATIONS if name != "data"][::-1]
        for i, (context, method) in enumerate((c, CONTEXTS[c]) for c in BOUNDED):
            places = [p + 0.2 - 0.4 * i for p in range(len(names))]
            axes.barh(places, [100 * added(found[context][name])[1] for name in names], 0.38,
                      label=method.strip("`"), alpha=0.5, color=f"C{i}")
            axes.barh(places, [100 * added(found[context][name], "options")[1] for name in names],
                      0.38, label="the library's own part", color=f"C{i}")
        for place, name in enumerate(names):
            if name in LIMITS:
                axes.plot([100 * LIMITS[name]] * 2, [place - 0.45, place + 0.45], color="black",
                          label="bound" if name == names[-1] else None)
        axes.set_xscale("log")
        axes.set_yticks(range(len(names)), [OPERATIONS[name].replace("`", "") for name in names])
        axes.set_xlabel("instructions added, % of bare")
        axes.legend()
    return {"calls": draw}
