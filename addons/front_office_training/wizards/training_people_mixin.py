from odoo import api, fields, models


class TrainingPeopleMixin(models.AbstractModel):
    """What the wizards that enrol people share: who, from when, and by whom."""

    _name = "training.people.mixin"
    _description = "Choose People for Training"
    # A trainer without HR rights chooses employees, too.
    _inherit = ["hr.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
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

    def _open_enrolments(self, enrolments):
        """Return the action that shows the enrolments that were made."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_enrolment_action"
            ),
            "domain": [("id", "in", enrolments.ids)],
            "context": {},
        }
