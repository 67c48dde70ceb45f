from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .test_session import SessionFixture

LOGGER = "odoo.addons.front_office_training.models.training_job_mixin"


@tagged("post_install", "-at_install")
class TestStandIn(SessionFixture, TransactionCase):
    """A stand-in takes over until a day; then what is still open goes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-05-04 08:00:00"))
        cls._set_up_session()
        cls.session.write({"start": "2026-06-01 08:00", "stop": "2026-06-01 10:00"})
        cls.successor = cls._user(
            "t_successor", "front_office_training.group_training_trainer"
        )
        for user in (cls.trainer_user, cls.successor, cls.boss_user):
            user.name = user.login
        cls.enrolments = cls.enrolment + cls.second + cls.third

    def _wizard(self, **vals):
        return (
            self.env["training.reassign"]
            .with_user(self.manager_user)
            .create(
                {
                    "from_id": self.trainer_user.id,
                    "to_id": self.successor.id,
                    "hand_back_on": "2026-05-20",
                    **vals,
                }
            )
        )

    def _stand_in(self, **vals):
        """Hand over, and return the record of it."""
        self._wizard(**vals).action_reassign()
        return self.env["training.stand.in"].search([], order="id desc", limit=1)

    def _run_cron(self, day):
        with freeze_time(f"{day} 03:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "front_office_training.ir_cron_stand_in"
            ).method_direct_trigger()
        self.env.invalidate_all()

    # --- what is kept -----------------------------------------------------------

    def test_what_moved_is_kept(self):
        stand_in = self._stand_in()
        self.assertEqual(stand_in.display_name, "t_successor for t_trainer")
        self.assertEqual(
            (stand_in.original_id, stand_in.stand_in_id),
            (self.trainer_user, self.successor),
        )
        self.assertEqual(
            (str(stand_in.date_from), str(stand_in.until), stand_in.state),
            ("2026-05-04", "2026-05-20", "running"),
        )
        self.assertEqual(stand_in.enrolment_ids, self.enrolments)
        self.assertEqual(stand_in.programme_ids, self.programme)
        self.assertEqual(stand_in.session_ids, self.session)

    def test_for_good_keeps_nothing(self):
        before = self.env["training.stand.in"].search_count([])
        self._wizard(hand_back_on=False).action_reassign()
        self.assertEqual(self.enrolments.trainer_id, self.successor)
        self.assertEqual(self.env["training.stand.in"].search_count([]), before)

    def test_what_is_due_until_goes_back_the_day_after(self):
        form = Form(self.env["training.reassign"].with_user(self.manager_user))
        form.from_id = self.trainer_user
        form.to_id = self.successor
        self.assertFalse(form.hand_back_on)
        form.until = "2026-05-31"
        self.assertEqual(str(form.hand_back_on), "2026-06-01")
        form.hand_back_on = "2026-06-15"
        form.save().action_reassign()
        stand_in = self.env["training.stand.in"].search([], order="id desc", limit=1)
        self.assertEqual(str(stand_in.until), "2026-06-15")
        self.assertFalse(stand_in.programme_ids)
        self.assertFalse(stand_in.session_ids)

    # --- handing back -----------------------------------------------------------

    def test_goes_back_on_its_day_and_not_before(self):
        stand_in = self._stand_in()
        self._run_cron("2026-05-19")
        self.assertEqual(stand_in.state, "running")
        self.assertEqual(self.enrolments.trainer_id, self.successor)
        self._run_cron("2026-05-20")
        self.assertEqual(stand_in.state, "ended")
        self.assertEqual(stand_in.ended_by_id, self.env.ref("base.user_root"))
        self.assertEqual(self.enrolments.trainer_id, self.trainer_user)
        self.assertEqual(self.programme.responsible_id, self.trainer_user)
        self.assertEqual(self.session.trainer_id, self.trainer_user)
        step = self._step_of(self.second)
        self.assertEqual(step.signer_id, self.trainer_user)
        self.assertIn(
            "t_successor → t_trainer (end of the stand-in)",
            self.second.message_ids[:1].body,
        )
        note = self.env["mail.message"].search(
            [("partner_ids", "in", self.trainer_user.partner_id.ids)], limit=1
        )
        self.assertIn("t_successor hands back to you", note.subject)
        self.enrolment.trainer_id = self.successor
        self._run_cron("2026-05-21")
        self.assertEqual(self.enrolment.trainer_id, self.successor, "only once")

    def test_only_what_is_still_open_and_theirs_goes_back(self):
        own = self._enrol(self._employee("Test own"), trainer_id=self.successor.id)
        stand_in = self._stand_in()
        third_person = self._user(
            "t_third", "front_office_training.group_training_trainer"
        )
        self.enrolment._cancel("Left")
        self.second.trainer_id = third_person
        self.programme.responsible_id = third_person
        self.session.with_user(self.manager_user).action_cancel()
        self._run_cron("2026-05-20")
        self.assertEqual(stand_in.state, "ended")
        self.assertEqual(self.enrolment.trainer_id, self.successor)
        self.assertEqual(self.second.trainer_id, third_person)
        self.assertEqual(self.third.trainer_id, self.trainer_user)
        self.assertEqual(self.programme.responsible_id, third_person)
        self.assertEqual(self.session.trainer_id, self.successor)
        self.assertEqual(own.trainer_id, self.successor, "it never moved")

    def test_signed_steps_stay_and_reminders_come_back(self):
        stand_in = self._stand_in()
        first, second = self._step_of(self.enrolment), self._step_of(self.second)
        first.with_user(self.trainee_user).action_done()
        first.with_user(self.successor).action_sign()
        second.with_user(self.colleague_user).action_done()
        second.with_user(self.colleague_user).action_request_signoff()
        stand_in.with_user(self.manager_user).action_end()
        self.assertEqual(
            (first.signer_id, first.signed_by_id), (self.successor, self.successor)
        )
        self.assertEqual(second.signer_id, self.trainer_user)
        self.assertEqual(self.second.activity_ids.user_id, self.trainer_user)

    def test_trainer_who_was_no_trainer_by_group_gets_it_back(self):
        self.enrolment.trainer_id = self.boss_user
        self._stand_in(from_id=self.boss_user.id)
        self._run_cron("2026-05-20")
        self.assertEqual(self.enrolment.trainer_id, self.boss_user)

    def test_failure_stays_on_its_record_and_the_rest_goes_back(self):
        self.second.trainer_id = self.boss_user
        broken = self._stand_in(from_id=self.boss_user.id)
        fine = self._stand_in()
        self.boss_user.active = False
        with mute_logger(LOGGER):
            self._run_cron("2026-05-20")
        self.assertEqual((broken.state, fine.state), ("running", "ended"))
        self.assertRegex(
            broken.hand_back_error, "t_successor for t_boss: the user .* is archived"
        )
        self.assertEqual(self.second.trainer_id, self.successor)
        self.boss_user.active = True
        self._run_cron("2026-05-21")
        self.assertEqual((broken.state, broken.hand_back_error), ("ended", False))
        self.assertEqual(self.second.trainer_id, self.boss_user)

    def test_trainee_of_it_by_now_is_an_error(self):
        stand_in = self._stand_in()
        self.without_login.user_id = self.trainer_user
        with mute_logger(LOGGER):
            self._run_cron("2026-05-20")
        self.assertIn("t_trainer is the trainee", stand_in.hand_back_error)
        self.assertEqual(self.enrolments.trainer_id, self.successor, "none went back")

    # --- ending earlier ---------------------------------------------------------

    def test_manager_ends_it_earlier_and_once(self):
        stand_in = self._stand_in().with_user(self.manager_user)
        stand_in.action_end()
        self.assertEqual(stand_in.state, "ended")
        self.assertEqual(stand_in.ended_by_id, self.manager_user)
        self.assertEqual(str(stand_in.ended_on), "2026-05-04 08:00:00")
        self.assertEqual(self.enrolments.trainer_id, self.trainer_user)
        with self.assertRaisesRegex(UserError, "t_trainer has ended already"):
            stand_in.action_end()

    def test_others_do_not_end_it(self):
        stand_in = self._stand_in()
        for user in (
            self.trainer_user,
            self.successor,
            self.trainee_user,
            self.boss_user,
            self.hr_user,
            self._manager_elsewhere(),
        ):
            with self.assertRaises(AccessError):
                self._rpc(user, "training.stand.in", "action_end", stand_in.ids)
        self.assertEqual(stand_in.state, "running")
        self.assertEqual(self.enrolments.trainer_id, self.successor)

    def test_nobody_makes_or_changes_one_by_hand(self):
        stand_in = self._stand_in()
        vals = {
            "company_id": self.company.id,
            "original_id": self.successor.id,
            "stand_in_id": self.trainer_user.id,
            "date_from": "2026-05-04",
            "until": "2026-05-04",
            "enrolment_ids": [Command.set(self.enrolments.ids)],
        }
        for user in (self.successor, self.manager_user, self.trainee_user):
            with self.assertRaises(AccessError):
                self._rpc(user, "training.stand.in", "create", vals)
            with self.assertRaises(AccessError):
                self._rpc(
                    user,
                    "training.stand.in",
                    "write",
                    stand_in.ids,
                    {"until": "2026-05-04"},
                )
            with self.assertRaises(AccessError):
                self._rpc(user, "training.stand.in", "unlink", stand_in.ids)
            for method in ("_hand_back", "_cron_hand_back"):
                with self.assertRaises(AccessError):
                    self._rpc(user, "training.stand.in", method, stand_in.ids)

    def test_who_sees_it(self):
        stand_in = self._stand_in()
        other = self._user("t_other", "front_office_training.group_training_trainer")
        StandIn = self.env["training.stand.in"]
        domain = [("id", "=", stand_in.id)]
        for user in (self.trainer_user, self.successor, self.manager_user):
            self.assertEqual(StandIn.with_user(user).search(domain), stand_in)
        for user in (other, self._manager_elsewhere()):
            self.assertFalse(StandIn.with_user(user).search(domain))
        for user in (self.trainee_user, self.hr_user):
            with self.assertRaises(AccessError):
                StandIn.with_user(user).search(domain)

    # --- refusals ---------------------------------------------------------------

    def test_day_before_today(self):
        with self.assertRaisesRegex(UserError, "Hand back on: .* lies before today"):
            self._wizard(hand_back_on="2026-05-03").action_reassign()
        self.assertEqual(self._stand_in(hand_back_on="2026-05-04").state, "running")

    def test_same_person(self):
        with self.assertRaisesRegex(UserError, "t_trainer has it already"):
            self._wizard(to_id=self.trainer_user.id).action_reassign()

    def test_trainee_of_what_moves(self):
        group = self.env.ref("front_office_training.group_training_trainer")
        self.trainee_user.group_ids = [Command.link(group.id)]
        before = self.env["training.stand.in"].search_count([])
        with self.assertRaisesRegex(UserError, "is the trainee of: .*Test trainee"):
            self._wizard(to_id=self.trainee_user.id).action_reassign()
        self.assertEqual(self.second.trainer_id, self.trainer_user)
        self.assertEqual(self.env["training.stand.in"].search_count([]), before)

    def test_archived_trainer_gets_nothing_back(self):
        self.trainer_user.active = False
        with self.assertRaisesRegex(UserError, "t_trainer is archived"):
            self._wizard().action_reassign()
        wizard = self._wizard(hand_back_on=False, until="2026-05-31")
        self.assertFalse(wizard.hand_back_on)

    def test_work_of_another_company(self):
        stand_in = self._stand_in()
        with self.assertRaisesRegex(UserError, "Test elsewhere"):
            stand_in.company_id = self.env["res.company"].create(
                {"name": "Test elsewhere"}
            )

    @mute_logger("odoo.sql_db")
    def test_database_refuses(self):
        stand_in = self._stand_in()
        self.env.flush_all()
        for change in (
            "stand_in_id = original_id",
            "until = date_from - 1",
            "state = 'ended'",
        ):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.env.cr.execute(
                    f"UPDATE training_stand_in SET {change} WHERE id = %s",
                    [stand_in.id],
                )
