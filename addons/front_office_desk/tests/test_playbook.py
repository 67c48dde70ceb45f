from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from .common import DeskFixture

SALES = "sales_team.group_sale_salesman"
ALL_LEADS = "sales_team.group_sale_salesman_all_leads"
SALES_MANAGER = "sales_team.group_sale_manager"


@tagged("post_install", "-at_install")
class TestPlaybook(DeskFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls.sue = cls._user("d_sue", SALES, name="Test Sue")
        cls.sam = cls._user("d_sam", SALES, name="Test Sam")
        cls.all_leads = cls._user("d_all", ALL_LEADS, name="Test All")
        cls.sales_boss = cls._user("d_sales", SALES_MANAGER, name="Test Sales Boss")
        cls.sales_team = cls.env["crm.team"].create(
            {"name": "Test sales", "company_id": cls.company.id}
        )
        cls.playbook = cls._playbook()
        cls.stage, cls.next_stage = cls.env["crm.stage"].create(
            [
                {"name": "Test open", "sequence": 900},
                {
                    "name": "Test proposal",
                    "sequence": 901,
                    "is_playbook_required": True,
                },
            ]
        )
        cls.lead = cls._lead(cls.sue)

    @classmethod
    def _playbook(cls):
        return cls.env["desk.playbook"].create(
            {
                "name": "Test playbook",
                "team_id": cls.sales_team.id,
                "question_ids": [
                    Command.create({"name": "Budget?", "sequence": 1, "points": 10}),
                    Command.create(
                        {
                            "name": "Who decides?",
                            "sequence": 2,
                            "kind": "choice",
                            "option_ids": [
                                Command.create({"name": "Owner", "points": 20}),
                                Command.create({"name": "Nobody", "points": 0}),
                            ],
                        }
                    ),
                    Command.create(
                        {
                            "name": "Seats?",
                            "sequence": 3,
                            "kind": "number",
                            "points": 10,
                            "threshold": 50,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Anything else?",
                            "sequence": 4,
                            "kind": "text",
                            "is_required": False,
                        }
                    ),
                ],
            }
        )

    @classmethod
    def _lead(cls, user, **vals):
        return cls.env["crm.lead"].create(
            {
                "name": "Test office",
                "type": "opportunity",
                "team_id": cls.sales_team.id,
                "user_id": user.id,
                "stage_id": cls.stage.id,
                **vals,
            }
        )

    def _answer(self, lead=None):
        """Answer all that is needed, for 30 of 40 points."""
        budget, decides, seats, _else = (lead or self.lead).playbook_answer_ids
        budget.value_yesno = "yes"
        decides.value_option_id = decides.question_id.option_ids[0]
        seats.value_number = 49

    def test_team_brings_the_playbook(self):
        self.assertEqual(self.lead.playbook_id, self.playbook)
        self.assertEqual(
            self.lead.playbook_answer_ids.question_id, self.playbook.question_ids
        )
        self.assertEqual((self.lead.playbook_open, self.lead.playbook_score), (3, 0))

    def test_score_is_explained(self):
        self._answer()
        self.assertEqual((self.lead.playbook_open, self.lead.playbook_score), (0, 75))
        self.assertEqual(
            self.lead.playbook_explanation,
            "Budget?: 10 of 10\nWho decides?: 20 of 20\nSeats?: 0 of 10\n"
            "Anything else?: not asked yet",
        )
        self.playbook.question_ids[2].threshold = 40
        self.assertEqual(self.lead.playbook_score, 100)

    def test_questions_are_seen_without_another_page(self):
        view = (
            self.env["crm.lead"]
            .with_user(self.sue)
            .get_view(self.env.ref("crm.crm_lead_view_form").id)
        )
        arch = etree.fromstring(view["arch"])
        questions = "//sheet//field[@name='playbook_answer_ids']"
        self.assertEqual(len(arch.xpath(questions)), 1)
        self.assertFalse(arch.xpath(f"//notebook{questions[7:]}"))
        [later] = arch.xpath("//div[@name='playbook']/following-sibling::notebook")
        self.assertTrue(later.xpath(".//page"))

    def test_only_columns_that_are_asked(self):
        self.assertEqual(self.lead.playbook_kinds, "choice,number,text,yesno")
        short = self.playbook.copy({"name": "Short", "team_id": False})
        short.question_ids.filtered(lambda each: each.kind != "yesno").unlink()
        lead = self._lead(self.sue, playbook_id=short.id)
        self.assertEqual(lead.playbook_kinds, "yesno")
        self.assertFalse(self._lead(self.sue, team_id=False).playbook_kinds)

    def test_stage_needs_a_complete_playbook(self):
        words = "ask: Budget. · Who decides. · Seats."
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            self.lead.stage_id = self.next_stage
        self.assertEqual(self.lead.stage_id, self.stage)
        self._answer()
        self.lead.stage_id = self.next_stage
        self.assertEqual(self.lead.stage_id, self.next_stage)

    def test_stage_needs_a_playbook_at_all(self):
        lead = self._lead(self.sue, team_id=False)
        self.assertFalse(lead.playbook_id)
        with self.assertRaisesRegex(UserError, "needs a playbook"):
            lead.stage_id = self.next_stage

    def test_neither_by_create_nor_by_import(self):
        with self.assertRaisesRegex(UserError, "before the stage"):
            self._lead(self.sue, stage_id=self.next_stage.id)
        result = self.env["crm.lead"].load(
            [".id", "stage_id/.id"], [[str(self.lead.id), str(self.next_stage.id)]]
        )
        self.assertFalse(result["ids"])

    def test_other_stages_are_free(self):
        self.next_stage.is_playbook_required = False
        self.lead.stage_id = self.next_stage
        self.assertEqual(self.lead.stage_id, self.next_stage)

    def test_new_question_comes_to_present_leads(self):
        self._answer()
        self.playbook.question_ids = [Command.create({"name": "When?"})]
        self.assertEqual(self.lead.playbook_open, 1)
        question = self.playbook.question_ids.filtered(lambda q: q.name == "When?")
        question.active = False
        self.assertEqual(self.lead.playbook_open, 0)

    def test_answered_question_stays(self):
        question = self.playbook.question_ids[0]
        question.kind = "text"
        question.kind = "yesno"
        self._answer()
        with self.assertRaisesRegex(UserError, "Budget. was answered already"):
            question.kind = "text"
        with self.assertRaisesRegex(UserError, "Archive it"):
            question.unlink()
        self.playbook.question_ids[3].unlink()
        self.assertEqual(len(self.lead.playbook_answer_ids), 3)

    def test_answered_playbook_stays(self):
        other = self.playbook.copy({"team_id": False})
        self.lead.playbook_id = other
        self.assertEqual(self.lead.playbook_answer_ids.question_id, other.question_ids)
        self._answer()
        with self.assertRaisesRegex(UserError, "Empty the answers first"):
            self.lead.playbook_id = self.playbook

    def test_choice_of_another_question(self):
        other = self.playbook.copy().question_ids[1].option_ids[0]
        with self.assertRaisesRegex(ValidationError, "is no choice of"):
            self.lead.playbook_answer_ids[1].value_option_id = other

    def test_choice_needs_options(self):
        with self.assertRaisesRegex(ValidationError, "add what can be chosen"):
            self.playbook.question_ids[0].kind = "choice"

    def test_merged_leads_keep_the_answers(self):
        other = self._lead(self.sue)
        self._answer(other)
        kept = (self.lead + other).merge_opportunity()
        self.assertEqual(kept.playbook_score, 75)
        self.assertEqual(len(kept.playbook_answer_ids), 4)

    # --- access -------------------------------------------------------------------

    def test_own_leads_only(self):
        answer = self.lead.playbook_answer_ids[0]
        answer.with_user(self.sue).value_yesno = "yes"
        answer.with_user(self.all_leads).value_yesno = "no"
        for user in (self.sam, self.rita, self.plain):
            other = answer.with_user(user)
            with self.assertRaises(AccessError):
                other.read(["value_yesno"])
            with self.assertRaises(AccessError):
                other.value_yesno = "yes"
        self.assertNotIn(answer.id, answer.with_user(self.sam).search([]).ids)

    def test_questions_are_the_sales_managers(self):
        question = self.playbook.question_ids[0]
        with self.assertRaises(AccessError):
            question.with_user(self.sue).points = 100
        question.with_user(self.sales_boss).points = 5
        self.assertEqual(question.points, 5)

    def test_answers_are_neither_made_nor_moved(self):
        answer = self.lead.playbook_answer_ids[0].with_user(self.sue)
        with self.assertRaises(AccessError):
            answer.create(
                {"lead_id": self.lead.id, "question_id": answer.question_id.id}
            )
        with self.assertRaises(AccessError):
            answer.unlink()
        with self.assertRaisesRegex(UserError, "stays with its lead"):
            answer.lead_id = self._lead(self.sue)

    def test_other_company(self):
        self.playbook.company_id = self.company
        boss = self._user(
            "d_sales_elsewhere",
            SALES_MANAGER,
            company_id=self.elsewhere_company.id,
            company_ids=[Command.set(self.elsewhere_company.ids)],
        )
        for record in (
            self.playbook,
            self.playbook.question_ids[0],
            self.playbook.question_ids[1].option_ids[0],
            self.lead.playbook_answer_ids[0],
        ):
            with self.assertRaises(AccessError):
                record.with_user(boss).read(["id", "create_date"])

    # --- speed --------------------------------------------------------------------

    def test_as_many_queries_for_many(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": "Test", "team_id": self.sales_team.id, "user_id": self.sue.id}
                for _each in range(60)
            ]
        )
        names = ["playbook_score", "playbook_open", "playbook_explanation"]

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.sue).read(names)
            return self.env.cr.sql_log_count - before

        count(leads[:5])
        self.assertLessEqual(count(leads[10:]), count(leads[:10]))
