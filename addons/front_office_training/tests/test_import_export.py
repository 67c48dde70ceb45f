import base64
import doctest
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, Form, HttpCase, TransactionCase, tagged

from .. import programme_file
from ..programme_file import Field, document, parse, serialise, validate
from .test_programme_skill import SkillFixture

PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=150)
FIELDS = {
    "name": Field("text", required=True, translated=True),
    "section": Field("text", translated=True),
    "kind": Field("choice", required=True, has_default=True, choices=("read", "do")),
    "minutes": Field("integer"),
    "pass_mark": Field("number"),
    "mandatory": Field("boolean"),
}
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"))
PART = st.fixed_dictionaries(
    {"name": TEXT.filter(str.strip)},
    optional={
        "section": st.none() | TEXT,
        "kind": st.sampled_from(["read", "do"]),
        "minutes": st.integers(0, 2**31 - 1),
        "pass_mark": st.floats(0, 100) | st.integers(0, 100),
        "mandatory": st.booleans(),
        "translations": st.dictionaries(
            st.sampled_from(["sv_SE", "es_ES", "tl_PH", "sr@latin"]),
            st.fixed_dictionaries({}, optional={"name": TEXT, "section": TEXT}),
        ),
    },
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from([*FIELDS, "translations", "programme", "steps", "x"]), inner
    ),
    max_leaves=12,
)


@tagged("post_install", "-at_install")
class TestProgrammeFile(BaseCase):
    def _codes(self, data):
        content, problems = parse(data)
        self.assertEqual(content is None, bool(problems))
        return [problem.code for problem in problems]

    def test_examples_in_the_text(self):
        result = doctest.testmod(programme_file)
        self.assertGreater(result.attempted, 8)
        self.assertEqual(result.failed, 0)

    @PROPERTY
    @given(PART, st.lists(PART, max_size=4))
    def test_what_is_written_is_read(self, programme, steps):
        content = document(programme, steps)
        data = serialise(content)
        self.assertEqual(parse(data), (content, []))
        self.assertEqual(validate(content, FIELDS, FIELDS), [])
        self.assertEqual(serialise(parse(data)[0]), data)

    @PROPERTY
    @given(JSON, JSON)
    def test_any_content_is_judged_and_never_fails(self, programme, steps):
        content = document(programme, steps)
        problems = validate(content, FIELDS, FIELDS)
        for problem in problems:
            self.assertTrue(problem.code)
        if not problems:
            self.assertTrue(programme["name"].strip())
            self.assertTrue(all(step["name"].strip() for step in steps))

    @PROPERTY
    @given(st.binary())
    def test_any_bytes_are_judged_and_never_fail(self, data):
        content, problems = parse(data)
        self.assertNotEqual(content is None, not problems)

    def test_files_that_are_no_programme(self):
        for data, code in (
            (b"", "no_json"),
            (b"[" * 100_000, "no_json"),
            (b'{"a": ' + b"9" * 5000 + b"}", "no_json"),
            (b'{"a": NaN}', "no_number"),
            ("é".encode("latin-1"), "no_utf8"),
            (b'{"a": {"b": 1, "b": 2}}', "double_key"),
            (b"3", "no_object"),
            (b" " * (programme_file.MAX_BYTES + 1), "too_big"),
        ):
            self.assertEqual(self._codes(data), [code], data[:20])
        self.assertEqual(self._codes(b'\xef\xbb\xbf{"a": 1}'), [])

    def test_each_value_is_judged(self):
        for field, value, code in (
            ("name", "", "empty"),
            ("name", " \n", "empty"),
            ("name", None, "empty"),
            ("name", 3, "wrong_type"),
            ("section", "a\x00", "unstorable"),
            ("section", "\ud800", "unstorable"),
            ("kind", "dance", "no_choice"),
            ("kind", None, "wrong_type"),
            ("minutes", 1.5, "wrong_type"),
            ("minutes", True, "wrong_type"),
            ("minutes", 10**400, "too_large"),
            ("pass_mark", float("inf"), "too_large"),
            ("pass_mark", -0.5, "negative"),
            ("mandatory", "yes", "wrong_type"),
            ("colour", "red", "unknown_key"),
            ("translations", [], "no_part"),
            ("translations", {"en_US": {}}, "no_language"),
            ("translations", {"Swedish": {}}, "no_language"),
            ("translations", {"sv_SE": "x"}, "no_part"),
            ("translations", {"sv_SE": {"minutes": 3}}, "unknown_key"),
            ("translations", {"sv_SE": {"name": 3}}, "wrong_type"),
        ):
            content = document(
                {"name": "A"}, [{"name": "B"}, {"name": "C", field: value}]
            )
            problems = validate(content, FIELDS, FIELDS)
            self.assertEqual([problem.code for problem in problems], [code], field)
            self.assertEqual((problems[0].section, problems[0].number), ("step", 2))

    def test_frame_is_judged(self):
        good = document({"name": "A"}, [])
        for change, code in (
            ({"format": "x"}, "other_format"),
            ({"format_version": 2}, "other_version"),
            ({"format_version": True}, "other_version"),
            ({"programme": None}, "no_part"),
            ({"steps": {}}, "no_list"),
            ({"steps": [3]}, "no_part"),
            ({"step": []}, "unknown_key"),
        ):
            problems = validate({**good, **change}, FIELDS, FIELDS)
            self.assertEqual([problem.code for problem in problems], [code])


