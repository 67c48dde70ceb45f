from odoo import api, fields, models
from odoo.exceptions import UserError


class TrainingEnrolmentCriterion(models.Model):
    """A criterion as it stood when the employee was enrolled.

    ``training.enrolment._snapshot_criteria`` fills the table; nobody changes it.
    """

    _name = "training.enrolment.criterion"
    _description = "Criterion of an Enrolment's Step"
    _order = "enrolment_step_id, sequence, id"
    _check_company_auto = True

    enrolment_step_id = fields.Many2one(
        "training.enrolment.step",
        string="Step",
        required=True,
        index=True,
        ondelete="cascade",
    )
    criterion_id = fields.Many2one(
        "training.criterion",
        string="Copied from",
        index="btree_not_null",
        ondelete="set null",
    )
    enrolment_id = fields.Many2one(related="enrolment_step_id.enrolment_id")
    company_id = fields.Many2one(
        related="enrolment_step_id.company_id", store=True, index=True
    )

    # the snapshot
    sequence = fields.Integer()
    name = fields.Char(string="Criterion", translate=True, required=True)
    weight = fields.Integer(required=True)
    level_1 = fields.Text(string="1: not yet", translate=True)
    level_2 = fields.Text(string="2: with help", translate=True)
    level_3 = fields.Text(string="3: alone", translate=True)
    level_4 = fields.Text(string="4: an example to others", translate=True)

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what somebody is judged by stays as it was at their enrolment.

        :raises UserError: always
        """
        raise UserError(
            self.env._(
                "%s: a criterion stays as it was when the employee was enrolled. "
                "Revise the programme for those who are enrolled later.",
                ", ".join(self.mapped("name")),
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%s: a criterion is never taken away from somebody's enrolment.",
                ", ".join(self.mapped("name")),
            )
        )
