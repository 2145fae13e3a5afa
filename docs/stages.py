#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""stages.py: draws docs/stages.svg, the stages of shim/ and who uses whom, from the #include lines
of the tree itself (tests/wire/test_house.py says what they may be, and that the picture is theirs).
"""
import html
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/wire"))
import test_house as house  # noqa: E402

WORDS = {
    "hooks": "what a program calls, and the callbacks that libssl calls",
    "harden": "reads a connection, decides, writes; whom it refused",
    "messages": "a refusal in words; the one writer",
    "loader": "which libssl, its functions, dlsym",
    "settings": "environment and file, read once",
    "memory": "a word of a context, of a handshake; the counts",
    "policy": "methods, versions, options, suites: tables",
}
LEFT, TOP, WIDTH, HEIGHT, STEP = 150, 60, 420, 48, 78


def uses():
    """Pairs of folders of which the first includes something of the second."""
    found = set()
    for path in house.files():
        for included in house.included(path):
            folder = house.SHARED.get(included, included.split("/")[0])
            if folder in house.FOLDERS and folder != path.parent.name:
                found.add((path.parent.name, folder))
    return sorted(found)


def top(folder):
    return TOP + STEP * house.FOLDERS.index(folder)


def arrow(user, used):
    """Down on the right, the further the wider; up, which is an exception, on the left."""
    start, end = top(user) + HEIGHT // 2, top(used) + HEIGHT // 2
    far = abs(end - start) // STEP
    if end > start and far == 1:
        x = LEFT + WIDTH // 2
        return f'<path d="M{x} {top(user) + HEIGHT} V{top(used) - 2}"/>'
    if end > start:
        x, out = LEFT + WIDTH, LEFT + WIDTH + 26 * far
        return f'<path d="M{x} {start + 6} C{out} {start + 6} {out} {end - 6} {x + 2} {end - 6}"/>'
    x, out = LEFT, LEFT - 26 * far
    return (f'<path class="up" d="M{x} {start} C{out} {start} {out} {end} {x - 2} {end}"/>')


def picture():
    bottom = TOP + STEP * len(house.FOLDERS)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {bottom}" role="img"'
        ' font-family="sans-serif" font-size="14">',
        "<title>The stages of shim/, and who uses whom</title>",
        "<style>path{fill:none;stroke:#555;stroke-width:1.5;marker-end:url(#a)}"
        ".up{stroke-dasharray:5 4}</style>",
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto"><path d="M0 0 L8 4 L0 8 z" style="fill:#555;stroke:none;marker-end:none"/>'
        "</marker></defs>",
        f'<rect width="760" height="{bottom}" fill="#fff"/>',
        f'<text x="{LEFT}" y="26">A program, and libssl</text>',
        f'<path d="M{LEFT + WIDTH // 2} 34 V{TOP - 2}"/>',
    ]
    for folder in house.FOLDERS:
        y = top(folder)
        lines += [f'<rect x="{LEFT}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="#eef3f8"'
                  ' stroke="#355"/>',
                  f'<text x="{LEFT + 12}" y="{y + 20}" font-weight="bold">{folder}/</text>',
                  f'<text x="{LEFT + 12}" y="{y + 38}">{html.escape(WORDS[folder])}</text>']
    lines += [arrow(*pair) for pair in uses()]
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    (ROOT / "docs/stages.svg").write_text(picture(), "utf-8")
