from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .common import TrainingFixture


@tagged("post_install", "-at_install")
class TestSecurity(TrainingFixture, TransactionCase):
    """Who sees what, and what is refused by every route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()
        cls.enrolment = cls._enrol()
        cls.foreign = cls._enrol(cls.colleague)
        cls.read, cls.greet, cls.desk, cls.visit = cls._steps(cls.enrolment)
        cls.elsewhere = cls._manager_elsewhere()

    def _visible(self, user, model="training.enrolment"):
        return (
            self.env[model]
            .with_user(user)
            .search([("programme_id", "=", self.programme.id)])
        )

    # --- who sees what ----------------------------------------------------------

    def test_enrolments_that_each_sees(self):
        both = self.enrolment + self.foreign
        for user, expected in (
            (self.trainee_user, self.enrolment),
            (self.colleague_user, self.foreign),
            (self.boss_user, self.enrolment),
            (self.trainer_user, both),
            (self.manager_user, both),
            (self.hr_user, both),
            (self.elsewhere, both.browse()),
        ):
            self.assertEqual(self._visible(user), expected, user.login)
            self.assertEqual(
                self._visible(user, "training.enrolment.step").enrolment_id,
                expected,
                user.login,
            )

    def test_trainer_sees_their_own_trainees_only(self):
        other = self._user("t_other", "front_office_training.group_training_trainer")
        self.assertFalse(self._visible(other))
        self.foreign.trainer_id = other
        self.assertEqual(self._visible(other), self.foreign)
        with self.assertRaises(AccessError):
            self.greet.with_user(other).read(["note"])

    def test_group_by_and_count_tell_a_stranger_nothing(self):
        Step = self.env["training.enrolment.step"].with_user(self.colleague_user)
        domain = [("enrolment_id", "=", self.enrolment.id)]
        self.assertFalse(Step._read_group(domain, ["state"], ["__count"]))
        self.assertEqual(Step.search_count(domain), 0)
        self.assertFalse(Step.name_search("Greet", domain))

    def test_export_and_chatter_are_refused_to_a_stranger(self):
        self.colleague_user.group_ids = [
            Command.link(self.env.ref("base.group_allow_export").id)
        ]
        enrolment = self.enrolment.with_user(self.colleague_user)
        with self.assertRaises(AccessError):
            enrolment.export_data(["employee_id/name", "progress"])
        with self.assertRaises(AccessError):
            enrolment.message_post(body="Hello")
        with self.assertRaises(AccessError):
            self._rpc(
                self.colleague_user, "training.enrolment", "read", self.enrolment.ids
            )

    def test_trainee_may_write_in_the_chatter(self):
        message = self.enrolment.with_user(self.trainee_user).message_post(body="Hello")
        self.assertIn("Hello", message.body)

    def test_plain_employee_reads_the_name_of_the_trainee(self):
        values = self._rpc(
            self.trainee_user,
            "training.enrolment.step",
            "web_search_read",
            [("enrolment_id", "=", self.enrolment.id)],
            {"name": {}, "employee_id": {"fields": {"display_name": {}}}},
        )
        self.assertEqual(values["length"], 4)
        self.assertEqual(
            values["records"][0]["employee_id"]["display_name"], "Test trainee"
        )

    # --- what each may do -------------------------------------------------------

    def test_plain_employee_over_rpc(self):
        Enrolment, Step = "training.enrolment", "training.enrolment.step"
        refused = [
            (
                Enrolment,
                "create",
                [{"employee_id": self.trainee.id, "programme_id": self.programme.id}],
            ),
            (
                Enrolment,
                "write",
                self.enrolment.ids,
                {"trainer_id": self.trainee_user.id},
            ),
            (Enrolment, "write", self.enrolment.ids, {"is_cancelled": True}),
            (Enrolment, "unlink", self.enrolment.ids),
            (Step, "create", [{"enrolment_id": self.enrolment.id, "name": "x"}]),
            (Step, "unlink", self.greet.ids),
            (Step, "write", self.greet.ids, {"state": "signed"}),
            (Step, "web_save", self.greet.ids, {"state": "signed"}, {}),
            (Step, "action_sign", self.greet.ids),
            (Step, "action_done", self.foreign.step_ids.ids),
            (Step, "action_undo", self.foreign.step_ids.ids),
            (Step, "action_request_signoff", self.foreign.step_ids.ids),
            ("training.programme", "write", self.programme.ids, {"name": "x"}),
            ("training.programme", "action_publish", self.programme.ids),
            ("training.programme", "action_revise", self.programme.ids),
            ("training.programme", "action_retire", self.programme.ids),
            ("training.step", "write", self.programme.step_ids.ids, {"name": "x"}),
            (
                "training.step",
                "create",
                [{"programme_id": self.programme.id, "name": "x"}],
            ),
            ("training.enrol", "create", [{"programme_ids": self.programme.ids}]),
            ("training.enrolment.cancel", "create", [{"reason": "x"}]),
        ]
        for model, method, *args in refused:
            with self.subTest(f"{model}.{method}"), self.assertRaises(AccessError):
                self._rpc(self.trainee_user, model, method, *args)

    def test_private_methods_are_no_rpc(self):
        for model, method, ids in (
            ("training.enrolment.step", "_fail", self.greet.ids),
            ("training.enrolment.step", "_waive", self.greet.ids),
            ("training.enrolment", "_cancel", self.enrolment.ids),
            ("training.programme", "_enrol", self.programme.ids),
        ):
            with self.assertRaises(AccessError):
                self._rpc(self.manager_user, model, method, ids, "x")

    def test_import_signs_nothing(self):
        result = (
            self.env["training.enrolment.step"]
            .with_user(self.manager_user)
            .load([".id", "state"], [[str(self.greet.id), "Signed"]])
        )
        self.assertFalse(result["ids"])
        self.assertIn("only through its buttons", result["messages"][0]["message"])
        self.assertEqual(self.greet.state, "to_do")

    def test_trainer_enrols_nobody_for_another_trainer(self):
        Enrolment = self.env["training.enrolment"].with_user(self.trainer_user)
        programme = self.programme.copy({"responsible_id": self.manager_user.id})
        programme.action_publish()
        values = {"employee_id": self.boss.id, "programme_id": programme.id}
        with self.assertRaises(AccessError):
            Enrolment.create({**values, "trainer_id": self.manager_user.id})
        enrolment = Enrolment.create({**values, "trainer_id": self.trainer_user.id})
        self.assertEqual(len(enrolment.step_ids), 4)
        with self.assertRaises(AccessError):
            enrolment.unlink()

    def test_hr_officer_reads_but_does_not_change(self):
        enrolment = self.enrolment.with_user(self.hr_user)
        self.assertEqual(enrolment.read(["progress"])[0]["progress"], 0)
        for method, args in (
            ("write", [{"trainer_id": self.hr_user.id}]),
            ("unlink", []),
        ):
            with self.assertRaises(AccessError):
                getattr(enrolment, method)(*args)
        with self.assertRaises(AccessError):
            self.greet.with_user(self.hr_user).action_sign()

    def test_manager_of_another_company_reaches_nothing(self):
        for record in (self.enrolment, self.greet):
            with self.assertRaises(AccessError):
                record.with_user(self.elsewhere).read(["state"])
        for method in ("action_sign", "action_done"):
            with self.assertRaises(AccessError):
                getattr(self.greet.with_user(self.elsewhere), method)()
        self.programme.company_id = self.company
        with self.assertRaises(AccessError):
            self.programme.with_user(self.elsewhere).read(["name"])
        with self.assertRaises(AccessError):
            self.programme.step_ids.with_user(self.elsewhere).read(["name"])

    def test_every_internal_user_has_the_app(self):
        menus = self.env["ir.ui.menu"].with_user(self.trainee_user)._visible_menu_ids()
        self.assertIn(self.env.ref("front_office_training.training_menu_my").id, menus)
        self.assertNotIn(
            self.env.ref("front_office_training.training_menu_configuration").id, menus
        )
