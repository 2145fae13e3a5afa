# SPDX-License-Identifier: MIT
"""sslharden report --html in a browser, by its driver (WebDriver: JSON over HTTP): nothing is cut off,
nothing lies over another, on a phone and on a desk.  SSLHARDEN_PICTURES, a folder, gets what it looks
like."""
import base64
import json
import os
import re
import shutil
import subprocess
import unittest
import urllib.request

from command import TIMEOUT, call
from test_report import Served

WIDTHS = (375, 1280)
# Each text, by the lines that it has, and what it is cut or covered by; and what is wider than the page.
LOOK = """
const faults = [], boxes = [], page = document.documentElement;
if (page.scrollWidth > page.clientWidth)
  faults.push(`the page: ${page.scrollWidth} wide, of ${page.clientWidth}`);
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const text = walk.currentNode.textContent.trim(), range = document.createRange();
  range.selectNodeContents(walk.currentNode);
  if (text === '') continue;
  for (const box of range.getClientRects()) boxes.push({text, node: walk.currentNode, box});
}
for (const bar of document.querySelectorAll('.bar'))
  boxes.push({text: 'a bar', node: bar, box: bar.getBoundingClientRect()});
for (const {text, node, box} of boxes) {
  if (box.left < 0 || box.right > page.clientWidth) faults.push(`${text}: beyond the page`);
  const parent = node.parentElement, around = parent.closest('section, body').getBoundingClientRect();
  if (box.left < around.left - 1 || box.right > around.right + 1) faults.push(`${text}: beyond its section`);
  if (parent.scrollWidth > parent.clientWidth + 1 && parent.clientWidth > 0)
    faults.push(`${text}: cut`);
}
for (let i = 0; i < boxes.length; i++)
  for (let j = i + 1; j < boxes.length; j++) {
    const a = boxes[i], b = boxes[j];
    if (a.node !== b.node && Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 &&
        Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4)
      faults.push(`${a.text}, and over it ${b.text}`);
  }
return {faults, texts: boxes.length, width: page.clientWidth,
        loaded: performance.getEntriesByType('resource').map(entry => entry.name)};
"""


@unittest.skipIf(None in (shutil.which("chromedriver"), shutil.which("chromium")), "no chromium-driver")
class Browser(Served):
    def setUp(self):
        super().setUp()
        # A browser keeps what it likes at home.
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], text=True,
                                       env={**os.environ, "HOME": self.folder},
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(self.driver.communicate, timeout=TIMEOUT)
        self.addCleanup(self.driver.terminate)
        ready = re.compile(r"started successfully on port (\d+)")
        port = next(found.group(1) for line in self.driver.stdout if (found := ready.search(line)))
        self.url = f"http://127.0.0.1:{port}/session"

    def ask(self, method, path, **words):
        request = urllib.request.Request(self.url + path, json.dumps(words).encode(), method=method)
        if method != "POST":
            request.data = None
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return json.load(answer)["value"]

    def looks(self, page, width):
        """What is wrong there, at a width; the browser's own frame is none of it."""
        phone = {"deviceMetrics": {"width": width, "height": 3600, "pixelRatio": 1}}
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
                   "mobileEmulation": phone}
        begun = self.ask("POST", "", capabilities={"alwaysMatch": {"goog:chromeOptions": options}})
        session = f"/{begun['sessionId']}"
        try:
            self.ask("POST", f"{session}/url", url=f"file://{page}")
            told = self.ask("POST", f"{session}/execute/sync", script=LOOK, args=[])
            self.picture(session, width)
        finally:
            self.ask("DELETE", session)
        self.assertEqual((told["width"], told["loaded"]), (width, []))
        self.assertGreater(told["texts"], 20)
        return told["faults"]

    def picture(self, session, width):
        folder = os.environ.get("SSLHARDEN_PICTURES")
        if folder is None:
            return
        element = self.ask("POST", f"{session}/element", using="css selector", value="body")
        name, = element.values()
        with open(os.path.join(folder, f"report-{width}.png"), "wb") as file:
            file.write(base64.b64decode(self.ask("GET", f"{session}/element/{name}/screenshot")))

    def test_no_text_is_cut_and_none_covered(self):
        many, old = self.serve("fork"), self.serve(SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
        ugly = self.path("a-program-with-a-name-that-is-as-long-as-it-may-be-and-has-no-end-<b>")
        os.symlink("/usr/bin/python3", ugly)
        audit = self.serve(program=ugly, SSLHARDEN="audit")
        for server in (many, audit):
            self.clients(server)
        self.assertFalse(self.connect(old, "TLSv1"))
        self.assertTrue(self.connect(old, "TLSv1.2", "AES128-SHA"))
        page = self.path("page.html")
        liar = self.liar("(uint64_t)page")
        self.assertEqual(liar.stdout.readline(), "ready\n")
        words = [str(process.pid) for process in (many[0], old[0], audit[0], liar)]
        call("report", "--html", page, *words, "no-such-name", code=3)
        for width in WIDTHS:
            with self.subTest(width=width):
                self.assertEqual(self.looks(page, width), [])
        # Those that look see what is wrong: a page that is wider, and texts over each other.
        with open(page, "a", encoding="utf-8") as file:
            file.write("<p style='white-space:nowrap'>" + "wide " * 100 + "</p>"
                       "<p>one</p><p style='margin-top:-1.45rem'>two</p>")
        faults = "\n".join(self.looks(page, WIDTHS[0]))
        for fault in ("the page: ", "beyond the page", "one, and over it two"):
            self.assertIn(fault, faults)


if __name__ == "__main__":
    unittest.main()
