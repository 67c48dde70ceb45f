from odoo import fields, models
from odoo.exceptions import UserError


class DeskRequestType(models.Model):
    _name = "desk.request.type"
    _description = "Type of request"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("invoice_line", "Question on an invoice line"),
            ("special_price", "New customer with special prices"),
            ("rfp", "Request for proposal"),
            ("other", "Other"),
        ],
        string="Asks for",
        required=True,
        default="other",
        help="A complaint closes only with a cause; a question on an invoice names "
        "the line.",
    )
    team_id = fields.Many2one(
        "desk.team",
        company_dependent=True,
        check_company=True,
        help="Requests of this type are handed over to this team, unless another is "
        "chosen. Each company has its own.",
    )
    acceptance_hours = fields.Float(
        string="Accept within",
        required=True,
        default=4,
        help="Working hours of the team from handing over to accepting.",
    )
    answer_hours = fields.Float(
        string="Answer within",
        required=True,
        default=16,
        help="Working hours of the team from handing over to the answer. They stand "
        "while the customer is awaited.",
    )
    warn_share = fields.Float(
        string="Warn after",
        required=True,
        default=0.75,
        help="The part of the time after which the people are reminded.",
    )

    _hours_positive = models.Constraint(
        "CHECK (acceptance_hours > 0 AND answer_hours >= acceptance_hours)",
        "A type of request needs hours to accept, and at least as many to answer.",
    )
    _warn_share_range = models.Constraint(
        "CHECK (warn_share > 0 AND warn_share <= 1)",
        "A type of request warns after more than 0 and at most 100 % of the time.",
    )

    def write(self, vals):
        """Change types; what requests were made for stays.

        :raise UserError: when a type with requests shall ask for something else
        """
        others = self.filtered(lambda each: each.kind != vals.get("kind", each.kind))
        # sudo: requests of other companies count as well
        requests = self.env["desk.request"].sudo().with_context(active_test=False)
        if found := requests.search([("type_id", "in", others.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%s has requests already, and a complaint closes only with its "
                    "cause. Archive this type and add another one.",
                    found.type_id.name,
                )
            )
        return super().write(vals)
