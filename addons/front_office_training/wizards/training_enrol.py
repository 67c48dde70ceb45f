from odoo import api, fields, models
from odoo.exceptions import UserError


class TrainingEnrol(models.TransientModel):
    """Enrol a department, or any list of people, in programmes."""

    _name = "training.enrol"
    _description = "Enrol in Training"
    _inherit = ["training.people.mixin"]
    _check_company_auto = True

    programme_ids = fields.Many2many(
        "training.programme",
        string="Programmes",
        required=True,
        domain="[('state', '=', 'published')]",
        check_company=True,
    )
    new_count = fields.Integer(
        string="New enrolments",
        compute="_compute_new_count",
        help="With the programmes that come before the chosen ones.",
    )

    @api.depends("programme_ids", "employee_ids")
    def _compute_new_count(self):
        for wizard in self:
            wanted, first = wizard.programme_ids._origin._plan_enrolments(
                wizard.employee_ids._origin
            )
            wizard.new_count = len(wanted) + len(first)

    def action_enrol(self):
        """Enrol, and open the new enrolments.

        :raises UserError: when everybody has the programmes under way already
        """
        self.ensure_one()
        enrolments = self.programme_ids._enrol(
            self.employee_ids, start_date=self.start_date, trainer=self.trainer_id
        )
        if not enrolments:
            raise UserError(
                self.env._(
                    "Nobody was enrolled: choose employees who do not have these "
                    "programmes under way already."
                )
            )
        return self._open_enrolments(enrolments)
