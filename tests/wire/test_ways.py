# SPDX-License-Identifier: MIT
"""Each way in which a process comes to call libssl, with the shim and without."""
import os
import subprocess
import tempfile
import unittest

import peer

PLUGIN = os.path.join(peer.DIR, "libpeer.so")


def snippets():
    """Each wrapped call that needs no peer, in words; the wire ones are in test_wire_in_each."""
    server, generic = peer.flexible("server"), peer.flexible("")
    words = {
        "SSL_CTX_new": [f"new:{server}", "options"],
        "SSL_CTX_new, pinned": ["new:TLSv1_server_method", "options", "range"],
        "SSL_CTX_new, generic and pinned": ["stress:1:1:TLSv1_method"],
        "SSL_CTX_set_ssl_version": [f"new:{generic}", "version:TLSv1_server_method", "options"],
        "SSL_CTX_set_options": [f"new:{server}", "set:4", "options"],
        "SSL_CTX_clear_options": [f"new:{server}", "clear:ffffffff", "options"],
        "SSL_CTX_set_cipher_list": [f"new:{server}", "ciphers:AES128-SHA", "options"],
        "SSL_new, SSL_set_accept_state": [f"stress:1:1:{generic}"],
    }
    if peer.modern():
        words["SSL_CTX_ctrl"] = ["new:TLSv1_2_server_method", "max:303", "options"]
    if peer.version() >= 0x10002000:
        words["SSL_CONF_cmd"] = [f"new:{server}", "conf:Options=-ServerPreference", "options"]
    if peer.version() >= 0x30000000:
        words["SSL_CTX_new_ex"] = ["newex:TLSv1_server_method", "options", "range"]
    return words


class Ways(unittest.TestCase):
    """Each call, reached in each way: as when linked, and not as without the shim."""

    def check(self, *prefix, program=(peer.PEER,), shim=True, through_environment=False):
        for name, words in snippets().items():
            with self.subTest(call=name):
                def lines(with_shim):
                    if through_environment:
                        return peer.run(program=program, shim=with_shim,
                                        PEER_WORDS=" ".join(words))
                    return peer.run(*prefix, *words, program=program, shim=with_shim)
                linked, reached = peer.run(*words, shim=True), lines(shim)
                self.assertEqual(reached, linked)
                self.assertNotEqual(reached, lines(False))

    def test_linked(self):
        self.check()

    def test_thread(self):
        self.check("--in=thread")

    def test_after_fork(self):
        self.check("--in=fork")

    def test_preloaded_twice(self):
        self.check(shim="twice")

    def test_plugin_opened_local(self):
        self.check(PLUGIN, program=peer.HOST)

    def test_library_constructor(self):
        self.check(program=(os.path.join(peer.DIR, "constructor"),), through_environment=True)

    @unittest.skipIf(peer.MUSL, "OpenSSL's own cleanup comes first there, and it crashes bare")
    def test_library_destructor(self):
        """A context that a constructor made is used and freed after main."""
        program = (os.path.join(peer.DIR, "constructor"),)
        bare, hardened = (peer.options(peer.run(program=program, shim=s, PEER_KEEP="1"), "late")
                          for s in (False, True))
        self.assertNotEqual(bare & peer.policy(), peer.policy())
        self.assertEqual(hardened & peer.policy(), peer.policy())

    def test_plugin_unloaded_and_loaded_again(self):
        lines = peer.run("--times=5", PLUGIN, f"new:{peer.flexible('server')}", "options",
                         program=peer.HOST, shim=True)
        masks = [int(l.split()[1], 16) for l in lines if l.startswith("options")]
        self.assertEqual(len(masks), 5)
        for mask in masks:
            self.assertEqual(mask & peer.policy(), peer.policy())

    def test_two_libssl_in_one_process(self):
        """Each context gets the bits of its own libssl, whichever came first."""
        other = os.environ.get("SSLHARDEN_OTHER_PLUGIN")
        if not other:
            self.skipTest("this is the only libssl")
        words = ["new:TLSv1_server_method", "options"]

        def masks(plugins, shim):
            lines = peer.run(plugins, *words, program=peer.HOST, shim=shim)
            return [int(l.split()[1], 16) for l in lines if l.startswith("options")]

        alone = [masks(p, True)[0] for p in (PLUGIN, other)]
        for plugins in ((PLUGIN, other), (other, PLUGIN)):
            expected = alone if plugins[0] == PLUGIN else alone[::-1]
            self.assertEqual(masks(",".join(plugins), True), expected)
            self.assertNotEqual(masks(",".join(plugins), False), expected)

    def test_two_libssl_in_turn(self):
        """One is unloaded, the other may come to lie where it was."""
        other = os.environ.get("SSLHARDEN_OTHER_PLUGIN")
        if not other:
            self.skipTest("this is the only libssl")
        words = ["new:TLSv1_server_method", "options"]
        for plugins in ((PLUGIN, other), (other, PLUGIN)):
            lines = peer.run("--times=3", ",".join(plugins), *words, program=peer.HOST, shim=True)
            masks = [int(l.split()[1], 16) for l in lines if l.startswith("options")]
            self.assertEqual(masks, masks[:2] * 3)

    def test_many_threads(self):
        if peer.version() < 0x10100000:
            self.skipTest("before 1.1.0 a program must give libssl its locks")
        word = f"stress:16:50:{peer.flexible('server')}"
        generic = f"stress:16:50:{peer.flexible('')}"
        self.assertEqual(peer.run(word), ["stress lost 0x2000000"])
        self.assertEqual(peer.run(word, generic, shim=True), ["stress lost 0x0"] * 2)

    def test_wire_in_each(self):
        for prefix, program in (((), (peer.PEER,)), (("--in=thread",), (peer.PEER,)),
                                (("--in=fork",), (peer.PEER,)), ((PLUGIN,), peer.HOST)):
            for how in ("accept", "state", "read", "bio"):
                with self.subTest(prefix=prefix, how=how):
                    _, _, server = peer.ask([f"new:{peer.flexible('')}"], shim=True, how=how,
                                            program=(*program, *prefix))
                    self.assertEqual(peer.options(server.lines, "served") & peer.policy(),
                                     peer.policy())


