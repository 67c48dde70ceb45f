from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user
from odoo.tools import mute_logger

from .background_common import BackgroundCommon

RECRUITER = "hr_recruitment.group_hr_recruitment_user"
# a recruiter may do the same with a button
HARMLESS = {"office_every_role"}


class ApplicationAttackCommon(BackgroundCommon):
    """Ada has applied; Mallory is nobody, and applies with more than she is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_applicant_skill(cls.ada, cls.greeting, 75)
        cls._commit_matches()
        cls.version = cls.env["office.role.version"].create(
            [cls.role_desk._get_version_vals("2026-03-16")]
        )

    @classmethod
    def _get_own_fields(cls):
        """Return the names of the fields that this add-on has put on applications."""
        return sorted(
            name
            for name, field in cls.env["hr.applicant"]._fields.items()
            if field._modules and field._modules[0] == "office_role_hiring"
        )

    def _get_forged_values(self):
        """Return values for fields of ours, as text as in a form."""
        match = self.ada.office_role_match_id
        values = {
            "office_role_match_id": match.id,
            "office_role_version_id": self.version.id,
            "office_role_id": self.role_till.id,
            "office_match_score": 100,
            "office_match_has_score": 1,
            "office_match_fit": "fit",
            "office_match_missed": 0,
            "office_match_line_ids": self.ada.office_match_line_ids.ids[0],
            "office_every_role": 1,
            "office_in_pool": 1,
            "office_refuse_type": "other",
            "office_refuse_skill_ids": self.greeting.id,
            "office_decision_ids": 1,
            "office_anonymised_on": "2026-01-01 00:00:00",
            "office_anonymised_note": "Gone",
            "office_anonymise_error": "None",
            "interview_round_ids": self.round.id,
            "interview_scorecard_ids": self.round.scorecard_ids.ids[0],
            "background_check_ids": self.check.id,
            "background_status": "complete",
        }
        self.assertLessEqual(values.keys(), set(self._get_own_fields()))
        return {name: str(value) for name, value in values.items()}

    def _set_up_ada(self):
        """Give Ada an interview and a background check that could be taken away."""
        users = self._create_user("attack_ivy") + self._create_user("attack_ian")
        self.round = self.env["interview.round"].create(
            {
                "applicant_id": self.ada.id,
                "interviewer_ids": [Command.set(users.ids)],
            }
        )
        self.round.action_plan()
        self.round.action_open()
        self.check = self.env["hr.background.check"].create(
            {"applicant_id": self.ada.id, "type_id": self.identity.id}
        )

    def _assert_untouched(self, applicant):
        """Assert that an application has nothing that is ours but its own match."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(applicant.office_role_match_id.applicant_id, applicant)
        self.assertEqual(applicant.office_role_id, self.role_desk)
        self.assertEqual(applicant.office_match_score, 0)
        self.assertEqual(applicant.office_match_missed, 1)
        self.assertNotEqual(applicant.background_status, "complete")
        for name in (
            "office_role_version_id",
            "office_every_role",
            "office_in_pool",
            "office_refuse_skill_ids",
            "office_decision_ids",
            "office_anonymised_on",
            "office_anonymised_note",
            "office_anonymise_error",
            "interview_round_ids",
            "interview_scorecard_ids",
            "background_check_ids",
        ):
            with self.subTest(name):
                self.assertFalse(applicant[name])
        self.assertEqual(self.round.applicant_id, self.ada)
        self.assertEqual(self.check.applicant_id, self.ada)
        self.assertEqual(
            self.env["hr.applicant.self.identification"].search_count(
                [("applicant_id", "=", applicant.id)]
            ),
            0,
        )


class TestApplicationForm(ApplicationAttackCommon, HttpCase):
    """A stranger fills in the form of the website, by hand and with more fields."""

    def setUp(self):
        super().setUp()
        self._set_up_ada()
        # with Odoo's website only; the tests run without it, too
        self.has_forms = (
            "website_form_blacklisted" in self.env["ir.model.fields"]._fields
        )
        if self.has_forms:
            # as the website's recruitment does
            self.env["ir.model"]._get("hr.applicant").website_form_access = True
            self._whitelist(["partner_name", "email_from", "job_id"])

    def _whitelist(self, names):
        self.env["ir.model.fields"].formbuilder_whitelist("hr.applicant", names)
        self.env.invalidate_all()

    def _apply(self):
        """Post the form; return the application that came of it."""
        self.env.flush_all()
        page = self.url_open(
            "/website/form/hr.applicant",
            data={
                **self._get_forged_values(),
                "partner_name": "Mallory",
                "email_from": "mallory@example.com",
                "job_id": str(self.job_desk.id),
            },
        )
        applicant = self.env["hr.applicant"].search([("partner_name", "=", "Mallory")])
        if self.has_forms:
            self.assertEqual(page.json(), {"id": applicant.id})
        else:
            self.assertEqual((page.status_code, len(applicant)), (404, 0))
        return applicant

    def test_a_stranger_sets_nothing(self):
        for applicant in self._apply():
            self._assert_untouched(applicant)

    def test_not_even_where_the_form_was_opened_for_it(self):
        # a website designer may add any field that the form builder offers; the values
        # then come from anybody and are written as superuser
        if self.has_forms:
            self._whitelist(self._get_own_fields())
        for applicant in self._apply():
            self._assert_untouched(applicant)

    def test_no_field_of_ours_is_open_or_offered(self):
        names = self._get_own_fields()
        self.assertGreater(len(names), 25)
        # the form builder offers what is not readonly
        offered = self.env["hr.applicant"].fields_get(names, ["readonly"])
        self.assertEqual(
            [name for name in offered if not offered[name]["readonly"]], []
        )
        if self.has_forms:
            open_fields = self.env["ir.model.fields"].search(
                [
                    ("model", "=", "hr.applicant"),
                    ("name", "in", names),
                    ("website_form_blacklisted", "=", False),
                ]
            )
            self.assertFalse(open_fields)


