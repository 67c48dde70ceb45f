from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class QuotaCommissionAssignment(models.Model):
    """Who earns by a commission plan, from when until when."""

    _name = "quota.commission.assignment"
    _description = "Person on a commission plan"
    _inherit = ["quota.calculated.mixin"]
    _order = "user_id, date_from, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "quota.commission.plan",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    date_from = fields.Date(
        string="From", help="Empty: from the first day on which the plan is valid."
    )
    date_to = fields.Date(
        string="Until", help="Empty: until the last day on which the plan is valid."
    )

    @api.depends("user_id", "plan_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._(
                "%(person)s on %(plan)s",
                person=row.user_id.name or "",
                plan=row.plan_id.name or "",
            )

    def _get_bounds(self):
        """Return the first and the last day: the person's, within the plan's."""
        self.ensure_one()
        begin = max(self.date_from or date.min, self.plan_id.date_from)
        end = min(self.date_to or date.max, self.plan_id.date_to or date.max)
        return begin, end

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for row in self:
            if row.date_from and row.date_to and row.date_to < row.date_from:
                raise ValidationError(
                    self.env._(
                        "%(assignment)s: “Until” (%(end)s) is before “From” "
                        "(%(begin)s). Correct one of them.",
                        assignment=row.display_name,
                        begin=format_date(self.env, row.date_from),
                        end=format_date(self.env, row.date_to),
                    )
                )

    @api.constrains("user_id", "plan_id", "date_from", "date_to")
    def _check_overlap(self):
        """Refuse a person on two plans of a company on the same day.

        :raises ValidationError: naming the person and both plans
        """
        # sudo: a person's other plan refuses this one, whoever may see it; only plans
        # of the same company count
        assignments = self.sudo()
        others = assignments.search(
            [
                ("user_id", "in", assignments.user_id.ids),
                ("company_id", "in", assignments.company_id.ids),
                ("plan_id.active", "=", True),
            ]
        ).grouped(lambda row: (row.company_id, row.user_id))
        for row in assignments.filtered("plan_id.active"):
            begin, end = row._get_bounds()
            for other in others.get((row.company_id, row.user_id), row) - row:
                first, last = other._get_bounds()
                if max(begin, first) <= min(end, last):
                    raise ValidationError(
                        self.env._(
                            "%(person)s is on commission plan %(other)s on "
                            "%(day)s already, so they cannot be on %(plan)s that day. "
                            "Change “From” or “Until” of one of the two.",
                            person=row.user_id.name,
                            other=other.plan_id.name,
                            plan=row.plan_id.name,
                            day=format_date(self.env, max(begin, first)),
                        )
                    )
