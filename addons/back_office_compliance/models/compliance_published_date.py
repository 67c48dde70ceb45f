from odoo import fields, models
from odoo.tools import format_date


class CompliancePublishedDate(models.Model):
    """A due date as an authority published it: the rule is checked against it."""

    _name = "compliance.published.date"
    _description = "Published due date"
    _order = "rule_id, period_start, id"
    _check_company_auto = True

    rule_id = fields.Many2one(
        "compliance.due.rule",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    period_start = fields.Date(required=True, help="Or the day of the event.")
    due_date = fields.Date(required=True)
    source = fields.Char(required=True)

    _unique_period = models.UniqueIndex(
        "(rule_id, period_start)", "A rule has one published date a period."
    )

    def _explain_mismatch(self, found):
        """Return the sentence about a date that the rule does not give.

        :param found: the date that the rule gives; None: no period begins then
        """
        self.ensure_one()
        values = {
            "rule": self.rule_id.display_name,
            "start": format_date(self.env, self.period_start),
            "published": format_date(self.env, self.due_date),
        }
        if not found:
            return self.env._(
                "%(rule)s: %(published)s was published for %(start)s, but no period "
                "begins then. Correct the period's start or the rule.",
                **values,
            )
        return self.env._(
            "%(rule)s: %(published)s was published for what begins on %(start)s, the "
            "rule gives %(found)s. Correct the rule or the calendar's exceptions.",
            found=format_date(self.env, found),
            **values,
        )
