import contextlib
import doctest
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from odoo.cli.command import find_command
from odoo.tests import BaseCase, tagged

from .. import evidence_pack as pack

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
contents = st.binary(max_size=60)


def make(evidence=(("receipt.txt", b"received"),), **facts):
    """Return facts and files of a filing as Odoo hands them over."""
    files = {
        pack.LINES: pack.csv_bytes(pack.LINE_COLUMNS, [["TAX", "Due", "yes", "1", 1]]),
        pack.ITEMS: pack.csv_bytes(
            pack.ITEM_COLUMNS, [["TAX", 7, "INV/1", "2026-02-10", "2300", "x", "1.00"]]
        ),
    }
    proof = {pack.safe_name(name, n): raw for n, (name, raw) in enumerate(evidence, 1)}
    frozen = {
        "format": 1,
        "filing": {"name": "TEST-ST 2026-02-28", "company": "Test & Söhne", **facts},
        "lines": [],
        "lines_sha256": pack.sha256(files[pack.LINES]),
        "items_sha256": pack.sha256(files[pack.ITEMS]),
        "checks": [
            {"code": "C", "name": "Check", "ran": "", "result": "pass", "count": 0}
        ],
        "files": [
            {"name": name, "sha256": pack.sha256(raw), "size": len(raw)}
            for name, raw in proof.items()
        ],
    }
    return frozen, {**files, **proof, "filing.pdf": b"%PDF-1.4 print"}


