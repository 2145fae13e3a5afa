# SPDX-License-Identifier: MIT
"""What one call costs, in instructions."""
import setting as common

TITLE = "One call"
CONTEXTS = {"server": "`TLS_server_method`", "generic": "`TLS_method`"}
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
# The most that preloading may add, as a part of the bare count.
LIMITS = {"context": 0.02, "rsa-1.2": 0.001, "rsa-1.3": 0.001, "ecdsa-1.2": 0.001,
          "ecdsa-1.3": 0.001, "data": 0}


def measure(setting):
    rounds = setting.few(10, 1)
    keys = [setting.certificate("rsa"), setting.certificate("ec")]
    found = {}
    for context in CONTEXTS:
        runs = found[context] = {name: {"bare": [], "preloaded": []} for name in OPERATIONS}
        for seed in range(1, setting.few(3, 1) + 1):
            for way, variables in (("bare", {}), ("preloaded", {"LD_PRELOAD": setting.symbols})):
                counts = common.instructions(
                    setting, [setting.program("calls"), context, str(rounds), str(seed), *keys],
                    common.bare(**variables), context, "--collect-atstart=no")
                for name in OPERATIONS:
                    runs[name][way].append(counts[name] / rounds)
    return found


def added(runs):
    """Instructions that preloading adds, for each seed, and the most as a part of the bare count."""
    pairs = list(zip(runs["bare"], runs["preloaded"]))
    return [shim - bare for bare, shim in pairs], max((shim - bare) / bare for bare, shim in pairs)


def bounds(found):
    for name, limit in LIMITS.items():
        worst = max(added(found[context][name])[1] for context in CONTEXTS)
        yield common.Bound(f"instructions added: {OPERATIONS[name]}", common.percent(limit, 1),
                           common.percent(worst, 3), worst <= limit)


def rows(found, context):
    for name, text in OPERATIONS.items():
        runs = found[context][name]
        more, part = added(runs)
        span = f"{min(more):,.0f}" if round(min(more)) == round(max(more)) \
            else f"{min(more):,.0f} to {max(more):,.0f}"
        yield text, f"{sum(runs['bare']) / len(more):,.0f}", span, common.percent(part, 3)


def text(found):
    parts = ["""\
Counted by callgrind: the server's half only, over memory, from `SSL_new` to `SSL_free` where it is
a connection's. Randomness comes from a seed, so that a bare and a preloaded run make the same keys
and nonces, and what differs is what preloading does; three seeds give the spread. The processor
that callgrind shows to libcrypto lacks some of the newest instructions, so a handshake costs more
here than in life: take the instructions added for what they are, and the percentages for a scale.
"""]
    for context, method in CONTEXTS.items():
        parts.append(f"{method}:\n\n" + common.table(
            ["operation", "bare", "added", "added, at most"], rows(found, context)))
    return "\n".join(parts)


def plots(found):
    def draw(figure):
        axes = figure.subplots()
        names = [name for name in OPERATIONS if name != "data"][::-1]
        for i, (context, method) in enumerate(CONTEXTS.items()):
            places = [p + 0.2 - 0.4 * i for p in range(len(names))]
            axes.barh(places, [100 * added(found[context][name])[1] for name in names], 0.38,
                      label=method.strip("`"))
        for place, name in enumerate(names):
            if name in LIMITS:
                axes.plot([100 * LIMITS[name]] * 2, [place - 0.45, place + 0.45], color="black",
                          label="bound" if name == names[-1] else None)
        axes.set_xscale("log")
        axes.set_yticks(range(len(names)), [OPERATIONS[name].replace("`", "") for name in names])
        axes.set_xlabel("instructions added, % of bare")
        axes.legend()
    return {"calls": draw}
