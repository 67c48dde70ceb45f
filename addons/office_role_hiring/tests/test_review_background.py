from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .background_common import INTERVIEWER, REPORT, SIGNED, BackgroundCommon


@tagged("post_install", "-at_install")
class TestReviewBackground(BackgroundCommon):
    """Results, and the stage that waits for them, by every other route."""

    def _get_routes_of_new(self):
        """Return ways to create somebody where checks must be complete."""
        applicants = self.env["hr.applicant"].with_user(self.recruiter)
        values = {"partner_name": "Bo", "job_id": self.job_desk.id}
        waiting = applicants.with_context(default_stage_id=self.contract.id)

        def load():
            result = applicants.load(
                ["partner_name", "job_id/.id", "stage_id/.id"],
                [["Im", str(self.job_desk.id), str(self.contract.id)]],
            )
            if not result["ids"]:
                raise UserError(result["messages"][0]["message"])

        return {
            "create": lambda: applicants.create(
                {**values, "stage_id": self.contract.id}
            ),
            "default": lambda: waiting.create(values),
            "later stage": lambda: applicants.create(
                {**values, "stage_id": self.signed.id}
            ),
            "import": load,
        }

    def test_nobody_begins_past_the_stage(self):
        for name, route in self._get_routes_of_new().items():
            with self.subTest(name), self._refused("checks that are missing"):
                route()

    def test_no_route_past_the_stage(self):
        applicants = self.env["hr.applicant"].with_user(self.recruiter)
        other = self._create_job("Without a role")
        elsewhere = applicants.create({"partner_name": "Cy", "job_id": other.id})
        elsewhere.stage_id = self.contract
        loose = applicants.create(
            {"partner_name": "Di", "job_id": False, "stage_id": self.contract.id}
        )
        ada = self.ada.with_user(self.recruiter)
        ada.active = False
        desk, contract = self.job_desk, self.contract.id
        moved = [Command.update(ada.id, {"stage_id": contract})]
        linked = [Command.link(elsewhere.id)]
        routes = {
            "job": lambda: elsewhere.write({"job_id": desk.id}),
            "job given later": lambda: loose.write({"job_id": desk.id}),
            "through the job": lambda: desk.write({"application_ids": moved}),
            "unarchived": lambda: ada.write({"active": True, "stage_id": contract}),
            "copy": lambda: ada.copy({"job_id": desk.id, "stage_id": contract}),
            "linked": lambda: desk.write({"application_ids": linked}),
        }
        for name, route in routes.items():
            with self.subTest(name), self._refused("checks that are missing"):
                route()

    def test_a_talent_gets_no_further(self):
        pool = self.env["hr.talent.pool"].create({"name": "Pool"})
        self._clear(check_type=self.identity)
        self._clear()
        ada = self.ada.with_user(self.recruiter)
        ada.stage_id = self.contract
        wizard = (
            self.env["talent.pool.add.applicants"]
            .with_user(self.recruiter)
            .create(
                {
                    "applicant_ids": [Command.set(ada.ids)],
                    "talent_pool_ids": [Command.set(pool.ids)],
                }
            )
        )
        talent = wizard._add_applicants_to_pool()
        with self._refused("checks that are missing"):
            talent.write({"job_id": self.job_desk.id, "stage_id": self.contract.id})
        add = (
            self.env["job.add.applicants"]
            .with_user(self.recruiter)
            .create(
                {
                    "applicant_ids": [Command.set(talent.ids)],
                    "job_ids": [Command.set(self.job_desk.ids)],
                }
            )
        )
        self.assertEqual(add._add_applicants_to_job().stage_id, self.first)

    def test_results_by_other_routes(self):
        check = self._adverse(note="Secret note")
        users = self.recruiter + self._create_user(
            "review_hr",
            "hr.group_hr_manager,hr_recruitment.group_hr_recruitment_manager",
        )
        self._allow_export(*users)
        for user in users:
            applicant = self.ada.with_user(user)
            applicants = self.env["hr.applicant"].with_user(user)
            routes = {
                "path": lambda a=applicants: a.search(
                    [("background_check_ids.result", "=", "adverse")]
                ),
                "web_read": lambda a=applicant: a.web_read(
                    {"background_check_ids": {"fields": {"result": {}}}}
                ),
                "export": lambda a=applicant: a.export_data(
                    ["background_check_ids/result"]
                ),
                "count": lambda a=applicant: a.read(["background_check_count"]),
                "name_search": lambda u=user: check.with_user(u).name_search("Ada"),
                "group": lambda u=user: check.with_user(u).formatted_read_group(
                    [], ["result"], ["__count"]
                ),
                "onchange": lambda u=user: check.with_user(u)
                .browse()
                .onchange({}, [], {"notice_email": {}}),
                "copy": lambda u=user: check.with_user(u).copy(),
            }
            for name, route in routes.items():
                with (
                    self.subTest(user=user.login, route=name),
                    self.assertRaises(AccessError),
                ):
                    route()
            for model, domain in (
                ("mail.message", [("model", "=", check._name)]),
                ("mail.activity", [("res_model", "=", check._name)]),
            ):
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).search(domain))

    def test_closed_by_every_route(self):
        check = self._clear()
        for values in (
            {"background_check_ids": [Command.update(check.id, {"note": "x"})]},
            {"background_check_ids": [Command.delete(check.id)]},
            {"background_check_ids": [Command.clear()]},
        ):
            with self.subTest(values), self._refused("closed|cannot|stays"):
                self.ada.with_user(self.officer).write(values)
        for name, value, error in (
            ("erased_on", "2026-01-01", UserError),
            ("decision", "hired", IntegrityError),
            ("state", "done", IntegrityError),
            ("ordered_on", "2026-01-01", IntegrityError),
        ):
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
                self.env.cr.savepoint(),
            ):
                check.with_context(**{f"default_{name}": value}).create(
                    {"applicant_id": self.ada.id, "type_id": self.criminal.id}
                )
            self.env.invalidate_all()

    def test_no_file_takes_the_place_of_a_report(self):
        check = self._ordered()
        check.write({"report_file": REPORT, "report_filename": "report.pdf"})
        check.action_result_clear()
        files = self.env["ir.attachment"].with_user(self.officer)
        values = {"name": "report_file", "datas": SIGNED}
        owner = {"res_model": check._name, "res_id": check.id}
        for field in ("report_file", "consent_document"):
            with self.subTest(field), self._refused("stay as they are"):
                files.create({**values, **owner, "res_field": field})
            with self.subTest(field), self._refused("stay as they are"):
                files.create(values).write({**owner, "res_field": field})
        files.create({**values, **owner})
        self.assertEqual(check.report_file, REPORT)

    def test_no_path_leads_round_the_applicant(self):
        self._adverse()
        for user in (self.recruiter, self._create_user("review_iv", INTERVIEWER)):
            self.ada.interviewer_ids = [Command.link(user.id)]
            for model, path in (
                ("office.role.match", "applicant_id"),
                ("office.role.match.line", "applicant_id"),
                ("interview.round", "applicant_id"),
                ("office.role.match", "applicant_id.job_id.application_ids"),
            ):
                with self.subTest(model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search(
                        [(f"{path}.background_check_ids.result", "=", "adverse")]
                    )
