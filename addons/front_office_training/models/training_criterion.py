from odoo import api, fields, models


class TrainingCriterion(models.Model):
    """What a trainer looks at in a practice, with four levels in words."""

    _name = "training.criterion"
    _description = "Criterion of a Step"
    _order = "step_id, sequence, id"
    _check_company_auto = True

    step_id = fields.Many2one(
        "training.step", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="step_id.company_id", store=True, index="btree_not_null"
    )
    programme_state = fields.Selection(
        related="step_id.programme_state", string="State of the programme"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Criterion",
        required=True,
        translate=True,
        help="What is looked at, in a word or two: patient, articulate, cordial.",
    )
    weight = fields.Integer(
        default=1, required=True, help="From 1 to 5: how much the criterion counts."
    )
    level_1 = fields.Text(string="1: not yet", translate=True)
    level_2 = fields.Text(string="2: with help", translate=True)
    level_3 = fields.Text(string="3: alone", translate=True)
    level_4 = fields.Text(string="4: an example to others", translate=True)

    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 1 AND 5)",
        "The weight of a criterion is a number from 1 to 5.",
    )

    @api.model
    def _snapshot_fields(self):
        """Return the names of the fields that an enrolment copies from a criterion."""
        return ["sequence", "name", "weight", *self._level_fields()]

    @api.model
    def _level_fields(self):
        """Return the names of the four descriptions, the lowest level first."""
        return ["level_1", "level_2", "level_3", "level_4"]

    def _is_described(self):
        """Whether all four levels are described."""
        self.ensure_one()
        return all((self[name] or "").strip() for name in self._level_fields())

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        criteria.step_id._check_programme_is_draft()
        return criteria

    def write(self, vals):
        self.check_access("write")
        self.step_id._check_programme_is_draft()
        result = super().write(vals)
        if "step_id" in vals:
            self.step_id._check_programme_is_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_draft(self):
        self.step_id._check_programme_is_draft()
