from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import DeskFixture

SALES = "sales_team.group_sale_salesman"
FINANCE = "front_office_desk.group_desk_finance"


@tagged("post_install", "-at_install")
class TestTypedValues(DeskFixture, TransactionCase):
    """What the program writes is not typed: by values, defaults or computed fields."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls.sue = cls._user("d_sue", SALES, name="Test Sue")
        cls.sam = cls._user("d_sam", SALES, name="Test Sam")
        cls.fay = cls._user("d_fay", FINANCE, name="Test Fay")

    def _create(self, model, user, vals, **defaults):
        context = {f"default_{name}": value for name, value in defaults.items()}
        record = self.env[model].with_user(user).with_context(**context).create(vals)
        self.assertEqual(record.env.context.get("default_state"), defaults.get("state"))
        return record.with_context(**dict.fromkeys(context, None)).sudo()

    def test_defaults_of_the_context(self):
        customer = {"name": "x", "partner_id": self.ada.id}
        request = self._create(
            "desk.request",
            self.rita,
            customer | {"type_id": self.complaint.id},
            state="closed",
            user_id=self.bo.id,
            access_token="mine",
            answered_on="2020-01-01 00:00:00",
            cost=5,
        )
        self.assertEqual((request.state, request.cost), ("new", 0))
        self.assertFalse(request.user_id + request.closed_by_id)
        self.assertFalse(request.access_token or request.answered_on)
        contact = self._create(
            "desk.contact", self.rita, {"name": "x"}, answered_by_id=self.bo.id
        )
        self.assertFalse(contact.answered_by_id)
        improvement = self._create(
            "desk.improvement",
            self.rita,
            {"name": "x", "request_id": request.id, "date_due": "2026-03-02"},
            state="effective",
            checked_by_id=self.bea.id,
            effect_note="Helped",
        )
        self.assertEqual(improvement.state, "open")
        self.assertFalse(improvement.checked_by_id)
        proposal = self._create(
            "desk.proposal",
            self.rita,
            customer
            | {
                "part_ids": [Command.create({"name": "x"})],
                "question_ids": [Command.create({"name": "x"})],
            },
            state="running",
            is_done=True,
            asked_on="2020-01-01 00:00:00",
        )
        self.assertEqual(proposal.state, "draft")
        self.assertFalse(proposal.part_ids.is_done)
        self.assertFalse(proposal.question_ids.asked_on)

    def test_signatures_by_default(self):
        product = self.env["product.template"].create({"name": "Test chair"})
        line = Command.create({"product_tmpl_id": product.id, "discount": 5})
        profile = self._create(
            "desk.price.profile",
            self.sue,
            {"partner_id": self.ada.id, "date_to": "2099-01-01", "line_ids": [line]},
            state="agreed",
            sales_signer_id=self.sam.id,
            finance_signer_id=self.fay.id,
            user_id=self.sue.id,
            counter_discount=50,
            signed_margin=0.9,
        )
        self.assertEqual(profile.state, "draft")
        self.assertFalse(profile.sales_signer_id + profile.finance_signer_id)
        self.assertFalse(profile.line_ids.counter_discount)
        self.assertFalse(profile.line_ids.signed_margin)

    def _refused(self, record, **vals):
        self.env.flush_all()
        for name, value in vals.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "is calculated"):
                record.write({name: value})

    def test_complaint_does_not_become_something_else(self):
        request = self._answered()
        self._refused(request, kind="other", cost=99999)
        self._refused(request.with_user(self.boss), kind="other")
        with self.assertRaisesRegex(UserError, "closes with its cause"):
            request.action_close()

    def test_type_in_use_stays_what_it_is(self):
        request = self._answered()
        with self.assertRaisesRegex(UserError, "has requests already"):
            self.complaint.with_user(self.boss).kind = "other"
        self.assertEqual(request.kind, "complaint")
        unused = self._type("complaint")
        unused.with_user(self.boss).kind = "other"
        self.complaint.with_user(self.boss).write({"kind": "complaint", "name": "Woe"})

    def _improvement(self):
        return (
            self.env["desk.improvement"]
            .with_user(self.rita)
            .create(
                {
                    "name": "Thicker box",
                    "request_id": self._handed().id,
                    "user_id": self.bo.id,
                    "date_due": "2026-03-20",
                    "check_days": 10,
                }
            )
        )

    def test_day_of_the_check(self):
        improvement = self._improvement().with_user(self.bo)
        with freeze_time("2026-03-10 12:00:00"):
            improvement.action_done()
        self._refused(
            improvement, date_check="2020-01-01", company_id=self.elsewhere_company.id
        )
        with self.assertRaisesRegex(UserError, "when it is checked"):
            improvement.check_days = 1
        self.assertEqual(improvement.date_check, date(2026, 3, 20))

    def test_who_did_it_does_not_check_it(self):
        improvement = self._improvement().with_user(self.bo)
        improvement.user_id = self.rita
        with freeze_time("2026-03-10 12:00:00"):
            improvement.action_done()
        with freeze_time("2026-03-20 12:00:00"):
            with self.assertRaisesRegex(UserError, "you said that it is done"):
                improvement.action_effective("Yes")
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                improvement.sudo().write(
                    {
                        "state": "effective",
                        "checked_by_id": self.bo.id,
                        "effect_note": "Yes",
                    }
                )
                improvement.flush_recordset()
            improvement.with_user(self.bea).action_effective("Yes")
        self.assertEqual(improvement.state, "effective")

    def test_parts_and_lines(self):
        part = Command.create({"name": "x"})
        proposal = (
            self.env["desk.proposal"]
            .with_user(self.rita)
            .create({"name": "x", "partner_id": self.ada.id, "part_ids": [part]})
        )
        company = self.elsewhere_company.id
        self._refused(proposal.part_ids, date_due="2020-01-01", company_id=company)
        with self.assertRaisesRegex(UserError, "is calculated"):
            proposal.part_ids = [
                Command.update(proposal.part_ids.id, {"company_id": company})
            ]

    # --- playbooks --------------------------------------------------------------

    def _lead(self):
        playbook = self.env["desk.playbook"].create(
            {
                "name": "Test playbook",
                "question_ids": [Command.create({"name": "Budget?", "points": 5})],
            }
        )
        self.stage = self.env["crm.stage"].create(
            {"name": "Test qualified", "is_playbook_required": True}
        )
        lead = self.env["crm.lead"].with_user(self.sue)
        vals = {"name": "Test lead", "type": "opportunity", "playbook_id": playbook.id}
        return lead.create(vals)

    def test_answers_are_not_counted_by_hand(self):
        lead = self._lead()
        self._refused(
            lead.playbook_answer_ids, is_answered=True, points=100, points_best=1
        )
        for name in ("playbook_score", "playbook_open"):
            with self.assertRaisesRegex(UserError, "is counted"):
                lead.write({name: 100})
        with self.assertRaisesRegex(UserError, "ask: Budget"):
            lead.stage_id = self.stage
        other = lead.create({"name": "x", "playbook_score": 50})
        self.assertEqual(other.playbook_score, 0)

    def test_column_of_the_board_asks_too(self):
        lead = self._lead()
        column = lead.with_context(default_stage_id=self.stage.id)
        with self.assertRaisesRegex(UserError, "needs a playbook"):
            column.create({"name": "Quick", "type": "opportunity"})
        with self.assertRaisesRegex(UserError, "needs a playbook"):
            column.name_create("Quick")

    def test_playbook_does_not_move_by_context(self):
        lead = self._lead()
        lead.playbook_answer_ids.value_yesno = "yes"
        other = self.env["desk.playbook"].create({"name": "Test easy"})
        with self.assertRaisesRegex(UserError, "is answered already and stays"):
            lead.with_context(desk_playbook_moves=True).playbook_id = other

    def test_answers_that_a_stage_needs_stay(self):
        lead = self._lead()
        answer = lead.playbook_answer_ids
        answer.value_yesno = "yes"
        answer.value_yesno = False
        answer.value_yesno = "no"
        lead.stage_id = self.stage
        with self.assertRaisesRegex(UserError, "ask: Budget"):
            answer.value_yesno = False
        answer.value_yesno = "yes"
        # a question that is new is asked when there is time
        self.env["desk.playbook.question"].create(
            {"name": "When?", "playbook_id": lead.playbook_id.id, "kind": "text"}
        )
        answer.value_yesno = "no"

    def test_lead_that_becomes_an_opportunity(self):
        playbook = self._lead().playbook_id
        self.stage.sequence = -100
        lead = (
            self.env["crm.lead"]
            .with_user(self.sue)
            .create({"name": "x", "type": "lead", "playbook_id": playbook.id})
        )
        self.assertEqual(lead.stage_id, self.stage)
        with self.assertRaisesRegex(UserError, "ask: Budget"):
            lead.convert_opportunity(self.ada)
