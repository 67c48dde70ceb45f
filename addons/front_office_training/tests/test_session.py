from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import TrainingFixture


class SessionFixture(TrainingFixture):
    """A session of the trainer with three trainees, on the two practice steps."""

    @classmethod
    def _set_up_session(cls):
        cls._set_up_training()
        cls.enrolment = cls._enrol()
        cls.second = cls._enrol(cls.colleague)
        cls.third = cls._enrol(cls.without_login)
        steps = cls.programme.step_ids.sorted("sequence")
        cls.greet_step, cls.desk_step = steps[1:3]
        cls.session = cls._session()

    @classmethod
    def _session(cls, **vals):
        return cls.env["training.session"].create(
            {
                "name": "Test session",
                "programme_id": cls.programme.id,
                "trainer_id": cls.trainer_user.id,
                "start": "2026-05-04 08:00:00",
                "stop": "2026-05-04 10:00:00",
                "location": "Test desk",
                "step_ids": [Command.set(cls.greet_step.ids)],
                "attendance_ids": [
                    Command.create({"enrolment_id": enrolment.id})
                    for enrolment in (cls.enrolment, cls.second, cls.third)
                ],
                **vals,
            }
        )

    def _attendance(self, enrolment, session=None):
        return (session or self.session).attendance_ids.filtered(
            lambda attendance: attendance.enrolment_id == enrolment
        )

    def _step_of(self, enrolment, step=None):
        step = step or self.greet_step
        return enrolment.step_ids.filtered(lambda each: each.step_id == step)

    def _judge(self, user=None):
        """Open the screen of the session, and return it."""
        session = self.session.with_user(user or self.trainer_user)
        action = session.action_open_judge()
        return (
            self.env[action["res_model"]]
            .with_user(session.env.user)
            .browse(action["res_id"])
        )


