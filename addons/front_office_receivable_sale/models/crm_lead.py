from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    receivable_signed = fields.Float(
        string="Signed",
        compute="_compute_receivable_contract",
        groups="front_office_receivable.group_receivable_user",
        help="What its confirmed orders are worth, in the currency of the company. 0 "
        "for those who do not see its way to the cash.",
    )
    receivable_paid_rate = fields.Float(
        string="Paid",
        compute="_compute_receivable_contract",
        groups="front_office_receivable.group_receivable_user",
        help="Paid ÷ signed.",
    )
    receivable_late = fields.Boolean(
        string="Overdue",
        compute="_compute_receivable_contract",
        groups="front_office_receivable.group_receivable_user",
    )

    def _compute_receivable_contract(self):
        groups = self.env["receivable.contract"]._read_group(
            [("lead_id", "in", self.ids)],
            ["lead_id"],
            ["signed:sum", "paid:sum", "overdue:sum"],
        )
        figures = {lead.id: sums for lead, *sums in groups}
        for lead in self:
            signed, paid, overdue = figures.get(lead._origin.id, (0, 0, 0))
            lead.receivable_signed = signed
            lead.receivable_paid_rate = paid / signed if signed else 0
            lead.receivable_late = overdue > 0

    def action_receivable_contract(self):
        """Return an action with the way of these opportunities to the cash."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_receivable_sale.receivable_contract_action"
        )
        return {**action, "domain": [("lead_id", "in", self.ids)], "context": {}}