class TestApplicationMail(ApplicationAttackCommon):
    """A stranger writes to the address of the job position."""

    def setUp(self):
        super().setUp()
        self._set_up_ada()

    def test_headers_and_text_set_nothing(self):
        domain = self.env["mail.alias.domain"].create({"name": "attack.example.com"})
        self.job_desk.alias_id.write(
            {"alias_domain_id": domain.id, "alias_name": "attack-desk"}
        )
        forged = self._get_forged_values()
        headers = "".join(
            f"{prefix}{name}: {value}\n"
            for name, value in forged.items()
            for prefix in ("X-Odoo-", "default_", "")
        )
        message = (
            f"{headers}From: Mallory <mallory@example.com>\n"
            f"To: attack-desk@{domain.name}\n"
            "Subject: office_match_score=100 stage_id=3\n"
            "Message-Id: <attack-1@example.com>\nMIME-Version: 1.0\n"
            "Content-Type: text/plain\n\n"
            + "\n".join(f"{name}: {value}" for name, value in forged.items())
        )
        applicant_id = self.env["mail.thread"].message_process(None, message)
        applicant = self.env["hr.applicant"].browse(applicant_id)
        self.assertEqual(applicant.partner_name, "Mallory")
        self.assertEqual(applicant.job_id, self.job_desk)
        self.assertEqual(applicant.stage_id, self.job_desk._get_first_stage())
        self._assert_untouched(applicant)

    def test_an_answer_to_a_known_message_changes_nothing(self):
        known = self.ada.message_post(body="Hello", message_type="comment")
        message = (
            "From: Mallory <mallory@example.com>\nTo: catchall@example.com\n"
            f"Subject: stage_id=3\nReferences: {known.message_id}\n"
            "Message-Id: <attack-2@example.com>\n"
            "office_match_score: 100\n\nbackground_status: complete\n"
        )
        before = self.ada.read(self._get_stored())
        self.env["mail.thread"].message_process("hr.applicant", message)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.ada.message_ids[0].message_id, "<attack-2@example.com>")
        self.assertEqual(self.ada.read(self._get_stored()), before)

    def _get_stored(self):
        fields = self.env["hr.applicant"]._fields
        return [
            "stage_id",
            "job_id",
            *(name for name in self._get_own_fields() if fields[name].store),
        ]


class TestApplicationRoutes(ApplicationAttackCommon):
    """Import, RPC and the portal."""

    def setUp(self):
        super().setUp()
        self._set_up_ada()
        self.recruiter = self._create_user("attack_recruiter", RECRUITER)
        self.mallory = self._create_applicant("Mallory", self.job_desk)

    @mute_logger("odoo.models", "odoo.sql_db")
    def test_a_recruiter_forges_nothing_by_import(self):
        applicants = self.env["hr.applicant"].with_user(self.recruiter)
        for name, value in self._get_forged_values().items():
            if name in HARMLESS:
                continue
            relational = applicants._fields[name].relational
            column = f"{name}/.id" if relational else name
            with self.subTest(name):
                try:
                    with self.env.cr.savepoint():
                        applicants.load(
                            [".id", column], [[str(self.mallory.id), value]]
                        )
                except (AccessError, UserError, ValueError):
                    self.env.invalidate_all()
                self._assert_untouched(self.mallory)

    @mute_logger("odoo.models", "odoo.sql_db")
    def test_a_recruiter_forges_nothing_by_rpc(self):
        mallory = self.mallory.with_user(self.recruiter)
        fields = mallory._fields
        for name, value in self._get_forged_values().items():
            if name in HARMLESS:
                continue
            forged = value
            if fields[name].type == "many2one":
                forged = int(value)
            elif fields[name].relational:
                forged = [Command.link(int(value))]
            with self.subTest(name):
                try:
                    with self.env.cr.savepoint():
                        mallory.write({name: forged})
                except (AccessError, UserError, ValueError):
                    self.env.invalidate_all()
                self._assert_untouched(self.mallory)

    def test_strangers_have_no_way_in(self):
        portal = new_test_user(self.env, "attack_portal", groups="base.group_portal")
        own = [
            name
            for name, model in self.env.registry.items()
            if model._original_module == "office_role_hiring" and not model._abstract
        ]
        self.assertIn("interview.scorecard", own)
        for user in (portal, self.env.ref("base.public_user")):
            for name in ("hr.applicant", *own):
                model = self.env[name].with_user(user)
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(model=name, user=user.login, operation=operation):
                        self.assertFalse(model.has_access(operation))
