import base64
import csv
import doctest
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, HttpCase, TransactionCase, tagged

from .. import programme_table
from ..programme_file import Field, document
from ..programme_table import Shape, escape, from_cell, read, to_cell, unescape, write
from .test_import_export import FileFixture

PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=60)
SHAPE = Shape(
    programme={"name": Field("text", required=True), "months": Field("integer")},
    step={
        "name": Field("text", required=True, translated=True),
        "section": Field("text", translated=True),
        "kind": Field("choice", choices=("read", "do")),
        "minutes": Field("integer"),
        "hours": Field("number", minimum=None),
        "mandatory": Field("boolean"),
    },
    criterion={
        "name": Field("text", required=True),
        "weight": Field("integer", minimum=1, maximum=5),
        "level_1": Field("text"),
    },
    programme_keys=("roles", "skills"),
    step_keys=("criteria", "quiz"),
)
CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
# what has a meaning in CSV, in JSON or in a spreadsheet stands there often
TEXT = st.text(CHARACTERS | st.sampled_from("\"',;\t\r\n=+-@[{: "), min_size=1)
JSON = st.recursive(TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner))
STEP = st.fixed_dictionaries(
    {
        "name": TEXT,
        "section": st.none() | TEXT,
        "kind": st.sampled_from(["read", "do"]),
        "minutes": st.integers(-(2**40), 2**40),
        "hours": st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 9),
        "mandatory": st.booleans(),
        "criteria": st.lists(
            st.fixed_dictionaries(
                {
                    "name": TEXT.filter(str.strip),
                    "weight": st.integers(1, 5),
                    "level_1": st.none() | TEXT,
                }
            ),
            max_size=2,
        ),
        "quiz": st.none() | JSON,
    },
    optional={
        "translations": st.dictionaries(
            st.sampled_from(["sv_SE", "sr@latin"]),
            st.fixed_dictionaries({"name": TEXT}, optional={"section": TEXT}),
            min_size=1,
        )
    },
)
PROGRAMME = st.fixed_dictionaries(
    {
        "name": TEXT,
        "months": st.integers(0, 99),
        "roles": st.lists(TEXT, max_size=3),
        "skills": st.lists(
            st.fixed_dictionaries({"type": TEXT, "skill": TEXT, "level": TEXT}),
            max_size=2,
        ),
    }
)
HEAD = "part;name;minutes;kind;mandatory;section;weight;quiz;roles;section:sv_SE"


