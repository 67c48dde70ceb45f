from odoo import fields, models


class TrainingSuggestLine(models.TransientModel):
    """A programme for an employee, and the skills that it is suggested for."""

    _name = "training.suggest.line"
    _description = "Suggested Programme"
    _order = "employee_id, must_have_count desc, id"

    wizard_id = fields.Many2one("training.suggest", required=True, ondelete="cascade")
    include = fields.Boolean(string="Enrol", default=True)
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True)
    programme_id = fields.Many2one("training.programme", required=True, readonly=True)
    reason = fields.Char(
        string="Closes", readonly=True, help="The skills that it leads to the level of."
    )
    must_have_count = fields.Integer(string="Must-haves", readonly=True)
    minutes = fields.Integer(readonly=True)
    also = fields.Char(
        string="Brings along",
        readonly=True,
        help="Programmes that come before it and were never completed: the employee is "
        "enrolled in them as well.",
    )