class FileFixture(SkillFixture):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls._set_up_skills()
        cls._develops(cls.programme, greeting=75, calling=50)
        cls.programme.write(
            {
                "description": "<p>For the desk.</p>",
                "validity_months": 12,
                "reminder_days": 5,
            }
        )

    def _exported(self, programme=None):
        return json.loads(base64.b64decode((programme or self.programme).export_file))

    def _wizard(self, content, user=None, **vals):
        data = content if isinstance(content, bytes) else serialise(content)
        return (
            self.env["training.programme.import"]
            .with_user(user or self.manager_user)
            .create({"file": base64.b64encode(data), **vals})
        )

    def _import(self, content, **vals):
        action = self._wizard(content, **vals).action_import()
        return self.env["training.programme"].browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestImportExport(FileFixture, TransactionCase):
    def test_import_of_an_export_says_the_same(self):
        copy = self._import(self._exported())
        self.assertEqual((copy.state, copy.version), ("draft", 0))
        self.assertEqual(copy._content_digest(), self.programme._content_digest())
        self.assertEqual(self._exported(copy), self._exported())
        for name in ("name", "description", "validity_months", "reminder_days"):
            self.assertEqual(copy[name], self.programme[name])
        self.assertEqual(copy.role_ids, self.role)
        self.assertEqual(
            {line.skill_id: line.level_progress for line in copy.skill_ids},
            {self.greeting: 75, self.calling: 50},
        )
        copy.action_publish()
        self.assertEqual(copy.published_digest, self.programme.published_digest)

    def test_shipped_programmes_survive_the_journey(self):
        for name in ("receptionist", "sales_representative"):
            programme = self.env.ref(f"front_office_training.programme_{name}")
            copy = self._import(self._exported(programme))
            self.assertEqual(copy._content_digest(), programme._content_digest())

    def test_every_copied_column_is_in_the_file(self):
        step = self._exported()["steps"][0]
        Step = self.env["training.step"]
        own = {
            name.removesuffix("_id")
            for name in Step._snapshot_fields()
            if "front_office_training" in Step._fields[name]._modules
        }
        self.assertLessEqual(own, set(step))

    def test_translations_come_along(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.programme.action_revise()
        swedish = self.programme.with_context(lang="sv_SE")
        swedish.name = "Provprogram"
        swedish.step_ids[0].name = "Läs"
        self.programme.step_ids[0].update_field_translations(
            "instructions", {"sv_SE": {"Read them.": "Läs dem."}}
        )
        content = self._exported(swedish)
        self.assertEqual(content["programme"]["name"], "Test programme")
        self.assertEqual(
            content["steps"][0]["translations"],
            {"sv_SE": {"name": "Läs", "instructions": "<p>Läs dem.</p>"}},
        )
        self.assertNotIn("translations", content["steps"][1])
        self.manager_user.lang = "sv_SE"
        copy = self._import(content)
        self.assertEqual(copy.with_context(lang="sv_SE").name, "Provprogram")
        self.assertEqual(copy.with_context(lang="en_US").name, "Test programme")
        step = copy.step_ids[0].with_context(lang="sv_SE")
        self.assertEqual((step.name, step.instructions), ("Läs", "<p>Läs dem.</p>"))
        self.assertEqual(self._exported(copy), content)
        self.assertEqual(copy._content_digest(), self.programme._content_digest())

    def test_translation_with_other_passages_is_refused(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        content = self._exported()
        translations = {"instructions": "<p>Läs.</p><p>Och igen.</p>", "section": ""}
        content["steps"][0]["translations"] = {"sv_SE": translations}
        with self.assertRaisesRegex(
            UserError,
            "^step 1, language sv_SE, field instructions: has 2 passages and the "
            "source 1",
        ):
            self._wizard(content).action_import()
        translations["instructions"] = "<p>Läs dem.</p><script>alert(1)</script>"
        step = self._import(content).step_ids[0].with_context(lang="sv_SE")
        self.assertEqual(step.instructions, "<p>Läs dem.</p>")
        self.assertEqual(step.section, "Desk")

    def test_language_that_is_not_active_is_left_out_and_said(self):
        content = self._exported()
        content["programme"]["translations"] = {"fi_FI": {"name": "Ohjelma"}}
        copy = self._import(content)
        self.assertIn("fi_FI", copy.message_ids[0].body)

    def test_file_written_by_hand(self):
        copy = self._import(
            document({"name": "Till"}, [{"name": "Count"}, {"name": "Close"}])
        )
        self.assertEqual(copy.step_ids.mapped("name"), ["Count", "Close"])
        self.assertEqual(copy.step_ids.mapped("sequence"), [10, 20])
        self.assertEqual(copy.step_ids[0].due_days, 7, "the default")

    def test_all_that_is_wrong_is_said_at_once(self):
        content = self._exported()
        content["programme"].update(
            name="",
            colour=3,
            roles=["test_receptionist", "no_role"],
            skills=[
                {"type": "Test desk", "skill": "Greeting", "level": "Level 75"},
                {"type": "Test desk", "skill": "Greeting", "level": "Level 25"},
                {"type": "Test desk", "skill": "Sleeping", "level": "Level 25"},
                {"type": "Test desk", "skill": "Calling", "level": "Level 9"},
            ],
        )
        content["steps"][2].update(due_days=-3, kind="dance", signoff="boss")
        del content["steps"][0]["name"]
        count = self.env["training.programme"].search_count([])
        with self.assertRaises(UserError) as caught:
            self._wizard(content).action_import()
        lines = str(caught.exception).split("\n")
        for expected in (
            "programme, field name: must not be empty.",
            "programme, field colour: there is no such field. Is an app missing here?",
            "programme, field roles: there is no role with the code “no_role”.",
            "programme, field skills: “Greeting” stands there twice.",
            "programme, field skills: there is no skill “Sleeping” of the type "
            "“Test desk”.",
            "programme, field skills: the skill “Calling” has no level “Level 9”.",
            "step 1, field name: is missing.",
            "step 3, field due_days: must be 0 or more.",
            "step 3, field kind: “dance” is not one of: ",
            "step 3, field signoff: “boss” is not one of: none, trainer, manager.",
        ):
            self.assertTrue(any(line.startswith(expected) for line in lines), expected)
        self.assertEqual(len(lines), 10)
        self.assertEqual(self.env["training.programme"].search_count([]), count)

    def test_the_form_shows_what_is_wrong_before_the_button(self):
        form = Form(self.env["training.programme.import"].with_user(self.manager_user))
        form.file = base64.b64encode(b"{")
        self.assertIn("line 1, column 2", form.problems)
        self.assertFalse(form.preview)
        form.file = self.programme.export_file
        self.assertFalse(form.problems)
        self.assertEqual(form.preview, "“Test programme”: 4 steps.")

    def test_each_code_has_a_sentence(self):
        File = self.env["training.programme.file"]
        with open(programme_file.__file__) as source:
            text = source.read()
        sentences = File._get_file_sentences({}) | File._get_value_sentences({})
        for code in sentences:
            self.assertIn(f'"{code}"', text, "nothing says this any more")
        for data in (b"\xff", b"{", b'{"a": NaN}', b'{"a": 1, "a": 1}', b"[]"):
            self.assertEqual(len(File._read(data)[1]), 1)

    def test_roles_and_skills_of_a_wrong_shape(self):
        for part in (
            {"roles": "receptionist"},
            {"roles": [3]},
            {"roles": ["a\x00b"]},
            {"skills": {}},
            {"skills": [{"skill": "Greeting"}]},
            {"skills": [{"type": 1, "skill": "Greeting", "level": "Level 25"}]},
        ):
            content = document({"name": "A", **part}, [])
            with self.assertRaisesRegex(UserError, "^programme, field (roles|skills)"):
                self._wizard(content).action_import()
        self._import(document({"name": "A", "roles": None, "skills": None}, []))

    def test_two_skills_of_one_name_are_said(self):
        self.greeting.copy({"name": "Greeting"})
        with self.assertRaisesRegex(UserError, "several skills “Greeting”"):
            self._wizard(self._exported()).action_import()

    def test_role_of_a_company_goes_with_its_company(self):
        self.programme.company_id = self.company
        self.role.company_id = self.company
        with self.assertRaisesRegex(UserError, "belongs to one company"):
            self._wizard(self._exported()).action_import()
        copy = self._import(self._exported(), company_id=self.company.id)
        self.assertEqual(copy.company_id, self.company)

    def test_a_broken_upload_is_said(self):
        wizard = self._wizard(b"{}")
        wizard.file = b"no base64!"
        with self.assertRaisesRegex(UserError, "did not arrive whole|no JSON|no text"):
            wizard.action_import()

    def test_an_add_on_adds_what_is_no_plain_field(self):
        File = type(self.env["training.programme.file"])

        def export_step(file, step):
            return {**origin_export(file, step), "materials": [step.name]}

        def import_step(file, part, problem):
            if part.get("materials") == []:
                problem("materials", "needs one.")
            return origin_import(file, part, problem)

        origin_keys = File._get_step_keys
        origin_export, origin_import = File._export_step, File._import_step
        self.patch(
            File, "_get_step_keys", lambda file: [*origin_keys(file), "materials"]
        )
        self.patch(File, "_export_step", export_step)
        self.patch(File, "_import_step", import_step)
        content = self._exported()
        self.assertEqual(content["steps"][1]["materials"], ["Greet a visitor"])
        self._import(content)
        content["steps"][1]["materials"] = []
        with self.assertRaisesRegex(UserError, "^step 2, field materials: needs one.$"):
            self._wizard(content).action_import()

    def test_rule_of_evidence_goes_by_its_code(self):
        rule = self.env["training.evidence.rule"].create(
            {
                "name": "Contacts made",
                "code": "test_contacts",
                "model_name": "res.partner",
                "user_field": "user_id",
                "date_field": "create_date",
            }
        )
        self.programme.action_revise()
        self.programme.step_ids[1].write(
            {"kind": "evidence", "evidence_rule_id": rule.id, "evidence_count": 3}
        )
        self.programme.action_publish()
        content = self._exported()
        self.assertEqual(content["steps"][1]["evidence_rule"], "test_contacts")
        step = self._import(content).step_ids[1]
        self.assertEqual((step.evidence_rule_id, step.evidence_count), (rule, 3))
        for bad in ("test_nothing", 5):
            content["steps"][1]["evidence_rule"] = bad
            with self.assertRaisesRegex(UserError, "step 2, field evidence_rule: "):
                self._wizard(content).action_import()

    def test_nothing_to_import_is_said(self):
        with self.assertRaisesRegex(UserError, "holds no programme"):
            self.env["training.programme.file"]._import(None)

    def test_who_exports_and_imports(self):
        for user in (self.trainee_user, self.trainer_user, self.hr_user):
            programme = self.programme.with_user(user)
            with self.assertRaises(AccessError):
                programme.action_export()
            with self.assertRaises(AccessError):
                programme.read(["export_file"])
            with self.assertRaises(AccessError):
                self._wizard(self._exported(), user)
        programme = self.programme.with_user(self.manager_user)
        self.assertIn("filename=Test_programme.json", programme.action_export()["url"])
        self.programme.company_id = self.company
        stranger = self._manager_elsewhere()
        with self.assertRaises(AccessError):
            programme.with_user(stranger).action_export()
        with self.assertRaises(AccessError):
            programme.with_user(stranger).read(["export_file"])


@tagged("post_install", "-at_install")
class TestDownload(FileFixture, HttpCase):
    def test_the_file_is_downloaded_by_a_manager_alone(self):
        url = self.programme.with_user(self.manager_user).action_export()["url"]
        self.authenticate("t_manager", "t_manager")
        answer = self.url_open(url)
        self.assertEqual(answer.json(), self._exported())
        self.assertIn("Test_programme.json", answer.headers["Content-Disposition"])
        self.authenticate("t_trainee", "t_trainee")
        self.assertGreaterEqual(self.url_open(url).status_code, 400)
