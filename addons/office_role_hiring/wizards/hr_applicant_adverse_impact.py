from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .. import adverse_impact

FILTERS = {
    "company_id",
    "dimension_id",
    "job_ids",
    "role_id",
    "stage_id",
    "date_from",
    "date_to",
}


class HrApplicantAdverseImpact(models.TransientModel):
    """Selection rates by group, by the four-fifths rule; never of one person.

    The period is one of whole months, so that it cannot be narrowed down to a day on
    which one person applied.
    """

    _name = "hr.applicant.adverse.impact"
    _description = "Adverse-Impact Report"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    dimension_id = fields.Many2one(
        "hr.applicant.group.dimension",
        string="Groups",
        required=True,
        default=lambda self: self.env["hr.applicant.group.dimension"].search(
            [("company_id", "in", [self.env.company.id, False])], limit=1
        ),
        domain="[('company_id', 'in', [company_id, False])]",
    )
    job_ids = fields.Many2many(
        "hr.job",
        string="Job positions",
        domain="[('company_id', 'in', [company_id, False])]",
        help="Empty for all.",
    )
    role_id = fields.Many2one("office.role", help="Empty for all.")
    stage_id = fields.Many2one(
        "hr.recruitment.stage",
        string="Selected means",
        help="Who reached this stage counts as selected. Empty: who was hired.",
    )
    date_from = fields.Date(
        string="Applied from",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) - relativedelta(years=1)
        ).replace(day=1),
    )
    date_to = fields.Date(
        string="Applied until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(day=31),
    )
    is_done = fields.Boolean()
    shown_before_on = fields.Datetime(readonly=True)
    line_ids = fields.One2many(
        "hr.applicant.adverse.impact.line", "wizard_id", string="Groups compared"
    )
    minimum = fields.Integer(related="company_id.hiring_group_minimum")

    @api.onchange("date_from", "date_to")
    def _onchange_months(self):
        self.update(self._get_months())

    def _get_months(self):
        """Return the period in whole months.

        :return: values of ``date_from`` and ``date_to``
        """
        self.ensure_one()
        return {
            "date_from": self.date_from and self.date_from + relativedelta(day=1),
            "date_to": self.date_to and self.date_to + relativedelta(day=31),
        }

    def write(self, vals):
        """Show no figures beside filters that they are not of."""
        if FILTERS & vals.keys():
            vals = {"is_done": False, **vals}
        return super().write(vals)

    def action_report(self):
        """Fill in the lines.

        :raises AccessError: when the user may not see group statistics
        :raises UserError: when the period is the wrong way round
        """
        self.ensure_one()
        self._check_allowed()
        self.write(self._get_months())
        if self.date_from > self.date_to:
            raise UserError(
                self.env._("The period ends before it begins: choose a later end.")
            )
        groups = self._get_groups()
        shown, shown_before_on = self._publish(groups)
        findings = {
            finding.group.key: finding for finding in adverse_impact.compare(shown)
        }
        self.write(
            {
                "is_done": True,
                "shown_before_on": shown_before_on,
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            self._get_line_values(group.key, findings.get(group.key))
                        )
                        for group in groups
                    ),
                ],
            }
        )
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "office_role_hiring.hr_applicant_adverse_impact_action"
            ),
            "res_id": self.id,
        }

    def _publish(self, groups):
        """Return what may be shown of the groups, and keep that it was shown.

        :return: list of :class:`adverse_impact.Group`, and the date of the report they
            are of: False for this one
        :raises UserError: when the difference to another report would tell on somebody
        """
        hidden = adverse_impact.hidden(groups, max(self.minimum, 1))
        large = [group for group in groups if group.key not in hidden]
        # sudo: nobody reads what was shown to whom; the right was checked before
        releases = self.sudo().env["hr.applicant.adverse.impact.release"]
        shown, shown_before_on = releases._publish(self.sudo(), large)
        if large and not shown:
            raise UserError(
                self.env._(
                    "This report differs from one that was shown before by fewer than "
                    "%s people, whose answers could be worked out from both. Choose "
                    "the months and filters of the earlier report, or wait until more "
                    "applications are decided.",
                    max(self.minimum, 1),
                )
            )
        return shown, shown_before_on

    def _check_allowed(self):
        """Refuse whoever lacks the right, and companies that are not the user's.

        :raises AccessError: then
        """
        allowed = self.env.user.has_group("office_role_hiring.group_hiring_fairness")
        if not allowed or self.company_id not in self.env.user.company_ids:
            raise AccessError(
                self.env._(
                    "The adverse-impact report is for the HR managers of the company "
                    "who have the right “Recruitment: fairness and personal data”."
                )
            )
        # the counting bypasses the rules: groups of another company's are refused here
        self.dimension_id.check_access("read")

    @api.model
    def _get_line_values(self, group_id, finding):
        """Return the values of the line of a group.

        :param finding: :class:`adverse_impact.Finding`; None for a hidden group
        """
        if finding is None:
            return {"group_id": group_id, "outcome": "hidden"}
        outcome = "below" if finding.below else "met"
        if finding.ratio is None:
            outcome = "none"
        elif finding.ratio == 1:
            outcome = "highest"
        return {
            "group_id": group_id,
            "considered": finding.group.considered,
            "selected": finding.group.selected,
            "rate": 100 * float(finding.group.rate),
            "ratio": float(finding.ratio or 0),
            "outcome": outcome,
            "is_small": finding.small,
        }

    def _get_groups(self):
        """Count the applications by group, with one query.

        An application counts when it is decided on: selected, or refused or archived.
        Who withdrew and duplicates do not count, for nobody decided against them.

        :return: list of :class:`adverse_impact.Group` of all groups of the dimension
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT grp.id,
                       COUNT(application.selected),
                       COUNT(*) FILTER (WHERE application.selected)
                  FROM hr_applicant_group grp
             LEFT JOIN hr_applicant_self_identification answer
                    ON answer.group_id = grp.id
             LEFT JOIN LATERAL (%(application)s) application ON TRUE
                 WHERE grp.dimension_id = %(dimension)s
              GROUP BY grp.id
              ORDER BY grp.sequence, grp.id
                """,
                application=self._get_application_query(),
                dimension=self.dimension_id.id,
            )
        )
        return [adverse_impact.Group(*row) for row in rows]

    def _get_filters(self):
        """Return what the report is asked for, as text that is the same next time."""
        self.ensure_one()
        return repr(
            (
                fields.Date.to_string(self.date_from),
                fields.Date.to_string(self.date_to),
                sorted(self.job_ids.ids),
                self.role_id.id,
                self.stage_id.id,
            )
        )

    def _get_people(self):
        """Return who is counted, with one query.

        :return: list of ``(applicant_id, group_id, selected)``; for
            ``hr.applicant.adverse.impact.release`` alone
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT answer.applicant_id, answer.group_id, application.selected
                  FROM hr_applicant_self_identification answer
                  JOIN hr_applicant_group grp ON grp.id = answer.group_id
            CROSS JOIN LATERAL (%(application)s) application
                 WHERE grp.dimension_id = %(dimension)s
                """,
                application=self._get_application_query(),
                dimension=self.dimension_id.id,
            )
        )

    def _get_application_query(self):
        """Return the query of the one application of ``answer``, if it counts."""
        return SQL(
            """
            SELECT %(selected)s AS selected
              FROM hr_applicant applicant
         LEFT JOIN hr_applicant_refuse_reason reason
                ON reason.id = applicant.refuse_reason_id
         LEFT JOIN hr_recruitment_stage stage ON stage.id = applicant.stage_id
             WHERE applicant.id = answer.applicant_id
               AND %(conditions)s
               AND (%(selected)s
                    OR applicant.active IS NOT TRUE
                       AND COALESCE(reason.office_type, '')
                           NOT IN ('withdrew', 'duplicate'))
            """,
            selected=self._get_selected_condition(),
            conditions=SQL(" AND ").join(self._get_conditions()),
        )

    def _get_conditions(self):
        """Return the SQL conditions on ``applicant`` that the filters make."""
        conditions = [
            SQL("applicant.company_id = %s", self.company_id.id),
            SQL("applicant.create_date >= %s", self.date_from),
            SQL("applicant.create_date < %s", self.date_to + relativedelta(days=1)),
        ]
        if self.job_ids:
            conditions.append(SQL("applicant.job_id = ANY(%s)", self.job_ids.ids))
        if self.role_id:
            conditions.append(
                SQL(
                    "applicant.job_id IN (SELECT id FROM hr_job "
                    "WHERE office_role_id = %s)",
                    self.role_id.id,
                )
            )
        return conditions

    def _get_selected_condition(self):
        """Return the SQL condition for being selected.

        Who was moved past a stage has reached it. Stages that come later by their
        sequence, now or in the log of decisions, count.
        """
        if not self.stage_id:
            return SQL("(applicant.date_closed IS NOT NULL)")
        # sudo: the stage is a filter; who may use the report may use every stage
        sequence = self.stage_id.sudo().sequence
        return SQL(
            """
            (COALESCE(stage.sequence >= %(sequence)s, FALSE) OR EXISTS (
                SELECT FROM hr_applicant_decision decision
                  JOIN hr_recruitment_stage reached
                    ON reached.id IN (decision.stage_id, decision.stage_before_id)
                 WHERE decision.applicant_id = applicant.id
                   AND reached.sequence >= %(sequence)s))
            """,
            sequence=sequence,
        )