@tagged("post_install", "-at_install")
class TestProgrammeTable(BaseCase):
    def test_examples_in_the_text(self):
        result = doctest.testmod(programme_table)
        self.assertGreater(result.attempted, 12)
        self.assertEqual(result.failed, 0)

    @PROPERTY
    @given(PROGRAMME, st.lists(STEP, max_size=3))
    def test_what_is_written_is_read(self, programme, steps):
        content = document(programme, steps)
        data = write(content, SHAPE)
        found, problems, _cells = read(data, SHAPE)
        self.assertEqual(problems, [])
        self.assertEqual(found, content)
        # as another spreadsheet saves it
        text = io.StringIO(data.decode("utf-8-sig"), newline="")
        rows = list(csv.reader(text))
        for delimiter in ";\t":
            stream = io.StringIO(newline="")
            csv.writer(stream, delimiter=delimiter).writerows(rows)
            self.assertEqual(read(stream.getvalue().encode(), SHAPE)[0], content)

    @PROPERTY
    @given(TEXT)
    def test_no_text_is_a_formula(self, text):
        self.assertNotIn(escape(text)[0], "=+-@\t\r")
        self.assertEqual(unescape(escape(text)), text)

    @PROPERTY
    @given(st.none() | JSON)
    def test_further_key_keeps_its_value(self, value):
        self.assertEqual(from_cell(to_cell(value), None, "quiz"), value)

    @PROPERTY
    @given(st.binary() | TEXT.map(lambda text: f"{HEAD}\n{text}".encode()))
    def test_any_bytes_are_judged_and_never_fail(self, data):
        content, problems, _cells = read(data, SHAPE)
        self.assertTrue(content is not None or problems)

    def _problems(self, *lines, head=HEAD):
        _content, problems, _cells = read("\n".join((head, *lines)).encode(), SHAPE)
        return [
            (problem.code, *problem.cell(problem.field), problem.field)
            for problem in problems
        ]

    def test_each_mistake_has_its_line_and_column(self):
        good = "programme;Till;;;;;;;;"
        for lines, expected in (
            ((good, "dance;Count"), ("no_choice", 3, "A", "part")),
            ((good, good), ("second_programme", 3, "A", "part")),
            ((good, "criterion;Patient"), ("no_step_above", 3, "A", "part")),
            ((good, "", "step;Count;many"), ("wrong_type", 4, "C", "minutes")),
            ((good, "step;Count;1.5"), ("wrong_type", 3, "C", "minutes")),
            ((good, "step;Count;5;do;maybe"), ("wrong_type", 3, "E", "mandatory")),
            ((good, "step;A;;;;;3"), ("other_part", 3, "G", "weight")),
            ((good, "step;A;;;;;;[1"), ("no_json_cell", 3, "H", "quiz")),
            ((good, "step;A;;;;;;;;;;x"), ("no_heading_above", 3, "L", "")),
            ((good, "step;A", "criterion;B;;;;;9"), ("too_large", 4, "G", "weight")),
            ((good, "step;A", "criterion;B;;;;;0"), ("negative", 4, "G", "weight")),
            ((good, "step;A", "criterion;;;;;;2"), ("missing", 4, "B", "name")),
            (
                (good, "step;A", "criterion;B;;;;;;;;Desk"),
                ("other_part", 4, "J", "section:sv_SE"),
            ),
            ((good, 'step;"A', "step;B"), ("no_table", 3, "", "")),
        ):
            self.assertEqual(self._problems(*lines), [expected], lines)
        for head, expected in (
            ("part;name;colour", ("unknown_key", 1, "C", "colour")),
            ("part;name;name", ("double_column", 1, "C", "name")),
            ("part;name;name:Swedish", ("no_language", 1, "C", "name:Swedish")),
            ("part;name;name:en_US", ("no_language", 1, "C", "name:en_US")),
            ("name;part", ("no_heading", 1, "A", "")),
        ):
            found = self._problems("programme;Till", head=head)
            self.assertEqual(found, [expected], head)

    def test_files_that_are_no_table(self):
        for data, code in (
            ("part;name\nstep;é".encode("latin-1"), "no_utf8"),
            (b"part;name\nstep;A", "no_programme_line"),
            (b"x" * (programme_table.MAX_BYTES + 1), "too_big"),
        ):
            content, problems, _cells = read(data, SHAPE)
            self.assertIsNone(content)
            self.assertEqual([problem.code for problem in problems], [code])

    def test_written_by_hand(self):
        content, problems, cells = read(
            b"\xef\xbb\xbf Part ;name;minutes;mandatory;roles\r\n"
            b"Programme;Till;;;cashier, teller\r\n;;;;\r\nSTEP;Count; 15,0 ;No;\r\n",
            SHAPE,
        )
        self.assertEqual(problems, [])
        self.assertEqual(content["programme"]["roles"], ["cashier", "teller"])
        step = {"name": "Count", "minutes": 15, "mandatory": False, "criteria": []}
        self.assertEqual(content["steps"], [step])
        self.assertEqual(cells["step", 1]["minutes", "", None], (4, "C"))


