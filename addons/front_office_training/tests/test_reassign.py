from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from .test_session import SessionFixture


@tagged("post_install", "-at_install")
class TestReassign(SessionFixture, TransactionCase):
    """What a trainer leaves behind moves in one action, and nothing else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time("2026-05-04 08:00:00")
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls._set_up_session()
        cls.successor = cls._user(
            "t_successor", "front_office_training.group_training_trainer"
        )

    def _wizard(self, user=None, **vals):
        return (
            self.env["training.reassign"]
            .with_user(user or self.manager_user)
            .create(
                {"from_id": self.trainer_user.id, "to_id": self.successor.id, **vals}
            )
        )

    @classmethod
    def _session(cls, **vals):
        return super()._session(
            **{"start": "2026-06-01 08:00:00", "stop": "2026-06-01 10:00:00", **vals}
        )

    def _activities(self, user, name):
        return self.env["mail.activity"].search(
            [
                ("user_id", "=", user.id),
                (
                    "activity_type_id",
                    "=",
                    self.env["training.enrolment"]._get_activity_type(name).id,
                ),
                ("res_id", "in", (self.enrolment + self.second + self.third).ids),
            ]
        )

    def test_everything_moves(self):
        read, greet, desk, _visit = self._steps(self.enrolment)
        (read + greet).with_user(self.trainee_user).action_done()
        greet.with_user(self.trainer_user).action_sign()
        second = self._step_of(self.second)
        second.with_user(self.colleague_user).action_done()
        second.with_user(self.colleague_user).action_request_signoff()
        self.assertTrue(self._activities(self.trainer_user, "signoff"))
        form = Form(self.env["training.reassign"].with_user(self.manager_user))
        form.from_id = self.trainer_user
        form.to_id = self.successor
        self.assertEqual(
            (form.enrolment_count, form.session_count, form.activity_count), (3, 1, 1)
        )
        form.save().action_reassign()
        enrolments = self.enrolment + self.second + self.third
        self.assertEqual(enrolments.trainer_id, self.successor)
        self.assertEqual(self.programme.responsible_id, self.successor)
        self.assertEqual(self.session.trainer_id, self.successor)
        self.assertFalse(self._activities(self.trainer_user, "signoff"))
        self.assertEqual(
            self._activities(self.successor, "signoff").mapped("res_id"),
            self.second.ids,
        )
        self.assertEqual(second.signer_id, self.successor)
        self.assertEqual(
            (greet.signer_id, greet.signed_by_id), (self.trainer_user,) * 2
        )
        self.assertEqual(desk.signer_id, self.boss_user)
        self.assertIn("t_successor", self.enrolment.message_ids[:1].body)
        note = self.env["mail.message"].search(
            [("partner_ids", "in", self.successor.partner_id.ids)], limit=1
        )
        self.assertIn("take over from", note.subject)

    def test_what_is_over_stays(self):
        self.enrolment._cancel("Left")
        self.session.action_plan()
        self.session.action_all_present()
        self.session.action_hold()
        self._wizard().action_reassign()
        self.assertEqual(self.enrolment.trainer_id, self.trainer_user)
        self.assertEqual(self.session.trainer_id, self.trainer_user)
        self.assertEqual(self.second.trainer_id, self.successor)

    def test_own_training_of_the_old_trainer_stays(self):
        employee = self._employee("Test trainer", user_id=self.trainer_user.id)
        own = self._enrol(employee, trainer_id=self.manager_user.id)
        own.step_ids.sudo().write({"due_date": "2026-05-04"})
        own._remind()
        self.assertEqual(own.activity_ids.user_id, self.trainer_user)
        self._wizard().action_reassign()
        self.assertEqual(own.activity_ids.user_id, self.trainer_user)
        self.assertEqual(own.trainer_id, self.manager_user)

    def test_stand_in_takes_what_is_due(self):
        self.third.step_ids.sudo().write({"due_date": "2026-09-01"})
        wizard = self._wizard(until="2026-05-31")
        self.assertEqual(
            (wizard.enrolment_count, wizard.programme_count, wizard.session_count),
            (2, 0, 0),
        )
        wizard.action_reassign()
        self.assertEqual((self.enrolment + self.second).trainer_id, self.successor)
        self.assertEqual(self.third.trainer_id, self.trainer_user)
        self.assertEqual(self.programme.responsible_id, self.trainer_user)
        self.assertEqual(self.session.trainer_id, self.trainer_user)
        self.assertEqual(self._wizard(until=date(2026, 6, 1)).session_count, 1)

    def test_manager_step_still_owed_keeps_its_reminder(self):
        self.trainee.parent_id = self._employee(
            "Test trainer", user_id=self.trainer_user.id
        )
        desk = self._steps(self.enrolment)[2]
        self.assertEqual(desk.signer_id, self.trainer_user)
        desk.with_user(self.trainee_user).action_done()
        desk.with_user(self.trainee_user).action_request_signoff()
        self._wizard().action_reassign()
        self.assertEqual(desk.signer_id, self.trainer_user)
        self.assertEqual(
            self._activities(self.trainer_user, "signoff").res_id, self.enrolment.id
        )

    def test_reminder_is_not_doubled(self):
        step = self._step_of(self.second)
        step.with_user(self.colleague_user).action_done()
        step.with_user(self.colleague_user).action_request_signoff()
        self._activities(self.trainer_user, "signoff").copy(
            {"user_id": self.successor.id}
        )
        self._wizard().action_reassign()
        self.assertEqual(len(self._activities(self.successor, "signoff")), 1)

    def test_new_trainer_who_is_a_trainee_is_refused(self):
        self.trainee_user.group_ids = [
            Command.link(
                self.env.ref("front_office_training.group_training_trainer").id
            )
        ]
        with self.assertRaisesRegex(UserError, "is the trainee of: .*Test trainee"):
            self._wizard(to_id=self.trainee_user.id).action_reassign()
        self.assertEqual(self.second.trainer_id, self.trainer_user)

    def test_refusals(self):
        for to, words in (
            (self.colleague_user, "is not a trainer"),
            (self.trainer_user, "has it already"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._wizard(to_id=to.id).action_reassign()
        with self.assertRaisesRegex(UserError, "nothing to hand over"):
            self._wizard(from_id=self.boss_user.id).action_reassign()

    def test_archived_trainer_is_replaced(self):
        self.trainer_user.action_archive()
        self._wizard().action_reassign()
        self.assertEqual(self.enrolment.trainer_id, self.successor)

    def test_managers_only(self):
        for user in (self.trainer_user, self.trainee_user, self.hr_user):
            with self.assertRaises(AccessError):
                self._wizard(user)

    def test_other_company_stays(self):
        manager = self._manager_elsewhere()
        company = manager.company_id
        self.programme.company_id = self.company
        wizard = self.env["training.reassign"].with_user(manager)
        values = {"from_id": self.trainer_user.id, "to_id": manager.id}
        self.assertEqual(wizard.create(values).enrolment_count, 0)
        with self.assertRaisesRegex(UserError, "nothing to hand over"):
            wizard.create({**values, "company_id": company.id}).action_reassign()
        self.assertEqual(self.enrolment.trainer_id, self.trainer_user)

    def test_queries_do_not_grow_with_the_enrolments(self):
        def hand_over(count, to):
            for number in range(count):
                self._enrol(self._employee(f"Test {to.login} {number}"))
            self.env.flush_all()
            self.env.invalidate_all()
            wizard = self._wizard(to_id=to.id)
            self.env.flush_all()
            before = self.cr.sql_log_count
            wizard.action_reassign()
            self.env.flush_all()
            queries = self.cr.sql_log_count - before
            self._wizard(from_id=to.id, to_id=self.trainer_user.id).action_reassign()
            return queries

        hand_over(1, self.successor)
        few = hand_over(7, self.successor)
        many = hand_over(30, self.successor)
        self.assertLessEqual(many, few + 3)
