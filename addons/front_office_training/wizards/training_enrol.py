from odoo import api, fields, models
from odoo.exceptions import UserError


class TrainingEnrol(models.TransientModel):
    """Enrol a department, or any list of people, in programmes."""

    _name = "training.enrol"
    _description = "Enrol in Training"
    # A trainer without HR rights chooses employees, too.
    _inherit = ["hr.mixin"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    programme_ids = fields.Many2many(
        "training.programme",
        string="Programmes",
        required=True,
        domain="[('state', '=', 'published')]",
        check_company=True,
    )
    department_id = fields.Many2one(
        "hr.department",
        check_company=True,
        help="Everybody in the department and in those below it.",
    )
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Employees",
        compute="_compute_employee_ids",
        store=True,
        readonly=False,
        check_company=True,
    )
    start_date = fields.Date(
        string="Start", required=True, default=fields.Date.context_today
    )
    trainer_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        help="Leave empty for the one responsible for the programme.",
    )
    new_count = fields.Integer(
        string="New enrolments",
        compute="_compute_new_count",
        help="With the programmes that come before the chosen ones.",
    )

    @api.depends("department_id")
    def _compute_employee_ids(self):
        for wizard in self:
            if wizard.department_id:
                wizard.employee_ids = self.env["hr.employee"].search(
                    [
                        ("department_id", "child_of", wizard.department_id.id),
                        ("company_id", "=", wizard.company_id.id),
                    ]
                )
            else:
                wizard.employee_ids = wizard.employee_ids

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
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_enrolment_action"
            ),
            "domain": [("id", "in", enrolments.ids)],
            "context": {},
        }