@tagged("post_install", "-at_install")
class TestSession(SessionFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_session()

    def _invitations(self, session=None):
        """Return what was sent to the trainees of the session, the newest first."""
        return self.env["mail.message"].search(
            [
                ("model", "=", "training.session"),
                ("res_id", "=", (session or self.session).id),
                ("message_type", "=", "user_notification"),
            ],
            order="id desc",
        )

    # --- planning ---------------------------------------------------------------

    def test_trainer_plans_holds_and_judges(self):
        form = Form(self.env["training.session"].with_user(self.trainer_user))
        form.name = "At the desk"
        form.programme_id = self.programme
        form.start = "2026-06-01 08:00:00"
        form.stop = "2026-06-01 09:00:00"
        with form.attendance_ids.new() as line:
            line.enrolment_id = self.enrolment
        form.step_ids.add(self.greet_step)
        session = form.save()
        self.assertEqual(session.trainer_id, self.trainer_user)
        session.action_plan()
        session.action_all_present()
        session.action_hold()
        self.assertEqual((session.state, session.present_count), ("held", 1))

    def test_invitation_in_the_trainees_own_time(self):
        self.trainee_user.tz = "Asia/Manila"
        self.session.with_user(self.trainer_user).action_plan()
        messages = self._invitations().filtered(
            lambda message: self.trainee_user.partner_id in message.partner_ids
        )
        self.assertEqual(len(messages), 1)
        self.assertIn("Test desk", messages.body)
        self.assertIn("4:00", messages.body)
        self.assertNotIn("Test colleague", messages.body)

    def test_new_time_and_calling_off_are_told(self):
        self.session.action_plan()
        self.session.with_user(self.trainer_user).location = "Elsewhere"
        changed = self._invitations()[0]
        self.assertIn("Changed", changed.subject)
        self.assertIn("Elsewhere", changed.body)
        self.session.with_user(self.trainer_user).action_cancel()
        self.assertIn("Called off", self._invitations()[0].subject)

    def test_draft_that_is_called_off_tells_nobody(self):
        self.session.action_cancel()
        self.assertFalse(self._invitations())

    def test_late_guest_is_invited(self):
        session = self._session(
            attendance_ids=[Command.create({"enrolment_id": self.enrolment.id})]
        )
        session.action_plan()
        session.with_user(self.trainer_user).attendance_ids = [
            Command.create({"enrolment_id": self.second.id})
        ]
        invited = [message.partner_ids for message in self._invitations(session)]
        self.assertEqual(
            invited, [self.colleague_user.partner_id, self.trainee_user.partner_id]
        )

    def test_without_trainees_it_is_not_planned(self):
        session = self._session(attendance_ids=[])
        with self.assertRaisesRegex(UserError, "Test session has no trainee"):
            session.action_plan()

    def test_planned_twice_is_refused(self):
        self.session.action_plan()
        with self.assertRaisesRegex(UserError, "planned already"):
            self.session.action_plan()

    def test_held_only_when_it_is_said_who_came(self):
        self.session.action_plan()
        self._attendance(self.enrolment).action_present()
        with self.assertRaisesRegex(UserError, "Test colleague"):
            self.session.action_hold()
        self._attendance(self.second).action_absent()
        self._attendance(self.third).action_absent()
        self.session.action_hold()
        self.assertEqual(self.session.state, "held")

    @mute_logger("odoo.sql_db")
    def test_stop_comes_after_start(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self._session(stop="2026-05-04 08:00:00").flush_recordset()

    def test_trainer_is_no_trainee(self):
        with self.assertRaisesRegex(ValidationError, "one of the trainees"):
            self.session.trainer_id = self.trainee_user
        session = self._session(trainer_id=self.boss_user.id)
        self.assertEqual(session.trainer_id, self.boss_user)
        enrolment = self._enrol(self.boss)
        with self.assertRaisesRegex(ValidationError, "one of the trainees"):
            session.attendance_ids = [Command.create({"enrolment_id": enrolment.id})]

    @mute_logger("odoo.sql_db")
    def test_nobody_is_on_the_list_twice(self):
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.session.attendance_ids = [
                Command.create({"enrolment_id": self.enrolment.id})
            ]

    def test_trainee_and_step_of_another_programme(self):
        other = self.programme.copy({"name": "Test other"})
        other.action_publish()
        enrolment = self.env["training.enrolment"].create(
            {"employee_id": self.trainee.id, "programme_id": other.id}
        )
        with self.assertRaisesRegex(ValidationError, "not an enrolment in"):
            self.session.attendance_ids = [
                Command.create({"enrolment_id": enrolment.id})
            ]
        with self.assertRaisesRegex(ValidationError, "not a step to practise"):
            self.session.step_ids = other.step_ids.sorted("sequence")[1]
        with self.assertRaisesRegex(ValidationError, "not a step to practise"):
            self.session.step_ids = self.programme.step_ids.sorted("sequence")[0]
        mixed = self._session(programme_id=False)
        mixed.attendance_ids = [Command.create({"enrolment_id": enrolment.id})]
        self.assertEqual(mixed.programme_ids, self.programme + other)

    def test_overlap_warns_and_does_not_block(self):
        other = self._session(
            name="Test second",
            start="2026-05-04 09:00:00",
            stop="2026-05-04 11:00:00",
        )
        self.assertIn("Test session", other.overlap_warning)
        self.assertIn("Test second", self.session.overlap_warning)
        other.stop = "2026-05-04 11:30:00"
        other.start = "2026-05-04 10:00:00"
        self.assertFalse(other.overlap_warning)
        other.start = "2026-05-04 09:00:00"
        other.trainer_id = self.manager_user
        self.assertFalse(other.overlap_warning)
        form = Form(self.env["training.session"].with_user(self.trainer_user))
        form.start = "2026-05-04 08:30:00"
        form.stop = "2026-05-04 08:45:00"
        self.assertIn("Test session", form.overlap_warning)

    def test_overlap_takes_one_query_for_all(self):
        sessions = self.session
        for day in range(1, 11):
            sessions += self._session(
                start=f"2026-07-{day:02} 08:00:00", stop=f"2026-07-{day:02} 09:00:00"
            )
        self.env.flush_all()

        def queries(records):
            records.invalidate_recordset(["overlap_warning"])
            records.mapped("name")
            before = self.cr.sql_log_count
            records.mapped("overlap_warning")
            return self.cr.sql_log_count - before

        queries(sessions)
        self.assertEqual(queries(sessions), queries(sessions[:2]))

    # --- closed is closed -------------------------------------------------------

    def test_held_session_stays_until_it_is_reopened(self):
        self.session.action_plan()
        self.session.action_all_present()
        self.session.action_hold()
        session = self.session.with_user(self.trainer_user)
        attendance = session.attendance_ids[0]
        for refused in (
            lambda: session.write({"start": "2026-05-04 07:00:00"}),
            lambda: session.write({"step_ids": [Command.clear()]}),
            lambda: attendance.action_absent(),
            lambda: attendance.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "held or cancelled"):
                refused()
        session.name = "A better name"
        session.action_reopen()
        attendance.action_absent()
        self.assertEqual((session.state, attendance.state), ("planned", "absent"))

    def test_only_drafts_are_deleted(self):
        self.session.action_plan()
        with self.assertRaisesRegex(UserError, "Cancel the session instead"):
            self.session.with_user(self.manager_user).unlink()
        draft = self._session()
        draft.with_user(self.trainer_user).unlink()
        self.assertFalse(draft.exists())

    # --- judging ----------------------------------------------------------------

    def _hold(self, *present):
        self.session.action_plan()
        for attendance in self.session.attendance_ids:
            if attendance.enrolment_id in present:
                attendance.action_present()
            else:
                attendance.action_absent()

    def test_present_are_judged_and_absent_untouched(self):
        self._hold(self.enrolment, self.third)
        wizard = self._judge()
        self.assertEqual(
            wizard.line_ids.enrolment_step_id,
            self._step_of(self.enrolment) + self._step_of(self.third),
        )
        first, third = wizard.line_ids.sorted(
            lambda line: line.enrolment_step_id.enrolment_id != self.enrolment
        )
        first.result = "passed"
        third.write({"result": "failed", "feedback": "Look up first."})
        before = self.second.step_ids.read(["state", "done_on", "attempts", "score"])
        wizard.action_confirm()
        signed, returned = self._step_of(self.enrolment), self._step_of(self.third)
        self.assertEqual(
            (signed.state, signed.signed_by_id, signed.done_by_id, signed.attempts),
            ("signed", self.trainer_user, self.trainer_user, 1),
        )
        self.assertEqual(
            (returned.state, returned.feedback, returned.attempts),
            ("failed", "Look up first.", 1),
        )
        self.assertEqual(
            self.second.step_ids.read(["state", "done_on", "attempts", "score"]), before
        )
        self.assertFalse(self.second.step_ids.attempt_ids)

    def test_what_the_trainee_ticked_keeps_their_tick(self):
        step = self._step_of(self.enrolment)
        step.with_user(self.trainee_user).action_done()
        self._hold(self.enrolment)
        wizard = self._judge()
        wizard.action_all_passed()
        wizard.action_confirm()
        self.assertEqual((step.state, step.done_by_id), ("signed", self.trainee_user))

    def test_steps_of_another_signer_are_left_out(self):
        self._hold(self.enrolment)
        self.session.step_ids = self.greet_step + self.desk_step
        wizard = self._judge()
        self.assertEqual(
            wizard.line_ids.enrolment_step_id, self._step_of(self.enrolment)
        )
        self.assertEqual(wizard.left_out_count, 1)

    def test_only_ones_left_empty_stay(self):
        self._hold(self.enrolment, self.second)
        wizard = self._judge()
        with self.assertRaisesRegex(UserError, "at least one step"):
            wizard.action_confirm()
        wizard.line_ids[0].result = "passed"
        wizard.action_confirm()
        self.assertEqual(wizard.line_ids[1].enrolment_step_id.state, "to_do")

    def test_again_needs_words_and_nothing_is_half_judged(self):
        self._hold(self.enrolment, self.second)
        wizard = self._judge()
        wizard.line_ids[0].result = "passed"
        wizard.line_ids[1].result = "failed"
        with self.assertRaisesRegex(UserError, "what to do better"):
            wizard.action_confirm()
        self.assertEqual(
            set(wizard.line_ids.enrolment_step_id.mapped("state")), {"to_do"}
        )

    def test_step_of_somebody_absent_is_refused_by_rpc(self):
        self._hold(self.enrolment)
        wizard = self._judge()
        wizard.line_ids.write(
            {
                "enrolment_step_id": self._step_of(self.second).id,
                "result": "passed",
            }
        )
        with self.assertRaisesRegex(UserError, "was not present"):
            wizard.action_confirm()
        self.assertEqual(self._step_of(self.second).state, "to_do")

    def test_nobody_judges_their_own_steps(self):
        self.manager_user.action_archive()
        self.manager_user.action_unarchive()
        employee = self._employee("Test manager", user_id=self.manager_user.id)
        own = self._enrol(employee)
        self.session.attendance_ids = [Command.create({"enrolment_id": own.id})]
        self._hold(self.enrolment, own)
        wizard = self._judge(self.manager_user)
        self.assertEqual(
            wizard.line_ids.enrolment_step_id, self._step_of(self.enrolment)
        )
        with self.assertRaises(AccessError):
            self._step_of(own).with_user(self.manager_user)._tick_observed()

    def test_nothing_to_judge_is_said(self):
        self._hold()
        with self.assertRaisesRegex(UserError, "no step for you to judge"):
            self._judge()

    def test_cancelled_enrolment_is_left_out(self):
        self._hold(self.enrolment)
        self.enrolment._cancel("Left")
        with self.assertRaisesRegex(UserError, "no step for you to judge"):
            self._judge()


@tagged("post_install", "-at_install")
class TestSessionSecurity(SessionFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_session()
        cls.other_trainer = cls._user(
            "t_other", "front_office_training.group_training_trainer"
        )
        cls.elsewhere = cls._manager_elsewhere()

    def _visible(self, user, model="training.session"):
        found = self.env[model].with_user(user).search([])
        return found.sudo(False)

    def test_sessions_that_each_sees(self):
        for user, expected in (
            (self.trainee_user, False),
            (self.trainer_user, True),
            (self.manager_user, True),
            (self.hr_user, True),
            (self.other_trainer, False),
            (self.boss_user, False),
            (self.elsewhere, False),
        ):
            visible = self.session in self._visible(user)
            self.assertEqual(visible, expected, user.login)
        self.session.action_plan()
        self.assertIn(self.session, self._visible(self.trainee_user))
        self.assertNotIn(self.session, self._visible(self.boss_user))

    def test_trainee_sees_only_themselves_on_the_list(self):
        Attendance = "training.session.attendance"
        self.assertFalse(self._visible(self.trainee_user, Attendance))
        self.session.action_plan()
        self.assertEqual(
            self._visible(self.trainee_user, Attendance).enrolment_id, self.enrolment
        )
        groups = (
            self.env[Attendance]
            .with_user(self.trainee_user)
            ._read_group([], ["employee_id"], ["__count"])
        )
        self.assertEqual([count for _employee, count in groups], [1])
        (values,) = self._rpc(
            self.trainee_user,
            "training.session",
            "web_read",
            self.session.ids,
            {
                "name": {},
                "attendance_count": {},
                "attendance_ids": {"fields": {"enrolment_id": {}, "state": {}}},
            },
        )
        self.assertEqual(values["attendance_count"], 1)
        self.assertEqual(
            [line["enrolment_id"] for line in values["attendance_ids"]],
            self.enrolment.ids,
        )

    def test_plain_employee_changes_nothing(self):
        self.session.action_plan()
        attendance = self._attendance(self.enrolment)
        for model, method, *args in (
            ("training.session", "write", self.session.ids, {"name": "x"}),
            ("training.session", "action_hold", self.session.ids),
            ("training.session", "action_all_present", self.session.ids),
            ("training.session", "action_cancel", self.session.ids),
            ("training.session", "action_open_judge", self.session.ids),
            ("training.session", "unlink", self.session.ids),
            ("training.session", "create", [{"name": "x"}]),
            ("training.session.attendance", "action_present", attendance.ids),
            ("training.session.attendance", "unlink", attendance.ids),
            ("training.session.judge", "create", [{"session_id": self.session.id}]),
        ):
            with self.subTest(f"{model}.{method}"), self.assertRaises(AccessError):
                self._rpc(self.trainee_user, model, method, *args)

    def test_state_changes_by_no_other_route(self):
        Session = self.env["training.session"].with_user(self.manager_user)
        for state in ("planned", "draft"):
            with self.assertRaisesRegex(AccessError, "only through its buttons"):
                self._rpc(
                    self.manager_user,
                    "training.session",
                    "web_save",
                    self.session.ids,
                    {"state": state},
                    {},
                )
        with self.assertRaisesRegex(AccessError, "only through its buttons"):
            Session.create(
                {
                    "name": "x",
                    "start": "2026-05-04 08:00:00",
                    "stop": "2026-05-04 09:00:00",
                    "state": "held",
                }
            )
        result = Session.load([".id", "state"], [[str(self.session.id), "Held"]])
        self.assertFalse(result["ids"])

    def test_trainer_invites_nobody_whom_they_may_not_see(self):
        foreign = self._enrol(self.boss, trainer_id=self.manager_user.id)
        self.programme.sudo().responsible_id = self.manager_user
        self.env.flush_all()
        session = self.session.with_user(self.trainer_user)
        with self.assertRaises(AccessError):
            session.attendance_ids = [Command.create({"enrolment_id": foreign.id})]
        with self.assertRaises(AccessError):
            session.attendance_ids[0].enrolment_id = foreign
        session.with_user(self.manager_user).attendance_ids = [
            Command.create({"enrolment_id": foreign.id})
        ]
        self.assertIn(foreign, self.session.attendance_ids.enrolment_id)

    def test_line_tells_nothing_about_a_foreign_step(self):
        self.session.action_plan()
        self.session.action_all_present()
        foreign = self._enrol(self.boss, trainer_id=self.manager_user.id)
        self.programme.sudo().responsible_id = self.manager_user
        wizard = self._judge()
        wizard.line_ids[0].enrolment_step_id = self._step_of(foreign)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.assertFalse(wizard.line_ids[0].employee_id)

    def test_another_trainer_and_another_company_reach_nothing(self):
        for user in (self.other_trainer, self.elsewhere):
            session = self.session.with_user(user)
            for refused in (
                lambda session=session: session.read(["name"]),
                lambda session=session: session.action_plan(),
                lambda session=session: session.action_open_judge(),
                lambda session=session: session.message_post(body="Hello"),
            ):
                with self.assertRaises(AccessError):
                    refused()

    def test_hr_officer_reads_only(self):
        session = self.session.with_user(self.hr_user)
        self.assertEqual(session.name, "Test session")
        with self.assertRaises(AccessError):
            session.action_plan()

    def test_menus(self):
        def menus(user):
            return self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()

        def menu(name):
            return self.env.ref(f"front_office_training.training_menu_{name}").id

        self.assertIn(menu("my_sessions"), menus(self.trainee_user))
        for name in ("sessions", "dashboard", "report"):
            self.assertNotIn(menu(name), menus(self.trainee_user))
            self.assertIn(menu(name), menus(self.trainer_user))
            self.assertIn(menu(name), menus(self.hr_user))
        self.assertNotIn(menu("reassign"), menus(self.trainer_user))
        self.assertIn(menu("reassign"), menus(self.manager_user))

    def test_trainer_finds_an_enrolment_by_name(self):
        found = (
            self.env["training.enrolment"]
            .with_user(self.trainer_user)
            .name_search("test trainee", [("programme_id", "=", self.programme.id)])
        )
        self.assertEqual([each[0] for each in found], self.enrolment.ids)
