# SPDX-License-Identifier: MIT
"""Writes docs/PERFORMANCE.md and its plots from what was measured."""
import textwrap

import matplotlib
import matplotlib.figure

import setting as common

HEAD = """\
# What it costs

Written by tests/bench from its own run; never by hand (`cmake --build --preset release --target
bench`; the figures are in the source, `docs/performance/results.json`). Each figure is
read beside its twin without the library, in one run and in turns; ratios, medians and quartiles
count, not the machine's own speed. Nothing is ever failed for being slow.

Preloaded is the stripped library with its default settings. Each section says when and on what it
was measured.

## What was promised

"""
STYLE = {"svg.hashsalt": "sslharden", "svg.fonttype": "none", "font.size": 9,
         "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False}


def plot(path, draw):
    """The same bytes for the same figures."""
    with matplotlib.rc_context(STYLE):
        figure = matplotlib.figure.Figure(figsize=(7.5, 3.5), layout="constrained")
        draw(figure)
        figure.savefig(path, metadata={"Date": None, "Creator": None})


def bounds(results, sections):
    for name, section in sections.items():
        yield from section.bounds(results[name]) if name in results else ()


def bound_rows(found):
    for bound in found:
        yield bound.what, bound.bound, bound.figure, "met" if bound.met else "**missed**"


def reasons(found):
    """What is missed, by its reason."""
    missed = {}
    for bound in found:
        if not bound.met:
            missed.setdefault(bound.why or "no reason was found yet", []).append(bound.what)
    if missed:
        yield "\n### What is missed, and why\n\n"
    for why, whats in missed.items():
        yield textwrap.fill(f"{'; '.join(whats)}: {why}.", 100, initial_indent="- ",
                            subsequent_indent="  ", break_on_hyphens=False) + "\n"


def write(docs, results, sections):
    plots = docs / "performance"
    plots.mkdir(parents=True, exist_ok=True)
    parts = [HEAD]
    found = list(bounds(results, sections))
    parts.append(common.table(["", "bound", "found", ""], bound_rows(found)))
    parts.extend(reasons(found))
    for name, section in sections.items():
        parts.append(f"\n## {section.TITLE}\n\n")
        if name not in results:
            parts.append("Not measured: what it needs was not there.\n")
            continue
        machine = results["measured"][name]
        parts.append(f"{machine['date']}: {machine['processor']}, {machine['cores']} cores; Debian 12, "
                     f"{machine['openssl']}, {machine['libc']}.\n\n")
        parts.append(section.text(results[name]))
        for title, draw in section.plots(results[name]).items():
            plot(plots / f"{title}.svg", draw)
            parts.append(f"\n![{section.TITLE}](performance/{title}.svg)\n")
    (docs / "PERFORMANCE.md").write_text("".join(parts), "utf-8")
