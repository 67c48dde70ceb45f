from ast import literal_eval

from odoo import fields, models


class DeskTeam(models.Model):
    _name = "desk.team"
    _description = "Desk team"
    _inherit = ["mail.thread", "mail.alias.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Leader",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Is told when a clock of the team has run out.",
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="They accept the requests that are handed over to the team.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working hours",
        required=True,
        check_company=True,
        default=lambda self: self.env.company.resource_calendar_id,
        help="The clocks of the team's requests run in these hours.",
    )
    # the e-mails to the team's address become contacts
    alias_id = fields.Many2one(
        help="Every e-mail to this address is put on the board of the team."
    )

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        # sudo: which number a model has is no secret
        contact_model = self.env["ir.model"].sudo()._get("desk.contact")
        values["alias_model_id"] = contact_model.id
        if self.id:
            defaults = literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = defaults | {
                "team_id": self.id,
                "company_id": self.company_id.id,
            }
        return values

    def write(self, vals):
        """Keep the company that the address gives to contacts."""
        result = super().write(vals)
        if "company_id" in vals:
            for team in self:
                # sudo: an alias belongs to the administrators of the system, and this
                # only says which company the e-mails go to
                team.alias_id.sudo().write(team._alias_get_creation_values())
        return result
