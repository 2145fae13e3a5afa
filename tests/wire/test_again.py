# SPDX-License-Identifier: MIT
"""A server that executes its own file anew with an environment that it has cleared."""
import errno
import os
import shutil
import tempfile
import unittest

import peer

AGAIN = os.path.join(peer.BUILD, "again")
RUNTIME = os.environ.get("SSLHARDEN_PRELOAD_FIRST")
SETTINGS = {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2", "SSLHARDEN_LOG_LEVEL": "error"}
GIVEN = [f"{name}={value}" for name, value in SETTINGS.items()]
PRELOAD = f"LD_PRELOAD={peer.LIB}"
# A sanitizer's runtime has to be there before us, and is nothing that we carry.
KEPT = [f"LD_PRELOAD={RUNTIME}:{peer.LIB}"] if RUNTIME else []
CALLS = [("execve", place) for place in ("main", "fork", "vfork", "clone", "signal", "thread")]
CALLS += [(call, place) for call in ("execv", "execvp") for place in ("main", "vfork")]


def again(*environment, context="server", call="execve", place="main", before="", file=AGAIN,
          words=("show",), shim=True, program=(AGAIN,), **variables):
    """What the file says that is executed with this environment, sorted."""
    variables = variables or SETTINGS
    lines = peer.run(context, call, place, before, file, *words, "--", *KEPT, *environment,
                     program=program, shim=shim, **variables)
    # What the shell of another architecture says of us is none of it.
    return sorted(line for line in lines if line not in KEPT and "wrong ELF class" not in line)


CARRIED = sorted(GIVEN if RUNTIME else [PRELOAD, *GIVEN])


@unittest.skipIf(peer.LOADER, "what is executed is not started by the loader or emulator")
class Again(unittest.TestCase):
    def test_takes_along_what_it_was_given(self):
        for call, place in CALLS:
            with self.subTest(call=call, place=place):
                self.assertEqual(again("A=1", call=call, place=place, shim=False), ["A=1"])
                self.assertEqual(again("A=1", call=call, place=place), ["A=1", *CARRIED])

    @unittest.skipIf(RUNTIME, "the second would lack it")
    def test_again_and_again(self):
        words = ("server", "execve", "fork", "", AGAIN, "show")
        self.assertEqual(again(words=words, shim=False), [])
        self.assertEqual(again(words=words), CARRIED)

    def test_what_never_served_is_left_alone(self):
        for context in ("client", "none"):
            for call, place in CALLS:
                with self.subTest(context=context, call=call, place=place):
                    self.assertEqual(again("A=1", context=context, call=call, place=place), ["A=1"])

    def test_another_file_is_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copy(AGAIN, folder)
            for file, words in ((copy, ["show"]), ("/usr/bin/env", [])):
                for call, place in CALLS:
                    with self.subTest(file=file, call=call, place=place):
                        self.assertEqual(
                            again("A=1", file=file, words=words, call=call, place=place), ["A=1"])

    def test_its_own_file_by_other_names(self):
        with tempfile.TemporaryDirectory() as folder:
            link = os.path.join(folder, "link")
            os.symlink(AGAIN, link)
            for name in (link, os.path.relpath(AGAIN)):
                with self.subTest(name=name):
                    self.assertEqual(again(file=name), CARRIED)

    def test_its_own_file_upgraded(self):
        """As a package does: another file comes to have the name; what ran has none."""
        for before in ("cp {0} {0}.new && mv {0}.new {0}", "mv {0} {0}.old && cp {0}.old {0}"):
            with self.subTest(before=before), tempfile.TemporaryDirectory() as folder:
                copy = shutil.copy(AGAIN, folder)
                self.assertEqual(again(before=before.format(copy), file=copy, program=(copy,)),
                                 CARRIED)

    def test_what_is_there_stands(self):
        there = [*([] if RUNTIME else ["LD_PRELOAD="]), "SSLHARDEN_MIN_PROTOCOL=TLSv1"]
        self.assertEqual(again(*there), sorted([*there, "SSLHARDEN_LOG_LEVEL=error"]))
        self.assertEqual(again("SSLHARDEN=off"), sorted(["SSLHARDEN=off", *CARRIED]))
        self.assertEqual(again("SSLHARDEN_LOG_LEVELS=", "SSLHARDENED=1"),
                         sorted(["SSLHARDENED=1", "SSLHARDEN_LOG_LEVELS=", *CARRIED]))

    def test_off_stays_off(self):
        """LD_PRELOAD may be kept by the program: then off must not become on."""
        kept = [] if RUNTIME else [PRELOAD]
        self.assertEqual(again(*kept, SSLHARDEN="off"), sorted([*kept, "SSLHARDEN=off"]))

    @unittest.skipIf(RUNTIME, "it has to be there")
    def test_us_alone_of_what_was_preloaded(self):
        library = os.path.join(peer.BUILD, "libtell.so")
        self.assertEqual(again(SSLHARDEN="on", LD_PRELOAD=f"{library} {peer.LIB}", shim=False),
                         sorted(["SSLHARDEN=on", PRELOAD]))

    def test_however_many_there_are(self):
        """On the smallest stacks, too."""
        for count in (1, 55, 70, 600, 5000):
            many = [f"V{n}=" for n in range(count)]
            for place in ("main", "clone", "signal", "thread"):
                with self.subTest(count=count, place=place):
                    self.assertEqual(again(*many, place=place, shim=False), sorted(many))
                    self.assertEqual(again(*many, place=place), sorted([*many, *CARRIED]))

    def test_more_settings_than_are_remembered(self):
        long = "x" * 1000
        for count, said in ((4, 0), (9, 1)):
            lines = again(**{f"SSLHARDEN_X{n}": long for n in range(count)})
            self.assertEqual(len([line for line in lines if "more than 6 KiB" in line]), said)
            self.assertEqual(len([line for line in lines if line.endswith("=" + long)]),
                             min(count, 6))

    def test_errno_is_true(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copy(AGAIN, folder)
            missing = os.path.join(folder, "missing")
            for call, place in CALLS:
                for file, before, error in ((missing, "", errno.ENOENT),
                                            (copy, f"chmod 0 {copy}", errno.EACCES)):
                    with self.subTest(call=call, place=place, error=error):
                        for shim in (False, True):
                            os.chmod(copy, 0o755)
                            lines = again(call=call, place=place, file=file, before=before,
                                          shim=shim, program=(copy,))
                            # AddressSanitizer speaks of a stack before it that is no thread's.
                            self.assertEqual(lines[-1:], [f"errno {error}"])

    def test_a_name_that_is_looked_for(self):
        """By which uWSGI and haproxy execute themselves, if they were started so."""
        folder, name = os.path.split(AGAIN)
        with tempfile.TemporaryDirectory() as other:
            for path, carried in ((folder, CARRIED), (f"/nowhere:{folder}:/usr/bin", CARRIED),
                                  (f"{other}:{folder}", CARRIED), (f":{folder}", []),
                                  (f"{'/x' * 300}:{folder}", [])):
                for place in ("main", "vfork"):
                    with self.subTest(path=path, place=place):
                        asked = {"call": "execvp", "file": name, "place": place}
                        self.assertEqual(again(f"PATH={path}", shim=False, **asked), [f"PATH={path}"])
                        self.assertEqual(again(f"PATH={path}", **asked),
                                         sorted([f"PATH={path}", *carried]))
            shutil.copy(AGAIN, other)
            self.assertEqual(again(f"PATH={other}:{folder}", call="execvp", file=name),
                             [f"PATH={other}:{folder}"])
            os.chmod(os.path.join(other, name), 0)  # libc looks further
            self.assertEqual(again(f"PATH={other}:{folder}", call="execvp", file=name),
                             [f"PATH={other}:{folder}"])
            self.assertEqual(again(f"PATH={other}", call="execvp", file=name), [f"errno {errno.EACCES}"])
            self.assertEqual(again("PATH=/nowhere", call="execvp", file=name), [f"errno {errno.ENOENT}"])

    @unittest.skipIf(RUNTIME, "it reads /proc")
    @unittest.skipUnless(os.geteuid() == 0, "to take /proc away takes root")
    def test_without_proc_it_is_not_known(self):
        hidden = ("unshare", "-m", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh", AGAIN)
        self.assertEqual(again("A=1", program=hidden), ["A=1"])


if __name__ == "__main__":
    unittest.main()
