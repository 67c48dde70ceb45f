from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeskFixture


@tagged("post_install", "-at_install")
class TestStoryTours(DeskFixture, HttpCase):
    """What people do from beginning to end, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()

    def test_somebody_new_is_known(self):
        self.company.country_id = self.env.ref("base.es")
        before = self.env["res.partner"].search([])
        self.start_tour(
            "/odoo/desk-board", "front_office_desk_newcomer", login="d_rita"
        )
        contact = self.env["desk.contact"].search([("name", "=", "Second call")])
        self.assertEqual(contact.partner_id, self.ada)
        self.assertEqual(self.env["res.partner"].search([]), before)

    def test_customer_writes_and_the_team_reads(self):
        new_test_user(self.env, "d_portal", "base.group_portal", partner_id=self.ada.id)
        self.company.desk_web_team_id = self.team
        self.start_tour(
            "/my/requests", "front_office_desk_web_customer", login="d_portal"
        )
        contact = self.env["desk.contact"].search([("name", "=", "Test screws")])
        self.assertEqual((contact.partner_id, contact.team_id), (self.ada, self.team))
        self.start_tour("/odoo/desk-board", "front_office_desk_web_board", login="d_bo")

    def test_proposal_from_the_checklist_to_won(self):
        template = self.env["desk.proposal.template"].create(
            {
                "name": "Test checklist",
                "part_ids": [
                    Command.create({"name": "Test solution", "days_before": 5}),
                    Command.create({"name": "Test prices"}),
                ],
            }
        )
        # whoever links an opportunity may read it
        self.bo.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        request = self._handed(name="Test school", type_id=self._type("rfp").id)
        request.with_user(self.bo).action_accept()
        lead = self.env["crm.lead"].create(
            {"name": "Test school", "type": "opportunity", "partner_id": self.ada.id}
        )
        proposal = (
            self.env["desk.proposal"]
            .with_user(self.bo)
            .create(
                {
                    "name": "Test school",
                    "request_id": request.id,
                    "partner_id": self.ada.id,
                    "lead_id": lead.id,
                    "template_id": template.id,
                    "date_submission": "2099-03-10",
                }
            )
        )
        proposal.part_ids.user_id = self.bo
        self.start_tour(
            f"/odoo/desk-requests/{request.id}",
            "front_office_desk_proposal",
            login="d_bo",
        )
        self.env.invalidate_all()
        self.assertEqual((proposal.state, proposal.sent_by_id), ("won", self.bo))
        self.assertEqual(proposal.part_ids.done_by_id, self.bo)
        self.assertEqual(lead.won_status, "won")

    def test_playbook_opens_a_stage(self):
        seller = self._user("d_sue", "sales_team.group_sale_salesman", name="Test Sue")
        teams = self.env["crm.team"].create(
            [{"name": name, "company_id": self.company.id} for name in ("Test", "No")]
        )
        # only two stages, so that none is folded away in a small window
        self.env["crm.stage"].search([]).team_ids = teams[1]
        first, last = self.env["crm.stage"].create(
            [
                {"name": "Test open", "team_ids": teams[0].ids, "sequence": 1},
                {
                    "name": "Test proposal",
                    "team_ids": teams[0].ids,
                    "sequence": 2,
                    "is_playbook_required": True,
                },
            ]
        )
        playbook = self.env["desk.playbook"].create(
            {
                "name": "Test playbook",
                "question_ids": [Command.create({"name": "Budget?", "points": 10})],
            }
        )
        lead = self.env["crm.lead"].create(
            {
                "name": "Test office",
                "type": "opportunity",
                "team_id": teams[0].id,
                "user_id": seller.id,
                "stage_id": first.id,
                "playbook_id": playbook.id,
            }
        )
        # the first try is refused
        with mute_logger("odoo.http"):
            self.start_tour(
                f"/odoo/crm/{lead.id}", "front_office_desk_playbook", login="d_sue"
            )
        self.env.invalidate_all()
        self.assertEqual((lead.stage_id, lead.playbook_score), (last, 100))
