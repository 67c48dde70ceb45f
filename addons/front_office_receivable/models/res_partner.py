from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    receivable_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_receivable_overdue",
        groups="front_office_receivable.group_receivable_user",
        help="What this customer owes late, in the currency of the company; a "
        "salesperson sees their own invoices.",
    )
    receivable_call_count = fields.Integer(
        string="Calls about the Money",
        compute="_compute_receivable_call_count",
        groups="front_office_receivable.group_receivable_user",
    )

    def _compute_receivable_overdue(self):
        groups = self.env["receivable.item"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("overdue", "=", True),
            ],
            ["partner_id"],
            ["amount:sum"],
        )
        overdue = {partner.id: amount for partner, amount in groups}
        for partner in self:
            partner.receivable_overdue = overdue.get(
                partner.commercial_partner_id.id, 0
            )

    def _compute_receivable_call_count(self):
        groups = self.env["receivable.call"]._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids)],
            ["partner_id"],
            ["__count"],
        )
        count = {partner.id: number for partner, number in groups}
        for partner in self:
            partner.receivable_call_count = count.get(
                partner.commercial_partner_id.id, 0
            )

    def action_receivable_items(self):
        """Return an action with what this customer owes."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_receivable.receivable_item_action_overdue"
        )
        domain = [("partner_id", "=", self.commercial_partner_id.id)]
        return {
            **action,
            "name": self.env._("Owed by %s", self.commercial_partner_id.name),
            "domain": domain,
            "context": {"search_default_overdue": 1},
        }

    def action_receivable_calls(self):
        """Return an action with the calls with this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_receivable.receivable_call_action"
        )
        domain = [("partner_id", "=", self.commercial_partner_id.id)]
        return {**action, "domain": domain, "context": {}}