@tagged("post_install", "-at_install")
class TestTableImportExport(FileFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("sv_SE")
        rule = cls.env["training.evidence.rule"].create(
            {
                "name": "Contacts made",
                "code": "test_contacts",
                "model_name": "res.partner",
                "user_field": "user_id",
                "date_field": "create_date",
            }
        )
        levels = {f"level_{number}": f"“{number}”;\nyes" for number in range(1, 5)}
        cls.programme.action_revise()
        cls.programme.with_context(lang="sv_SE").name = "Provprogram"
        _read, greet, desk, visit = cls.programme.step_ids
        greet.write(
            {
                "rubric": True,
                "criterion_ids": [
                    Command.create({"name": "Patient", "sequence": 0, **levels}),
                    Command.create({"name": "- Cordial", "weight": 3, **levels}),
                ],
            }
        )
        desk.write(
            {"kind": "evidence", "evidence_rule_id": rule.id, "evidence_count": 3}
        )
        visit.with_context(lang="sv_SE").name = "Besök lagret"
        cls.programme.action_publish()

    def _table(self, programme=None):
        return base64.b64decode((programme or self.programme).export_table)

    def _rows(self):
        text = self._table().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def _data(self, rows):
        stream = io.StringIO(newline="")
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
        return stream.getvalue().encode()

    def test_table_and_json_say_the_same(self):
        File = self.env["training.programme.file"]
        for programme in (
            self.programme,
            self.env.ref("front_office_training.programme_receptionist"),
            self.env.ref("front_office_training.programme_sales_representative"),
        ):
            content, problems, _cells = File._parse(self._table(programme))
            self.assertEqual(problems, [])
            self.assertEqual(content, self._exported(programme))

    def test_import_of_a_table_says_the_same(self):
        copy = self._import(self._table())
        self.assertEqual(copy._content_digest(), self.programme._content_digest())
        self.assertEqual(self._exported(copy), self._exported())
        self.assertEqual(self._table(copy), self._table())
        self.assertEqual(copy.with_context(lang="sv_SE").name, "Provprogram")

    def test_one_line_a_step_with_its_criteria_below(self):
        rows = self._rows()
        self.assertEqual(
            [row["part"] for row in rows],
            ["programme", "skill", "skill", "step", "step"]
            + ["criterion", "criterion", "step", "step"],
        )
        self.assertEqual(rows[0]["roles"], "test_receptionist")
        self.assertEqual(rows[0]["name:sv_SE"], "Provprogram")
        self.assertEqual(rows[6]["name"], "'- Cordial")
        self.assertEqual((rows[6]["weight"], rows[3]["mandatory"]), ("3", "yes"))
        self.assertEqual(rows[7]["evidence_rule"], "test_contacts")

    def test_all_that_is_wrong_is_said_with_line_and_column(self):
        rows = self._rows()
        letter = dict(
            zip(rows[0], map(programme_table.letter, range(99)), strict=False)
        )
        rows[0]["roles"] = "no_role"
        rows[1]["skill"] = "Sleeping"
        rows[3].update(name="", kind="dance")
        rows[4]["due_days"] = "-3"
        rows[5]["weight"] = "9"
        rows[6]["minutes"] = "5"
        rows[7]["evidence_rule"] = "test_nothing"
        rows[8]["mandatory"] = "perhaps"
        count = self.env["training.programme"].search_count([])
        with self.assertRaises(UserError) as caught:
            self._wizard(self._data(rows)).action_import()
        lines = str(caught.exception).split("\n")
        for line, name, sentence in (
            (2, "roles", "there is no role with the code “no_role”."),
            (3, "", "there is no skill “Sleeping” of the type “Test desk”."),
            (5, "name", "is missing."),
            (5, "kind", "“dance” is not one of: "),
            (6, "due_days", "must be 0 or more."),
            (7, "weight", "must not be beyond 5."),
            (8, "minutes", "a line of the kind “criterion” has no such field."),
            (9, "evidence_rule", "there is no rule of evidence with the code"),
            (10, "mandatory", "must be yes or no."),
        ):
            where = f"line {line}, "
            if name:
                where += f"column {letter[name]}, field {name}: "
            self.assertTrue(
                any(each.startswith(where) and sentence in each for each in lines),
                (where, sentence, lines),
            )
        self.assertEqual(len(lines), 9, lines)
        self.assertEqual(self.env["training.programme"].search_count([]), count)

    def test_translation_with_other_passages_names_its_cell(self):
        rows = self._rows()
        rows[3]["instructions:sv_SE"] = "<p>Läs.</p><p>Och igen.</p>"
        rows = [{"instructions:sv_SE": "", **row} for row in rows]
        rows = [{"part": row.pop("part"), **row} for row in rows]
        with self.assertRaisesRegex(
            UserError, "^line 5, column B, language sv_SE, field instructions: has 2 "
        ):
            self._wizard(self._data(rows)).action_import()

    def test_each_code_has_a_sentence(self):
        File = self.env["training.programme.file"]
        with open(programme_table.__file__) as source:
            text = source.read()
        for code in File._get_table_sentences({}):
            self.assertIn(f'"{code}"', text, "nothing says this any more")
        for data in (b"part\xff", b"nothing", b"part,name", b'part,name\nstep,"A'):
            self.assertEqual(len(File._read(data)[1]), 1)

    def test_who_exports(self):
        for user in (self.trainee_user, self.trainer_user, self.hr_user):
            programme = self.programme.with_user(user)
            with self.assertRaises(AccessError):
                programme.action_export_table()
            with self.assertRaises(AccessError):
                programme.read(["export_table"])


@tagged("post_install", "-at_install")
class TestTableDownload(FileFixture, HttpCase):
    def test_the_table_is_downloaded_by_a_manager_alone(self):
        programme = self.programme.with_user(self.manager_user)
        url = programme.action_export_table()["url"]
        self.authenticate("t_manager", "t_manager")
        answer = self.url_open(url)
        self.assertTrue(answer.content.startswith(b"\xef\xbb\xbfpart,name,"))
        self.assertIn("Test_programme.csv", answer.headers["Content-Disposition"])
        content = self.env["training.programme.file"]._parse(answer.content)[0]
        self.assertEqual(content, self._exported())
        self.authenticate("t_trainee", "t_trainee")
        self.assertGreaterEqual(self.url_open(url).status_code, 400)
