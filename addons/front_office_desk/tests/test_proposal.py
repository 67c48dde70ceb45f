from datetime import date

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import DeskFixture


@tagged("post_install", "-at_install")
class TestProposal(DeskFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls.rfp = cls._type("rfp")
        cls.template = cls.env["desk.proposal.template"].create(
            {
                "name": "Test checklist",
                "part_ids": [
                    Command.create(
                        {"name": "Solution", "office": "front", "days_before": 5}
                    ),
                    Command.create({"name": "Prices", "days_before": 1}),
                    Command.create(
                        {
                            "name": "References",
                            "days_before": 0,
                            "is_required": False,
                        }
                    ),
                ],
            }
        )
        cls.lead = cls.env["crm.lead"].create(
            {"name": "School", "type": "opportunity", "partner_id": cls.ada.id}
        )
        # who chooses an opportunity reads it
        cls.bo.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.request = cls._handed(name="Chairs for a school", type_id=cls.rfp.id)
        cls.request.with_user(cls.bo).action_accept()
        cls.proposal = cls._proposal()

    @classmethod
    def _proposal(cls, user=None, **vals):
        user = user or cls.bo
        return (
            cls.env["desk.proposal"]
            .with_user(user)
            .create(
                {
                    "name": "Chairs for a school",
                    "request_id": cls.request.id,
                    "partner_id": cls.ada.id,
                    "lead_id": cls.lead.id,
                    "template_id": cls.template.id,
                    # a Tuesday
                    "date_submission": "2026-03-10",
                    **vals,
                }
            )
        )

    def _part(self, name):
        return self.proposal.part_ids.filtered(lambda part: part.name == name)

    def _start(self):
        self._part("Solution").user_id = self.rita
        (self._part("Prices") + self._part("References")).user_id = self.bea
        self.proposal.action_start()

    def _send(self):
        self._start()
        self._part("Solution").with_user(self.rita).action_done()
        self._part("Prices").with_user(self.bea).action_done()
        self.proposal.action_send()

    def test_back_planned_in_working_days(self):
        self.assertEqual(self._part("Solution").date_due, date(2026, 3, 3))
        self.assertEqual(self._part("Prices").date_due, date(2026, 3, 9))
        self.assertEqual(self._part("References").date_due, date(2026, 3, 10))
        self.proposal.date_submission = "2026-03-09"
        self.assertEqual(self._part("Prices").date_due, date(2026, 3, 6))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-03-06 00:00:00",
                "date_to": "2026-03-06 23:59:59",
            }
        )
        self._part("Prices").days_before = 2
        self.assertEqual(self._part("Prices").date_due, date(2026, 3, 4))

    def test_start_needs_people_and_a_day(self):
        with self.assertRaisesRegex(UserError, "choose who does"):
            self.proposal.action_start()
        empty = self._proposal(request_id=False, date_submission=False)
        with self.assertRaisesRegex(UserError, "say when it is handed in"):
            empty.action_start()
        self._start()
        with self.assertRaisesRegex(UserError, "in work already"):
            self.proposal.action_start()

    def test_people_are_reminded_until_their_part_is_ready(self):
        self._start()
        activities = self.proposal.activity_ids
        self.assertEqual(
            {(each.user_id, each.summary) for each in activities},
            {
                (self.rita, "Solution"),
                (self.bea, "Prices"),
                (self.bea, "References"),
            },
        )
        self._part("Solution").with_user(self.rita).action_done()
        self.assertEqual(self.proposal.activity_ids.user_id, self.bea)
        self._part("Prices").user_id = self.bo
        reminder = self.proposal.activity_ids.filtered(
            lambda each: each.summary == "Prices"
        )
        self.assertEqual(reminder.user_id, self.bo)

    def test_only_its_person_says_that_a_part_is_ready(self):
        with self.assertRaisesRegex(UserError, "start the proposal first"):
            self._part("Prices").action_done()
        self._start()
        with self.assertRaisesRegex(UserError, "is ready when Test Bea, Test Bo says"):
            self._part("Prices").with_user(self.rita).action_done()
        with self.assertRaisesRegex(UserError, "with its button"):
            self._part("Prices").is_done = True
        self._part("Prices").with_user(self.bea).action_done()
        self.assertEqual(self._part("Prices").done_by_id, self.bea)

    def test_nothing_is_handed_in_without_what_is_needed(self):
        with self.assertRaisesRegex(UserError, "is not in work"):
            self.proposal.action_send()
        self._start()
        with self.assertRaisesRegex(UserError, "not ready yet: Solution, Prices"):
            self.proposal.action_send()
        self._part("Solution").with_user(self.rita).action_done()
        self._part("Prices").with_user(self.bea).action_done()
        self.proposal.action_send()
        self.assertEqual(
            (self.proposal.state, self.proposal.sent_by_id), ("sent", self.bo)
        )
        self.assertFalse(self.proposal.activity_ids)

    def test_handed_in_stays(self):
        self._send()
        for change in (
            lambda: self._part("Prices").write({"name": "Cheaper"}),
            lambda: self._part("Prices").unlink(),
            lambda: self.proposal.write({"date_submission": "2026-04-01"}),
            lambda: self.proposal.write(
                {"part_ids": [Command.create({"name": "More"})]}
            ),
        ):
            with self.assertRaisesRegex(UserError, "is handed in and stays"):
                change()

    def test_customer_is_asked_and_the_clock_stands(self):
        with self.assertRaisesRegex(UserError, "write a question"):
            self.proposal.action_ask()
        self.proposal.question_ids = [
            Command.create({"name": "Which colour?"}),
            Command.create({"name": "How many?"}),
        ]
        self.proposal.action_ask()
        self.assertTrue(self.request.is_awaiting)
        asked = self.request.message_ids.filtered(
            lambda each: self.ada in each.partner_ids
        )
        self.assertIn("Which colour?", asked.body)
        question = self.proposal.question_ids[0]
        with self.assertRaisesRegex(UserError, "when, stays"):
            question.name = "Which size?"
        with self.assertRaisesRegex(UserError, "was asked and is kept"):
            question.unlink()
        question.answer = "Red"
        self.assertTrue(question.answered_on)

    def test_customer_is_asked_without_a_request(self):
        proposal = self._proposal(request_id=False)
        proposal.question_ids = [Command.create({"name": "Which colour?"})]
        proposal.action_ask()
        self.assertEqual(proposal.message_ids[:1].partner_ids, self.ada)

    def test_won_goes_to_the_opportunity(self):
        with self.assertRaisesRegex(UserError, "hand it in first"):
            self.proposal.action_won()
        self._send()
        self.proposal.action_won()
        self.assertEqual(self.proposal.state, "won")
        self.assertEqual(self.lead.won_status, "won")

    def test_lost_goes_to_the_opportunity(self):
        self._send()
        self.proposal.action_lost()
        self.assertEqual(self.proposal.state, "lost")
        self.assertEqual(self.lead.won_status, "lost")

    def test_open_from_the_request(self):
        action = self.request.action_open_proposal()
        self.assertEqual(action["res_id"], self.proposal.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._proposal()
            self.env.flush_all()

    def test_no_part_after_the_submission(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._part("Prices").days_before = -1
            self.env.flush_all()

    # --- access -------------------------------------------------------------------

    def test_colleagues_read_and_the_responsible_writes(self):
        for user in (self.other_front, self.stranger):
            self.assertTrue(self.proposal.with_user(user).part_ids)
            with self.assertRaises(AccessError):
                self.proposal.with_user(user).name = "Mine"
            with self.assertRaises(AccessError):
                self._part("Prices").with_user(user).name = "Mine"
            with self.assertRaises(AccessError):
                self.proposal.with_user(user).action_start()
        self.proposal.with_user(self.rita).name = "Chairs"
        self.proposal.with_user(self.boss).name = "Chairs for a school"

    def test_states_are_not_written_around(self):
        for user in (self.bo, self.boss):
            with self.assertRaisesRegex(UserError, "with the buttons"):
                self.proposal.with_user(user).state = "won"
        proposal = self._proposal(request_id=False, state="won")
        self.assertEqual(proposal.state, "draft")

    def test_strangers_read_nothing(self):
        for user in (self.plain, self.elsewhere):
            for record in (
                self.proposal,
                self.proposal.part_ids,
                self.template if user == self.plain else self.proposal,
            ):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["name"])
        self.assertFalse(
            self.proposal.with_user(self.elsewhere).search(
                [("id", "=", self.proposal.id)]
            )
        )

    def test_checklists_are_the_managers(self):
        with self.assertRaises(AccessError):
            self.template.with_user(self.bo).name = "Mine"
        self.template.with_user(self.boss).name = "Ours"
        self.assertEqual(self.template.name, "Ours")

    # --- speed --------------------------------------------------------------------

    def test_as_many_queries_for_many(self):
        proposals = self.env["desk.proposal"].create(
            [
                {
                    "name": "Test",
                    "partner_id": self.ada.id,
                    "template_id": self.template.id,
                    "date_submission": "2026-03-10",
                }
                for _each in range(60)
            ]
        )

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.bo).read(["part_count", "part_done_count", "state"])
            return self.env.cr.sql_log_count - before

        count(proposals[:5])
        self.assertLessEqual(count(proposals[10:]), count(proposals[:10]))