class Settings(unittest.TestCase):
    def options(self, **variables):
        return peer.options(peer.run(f"new:{peer.flexible('server')}", "options", shim=True,
                                     **variables))

    def test_each_opt_out_gives_back_its_bit_and_no_other(self):
        bare = peer.options(peer.run(f"new:{peer.flexible('server')}", "options"))
        full = self.options()
        bits = {"SSLV3": 0x02000000, "CLIENT_PREFERENCE": 0x00400000, "COMPRESSION": 0x00020000,
                "DH_REUSE": 0x00100000, "ECDH_REUSE": 0x00080000}
        for name, bit in bits.items():
            with self.subTest(name=name):
                given = self.options(**{f"SSLHARDEN_ALLOW_{name}": "True"})
                self.assertEqual(given, full & ~(bit & peer.policy() & ~bare))

    def test_off(self):
        bare = peer.run("new:TLSv1_server_method", "options", "range")
        self.assertEqual(peer.run("new:TLSv1_server_method", "options", "range", shim=True,
                                  SSLHARDEN="off"), bare)

    def test_min_protocol(self):
        for method in (peer.flexible("server"), "TLSv1_server_method"):
            with self.subTest(method=method):
                if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
                    self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
                before, _, _ = peer.ask([f"new:{method}"], "TLSv1", shim=True)
                after, _, _ = peer.ask([f"new:{method}"], "TLSv1", shim=True,
                                       SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
                still, _, _ = peer.ask([f"new:{method}"], "TLSv1.2", shim=True,
                                       SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
                self.assertEqual((before, after, still), ("TLSv1", None, "TLSv1.2"))

    def test_min_protocol_of_generic_connections(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        words = [f"new:{peer.flexible('')}"]
        before, _, _ = peer.ask(words, "TLSv1", how="read", shim=True)
        after, _, _ = peer.ask(words, "TLSv1", how="read", shim=True,
                               SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
        self.assertEqual((before, after), ("TLSv1", None))

    def test_max_protocol(self):
        if not peer.speaks("TLSv1.1"):
            self.skipTest("this libssl does not speak TLS 1.1")
        for how, method in (("accept", peer.flexible("server")), ("read", peer.flexible("")),
                            ("accept", "TLSv1_server_method"), ("read", "TLSv1_method")):
            with self.subTest(method=method):
                capped, _, _ = peer.ask([f"new:{method}"], how=how, shim=True,
                                        SSLHARDEN_MAX_PROTOCOL="TLSv1.1")
                self.assertEqual(capped, "TLSv1.1")

    def test_configuration_file_and_the_operator(self):
        """OpenSSL's own MinProtocol does not bind a pin, nor what takes its place; nothing lowers it."""
        if peer.version() < 0x10101000:
            self.skipTest("this libssl does not read openssl.cnf by itself")
        conf = {"OPENSSL_CONF": os.path.join(os.path.dirname(__file__), "min12.cnf")}
        pinned, flexible = ["new:TLSv1_server_method"], [f"new:{peer.flexible('server')}"]
        for shim in (False, True):
            self.assertEqual(peer.ask(pinned, "TLSv1", shim=shim, **conf)[0], "TLSv1")
            self.assertIsNone(peer.ask(flexible, "TLSv1", shim=shim, **conf)[0])
            self.assertIsNone(peer.ask(flexible, "TLSv1", shim=shim, SSLHARDEN_MIN_PROTOCOL="TLSv1",
                                       **conf)[0])
            self.assertIsNone(peer.ask(flexible, "TLSv1", shim=shim,
                                       SSLHARDEN_PROFILE="intermediate", **conf)[0])
        self.assertEqual(peer.ask(pinned, shim=True, **conf)[0], peer.newest())

    def test_bad_value_is_told_and_the_default_stands(self):
        lines = peer.run(f"new:{peer.flexible('server')}", "options", shim=True,
                         SSLHARDEN_ALLOW_SSLV3="maybe", SSLHARDEN_MIN_PROTOCL="TLSv1.2")
        self.assertEqual(peer.options(lines), self.options())
        text = "\n".join(lines)
        self.assertRegex(text, r"sslharden\[\d+\]: warning: SSLHARDEN_ALLOW_SSLV3: .*maybe.*yes")
        self.assertIn("SSLHARDEN_MIN_PROTOCOL", text)

    def test_environment_wiped_before_the_context(self):
        words = ["clearenv", f"new:{peer.flexible('server')}", "options"]
        full = peer.options(peer.run(*words, shim=True))
        given = peer.options(peer.run(*words, shim=True, SSLHARDEN_ALLOW_CLIENT_PREFERENCE="1"))
        self.assertEqual(given, full & ~0x400000)
        self.assertNotEqual(given, full)


class Manners(unittest.TestCase):
    def test_errno_and_error_queue(self):
        for method in (peer.flexible("server"), "TLSv1_server_method", "TLSv1_method",
                       peer.flexible("client")):
            with self.subTest(method=method):
                words = [f"new:{method}", "errno"]
                self.assertEqual(peer.run(*words), peer.run(*words, shim=True))

    @unittest.skipIf(os.environ.get("SSLHARDEN_PRELOAD_FIRST") or peer.CROSS,
                     "this system's programs are not built like the library")
    def test_a_process_without_libssl(self):
        """A setting that cannot be read is not told where it does not matter."""
        for program in (["/bin/true"], ["/bin/sh", "-c", "exit 7"]):
            runs = [subprocess.run(program, env=peer.environment(shim, SSLHARDEN_LOG="nonsense"),
                                   capture_output=True) for shim in (False, True)]
            self.assertEqual(*((r.returncode, r.stdout, r.stderr) for r in runs))

    def test_silent_by_default(self):
        lines = peer.run("new:TLSv1_server_method", "options", shim=True)
        self.assertEqual(len(lines), 1, lines)

    def test_one_line_a_context_at_info(self):
        lines = peer.run("new:TLSv1_server_method", shim=True, SSLHARDEN_LOG_LEVEL="info")
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines[0], r"^sslharden\[\d+\]: info: context .*TLSv1_server_method")

    def test_log_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "log")
            lines = peer.run("new:TLSv1_server_method", shim=True, SSLHARDEN_LOG_LEVEL="info",
                             SSLHARDEN_LOG=path)
            self.assertEqual(lines, [])
            with open(path, encoding="ascii") as log:
                self.assertEqual(len(log.read().splitlines()), 1)

    def test_log_file_that_cannot_be_opened(self):
        lines = peer.run("new:TLSv1_server_method", shim=True, SSLHARDEN_LOG="/nowhere/log")
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines[0], r"^sslharden\[\d+\]: warning: SSLHARDEN_LOG: cannot write "
                                   r'"/nowhere/log": No such file or directory; messages go to ')

    @unittest.skipIf(os.geteuid() != 0, "only root can become another user")
    def test_log_file_after_the_rights_are_gone(self):
        """It is root's, and was opened at the first context; a twin that makes none is too late."""
        context, drop = "new:TLSv1_server_method", "drop:65534"
        for words, count in (([context, drop, context], 2), ([drop, context], 0)):
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "log")
                with open(path, "w", encoding="ascii"):
                    os.chmod(path, 0o600)
                peer.run(*words, shim=True, SSLHARDEN_LOG_LEVEL="info", SSLHARDEN_LOG=path)
                with open(path, encoding="ascii") as log:
                    self.assertEqual(len(log.read().splitlines()), count)

    def test_descriptor_2_of_another_file_is_left_alone(self):
        words = ["new:TLSv1_server_method"]
        with tempfile.TemporaryDirectory() as folder:
            database = os.path.join(folder, "database")
            peer.run(f"fd2:{database}", *words, shim=True, SSLHARDEN_LOG_LEVEL="info")
            self.assertEqual(os.path.getsize(database), 0)
        self.assertEqual(len(peer.run(*words, shim=True, SSLHARDEN_LOG_LEVEL="info")), 1)


if __name__ == "__main__":
    unittest.main()