def rezip(data, change, compression=zipfile.ZIP_DEFLATED):
    """Return the ZIP after its contents, by name, went through a function."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    change(files)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestEvidencePack(BaseCase):
    """A pack names what was altered, missing or added; nothing in it harms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.frozen, cls.files = make()
        cls.data = pack.build(cls.frozen, cls.files)

    def _altered(self, change, **kwargs):
        return pack.verify(rezip(self.data, change, **kwargs))

    def test_doctests(self):
        result = doctest.testmod(pack)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_unaltered(self):
        self.assertEqual(pack.verify(self.data), [])
        digest = pack.sha256(pack.canonical(self.frozen))
        self.assertEqual(pack.verify(self.data, digest), [])
        self.assertEqual(pack.frozen_hash_of(self.data), digest)

    def test_same_facts_same_bytes(self):
        files = dict(reversed(self.files.items()))
        self.assertEqual(pack.build(dict(self.frozen), files), self.data)

    def test_manifest_is_valid_and_names_every_file(self):
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            names = set(archive.namelist())
            root = etree.fromstring(archive.read(pack.MANIFEST))
        etree.XMLSchema(etree.parse(str(pack.XSD))).assertValid(root)
        listed = {e.get("name") for e in root.iter(f"{{{pack.NAMESPACE}}}file")}
        self.assertEqual(listed, names - {pack.MANIFEST})

    def test_packed_again_by_another_programme(self):
        self.assertEqual(self._altered(lambda files: None), [])

    def test_altered(self):
        for name in self.files:
            with self.subTest(name):
                problems = self._altered(
                    lambda files, name=name: files.update({name: files[name] + b"!"})
                )
                self.assertIn(f"The file {name} was altered", problems[0])

    def test_missing(self):
        for name in (*self.files, pack.FROZEN):
            with self.subTest(name):
                problems = self._altered(lambda files, name=name: files.pop(name))
                self.assertIn(f"The file {name} is missing.", problems)
        self.assertIn(
            "manifest.xml is missing",
            self._altered(lambda files: files.pop(pack.MANIFEST))[0],
        )

    def test_added(self):
        problems = self._altered(lambda files: files.update({"new.txt": b""}))
        self.assertEqual(problems, ["The file new.txt was added."])

    def test_evidence_added_with_a_new_manifest(self):
        def forge(files):
            files["evidence/09_forged.txt"] = b"forged"
            files[pack.MANIFEST] = pack.manifest(self.frozen, files)

        self.assertEqual(
            self._altered(forge),
            [
                "The file evidence/09_forged.txt was added: the filing was filed "
                "without it."
            ],
        )

    def test_figures_changed_with_a_new_manifest(self):
        def forge(files):
            files[pack.ITEMS] = files[pack.ITEMS].replace(b"1.00", b"9.00")
            files[pack.MANIFEST] = pack.manifest(self.frozen, files)

        self.assertEqual(
            self._altered(forge),
            ["The file items.csv is not the one that the filing was filed with."],
        )

    def test_facts_changed_in_the_manifest(self):
        def forge(files):
            files[pack.MANIFEST] = files[pack.MANIFEST].replace(b"TEST-ST", b"TEST-SX")

        self.assertEqual(
            self._altered(forge),
            ["The file manifest.xml was altered: it says other things than the files."],
        )

    def test_made_anew(self):
        frozen, files = make(receipt_number="forged")
        self.assertEqual(
            pack.verify(
                pack.build(frozen, files), pack.sha256(pack.canonical(self.frozen))
            ),
            ["The frozen hash is not that of the filing: the pack was made anew."],
        )

    def test_frozen_of_another_shape(self):
        for text in (b"[]", b"{}", b"nonsense", b"[" * 5000, b'{"filing": 1.5}'):
            problems = self._altered(
                lambda files, text=text: files.update({pack.FROZEN: text})
            )
            self.assertTrue(problems, text[:20])

    def test_every_flipped_byte_is_noticed(self):
        for position in range(len(self.data)):
            data = bytearray(self.data)
            data[position] ^= 0x01
            self.assertTrue(pack.verify(bytes(data)), f"byte {position}")

    def test_every_truncation_is_noticed(self):
        for length in range(0, len(self.data), 7):
            self.assertTrue(pack.verify(self.data[:length]), length)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.tuples(texts, contents), max_size=4), texts, st.data())
    def test_whatever_the_evidence(self, evidence, name, data):
        frozen, files = make(evidence, company=name)
        packed = pack.build(frozen, files)
        self.assertEqual(pack.verify(packed), [])
        position = data.draw(st.integers(0, len(packed) - 1))
        flipped = bytearray(packed)
        flipped[position] ^= data.draw(st.integers(1, 255))
        self.assertTrue(pack.verify(bytes(flipped)))

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=300))
    def test_whatever_the_bytes(self, data):
        self.assertTrue(pack.verify(data))
        self.assertTrue(pack.verify(b"PK\x03\x04" + data))

    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=300), st.integers(1, 99))
    def test_whatever_the_name(self, name, number):
        safe = pack.safe_name(name, number)
        self.assertEqual(safe.count("/"), 1)
        self.assertFalse(set(safe) & set('\\:<>"|?*\0\n'))
        self.assertLess(len(safe.encode()), 400)
        self.assertNotIn("..", safe.split("/"))
        self.assertFalse(safe.endswith((".", " ")))

    def test_unsafe_names(self):
        for name in ("../x", "/x", "a/../x", "C:x", "a\\..\\x", "a//b", "./a"):
            with self.subTest(name):
                problems = self._altered(
                    lambda files, name=name: files.update({name: b""})
                )
                self.assertIn("unsafe name", problems[0])

    def test_twice_the_same_name(self):
        stream = io.BytesIO(self.data)
        with self.assertWarns(UserWarning), zipfile.ZipFile(stream, "a") as archive:
            archive.writestr(pack.LINES, b"x")
        self.assertEqual(
            pack.verify(stream.getvalue()), ["The ZIP holds lines.csv twice."]
        )

    def test_bombs(self):
        big = b"\0" * (pack.MAX_XML_BYTES + 1)
        problems = self._altered(lambda files: files.update({pack.MANIFEST: big}))
        self.assertIn("larger than a pack may hold", problems[0])
        many = {f"f{n}": b"" for n in range(pack.MAX_FILES + 1)}
        problems = self._altered(lambda files: files.update(many))
        self.assertIn("more than 5000", problems[0])

    def test_a_file_larger_than_it_says(self):
        data = rezip(self.data, lambda files: files.update({"z": b"\0" * 10**6}))
        small = (10**6).to_bytes(4, "little")
        self.assertTrue(pack.verify(data.replace(small, (10).to_bytes(4, "little"))))

    def test_entities(self):
        text = (
            b'<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
            b'<pack xmlns="urn:front-back-office:evidence-pack:1">&b;</pack>'
        )
        problems = self._altered(lambda files: files.update({pack.MANIFEST: text}))
        self.assertEqual(
            problems, ["manifest.xml declares entities, which a pack never does."]
        )

    def test_a_manifest_against_the_schema(self):
        text = f'<pack xmlns="{pack.NAMESPACE}" version="1"/>'.encode()
        problems = self._altered(lambda files: files.update({pack.MANIFEST: text}))
        self.assertIn("manifest.xml was altered", problems[0])
        problems = self._altered(lambda files: files.update({pack.MANIFEST: b"<"}))
        self.assertIn("is no XML", problems[0])

    def test_floats_have_no_canonical_form(self):
        with self.assertRaises(TypeError):
            pack.canonical({"a": [{"b": 1.5}]})

    def test_formulas_are_quoted(self):
        text = pack.csv_bytes(["a"], [["=cmd|x"], ["@x"], ["-1"], ["-1+x"]]).decode()
        self.assertEqual(text.split("\r\n")[1:-1], ["'=cmd|x", "'@x", "-1", "'-1+x"])

    def test_command_line(self):
        def run(*arguments):
            done = subprocess.run(
                [sys.executable, pack.__file__, *arguments],
                capture_output=True,
                text=True,
                check=False,
            )
            return done.returncode, done.stdout + done.stderr

        with tempfile.TemporaryDirectory() as folder:
            good, bad = Path(folder) / "good.zip", Path(folder) / "bad.zip"
            good.write_bytes(self.data)
            bad.write_bytes(rezip(self.data, lambda files: files.pop(pack.LINES)))
            status, output = run(str(good))
            self.assertEqual(status, 0)
            self.assertIn("unaltered. Frozen hash", output)
            status, output = run(str(good), str(bad))
            self.assertEqual(status, 1)
            self.assertIn("bad.zip: The file lines.csv is missing.", output)
            status, output = run(str(good), "--hash=" + "0" * 64)
            self.assertIn("the pack was made anew", output)
            status, output = run(str(Path(folder) / "none.zip"))
            self.assertIn("cannot be read", output)
            self.assertEqual(run()[0], 2)

    def test_odoo_command(self):
        command = find_command("compliance_verify")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pack.zip"
            path.write_bytes(self.data)
            for arguments, status in (
                ([str(path)], 0),
                ([str(path), "--hash", "0" * 64], 1),
            ):
                output = io.StringIO()
                with (
                    contextlib.redirect_stdout(output),
                    self.assertRaises(SystemExit) as end,
                ):
                    command().run(arguments)
                self.assertEqual(end.exception.code, status, output.getvalue())
        self.assertIn("made anew", output.getvalue())

    def test_facts_stay_the_same_through_json(self):
        again = json.loads(json.dumps(self.frozen))
        self.assertEqual(pack.canonical(again), pack.canonical(self.frozen))
