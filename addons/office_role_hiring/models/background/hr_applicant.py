from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .hr_background_check import GROUP


class HrApplicant(models.Model):
    """Background checks: what is missing, and the stages that wait for it."""

    _inherit = "hr.applicant"  # pylint: disable=consider-merging-classes-inherited

    background_check_ids = fields.One2many(
        "hr.background.check",
        "applicant_id",
        string="Background checks",
        readonly=True,
        groups=GROUP,
        copy=False,
    )
    background_check_count = fields.Integer(
        compute="_compute_background_check_count", groups=GROUP
    )
    # whoever works with the applicant sees what is missing, never what was found
    background_status = fields.Selection(
        [
            ("none", "No checks needed"),
            ("missing", "Checks missing"),
            ("complete", "Checks complete"),
        ],
        compute="_compute_background_status",
        compute_sudo=True,
        search="_search_background_status",
    )
    background_missing_count = fields.Integer(
        string="Missing background checks",
        compute="_compute_background_status",
        compute_sudo=True,
    )
    background_missing_names = fields.Char(
        string="Checks that are missing",
        compute="_compute_background_status",
        compute_sudo=True,
    )

    # --- what is missing --------------------------------------------------------------

    def _compute_background_check_count(self):
        counts = dict(
            self.env["hr.background.check"]._read_group(
                [("applicant_id", "in", self.ids)], ["applicant_id"], ["__count"]
            )
        )
        for applicant in self:
            applicant.background_check_count = counts.get(applicant._origin, 0)

    @api.depends(
        "job_id.office_role_id.background_type_ids",
        "company_id",
        "background_check_ids.state",
        "background_check_ids.erased_on",
    )
    def _compute_background_status(self):
        missing = self._get_missing_background_checks()
        for applicant in self:
            types = missing.get(applicant._origin.id, self.env[self._type_model()])
            needed = applicant.job_id.office_role_id.background_type_ids
            applicant.background_missing_count = len(types)
            applicant.background_missing_names = ", ".join(types.mapped("name"))
            applicant.background_status = (
                "none" if not needed else "missing" if types else "complete"
            )

    def _search_background_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        needed = SQL("(SELECT applicant_id FROM (%s) n)", self._needed_background_sql())
        missing = SQL(
            "(SELECT applicant_id FROM (%s) n WHERE NOT passed)",
            self._needed_background_sql(),
        )
        self._flush_background()
        domains = {
            "none": Domain("id", "not in", needed),
            "missing": Domain("id", "in", missing),
            "complete": Domain("id", "in", needed) & Domain("id", "not in", missing),
        }
        return Domain.OR(domains[status] for status in value if status in domains)

    @api.model
    def _type_model(self):
        return "hr.background.check.type"

    @api.model
    def _flush_background(self):
        """Send to the database what the statement below reads."""
        for model in (
            "hr.applicant",
            "hr.job",
            "office.role",
            "hr.background.check",
            self._type_model(),
        ):
            self.env[model].flush_model()

    @api.model
    def _needed_background_sql(self):
        """Return the statement of the checks that applicants need, a row a check.

        The newest check that was not cancelled counts, so that an old clear result
        does not stand against a new one. ``passed``: it is clear, or decided on, and
        still valid. ``is_open``: it has not come to an end.
        """
        return SQL(
            """
            SELECT a.id AS applicant_id, t.id AS type_id, t.sequence,
                   COALESCE(c.state = 'done' AND c.erased_on IS NULL
                       AND (c.result = 'clear' OR c.decision = 'hired')
                       AND (c.valid_until IS NULL OR c.valid_until >= %(today)s),
                   FALSE) AS passed,
                   COALESCE(c.state <> 'done', FALSE) AS is_open
              FROM hr_applicant a
              JOIN hr_job j ON j.id = a.job_id
              JOIN office_role_background_type_rel r ON r.role_id = j.office_role_id
              JOIN hr_background_check_type t ON t.id = r.type_id AND t.active
         LEFT JOIN LATERAL (
                   SELECT state, erased_on, result, decision, valid_until
                     FROM hr_background_check
                    WHERE applicant_id = a.id AND type_id = t.id
                      AND state <> 'cancelled'
                      AND (a.company_id IS NULL OR company_id = a.company_id)
                 ORDER BY id DESC LIMIT 1
                   ) c ON TRUE
            """,
            today=fields.Date.context_today(self),
        )

    def _get_missing_background_checks(self, without_open=False):
        """Return what the applicants still need before they can be hired.

        The newest check counts when it is clear, or adverse with the decision to hire,
        and neither expired nor deleted. One statement, however many applicants.

        :param without_open: leave out the types of checks that are under way
        :return: dict of the types (in their order) by the id of the applicant, only
            for applicants who miss some
        """
        self._flush_background()
        rows = self.env.execute_query(
            SQL(
                "SELECT applicant_id, type_id FROM (%(needed)s) n WHERE NOT passed "
                "AND applicant_id = ANY(%(ids)s) AND NOT (is_open AND %(open)s) "
                "ORDER BY applicant_id, sequence, type_id",
                needed=self._needed_background_sql(),
                ids=self._origin.ids,
                open=without_open,
            )
        )
        missing = defaultdict(list)
        for applicant_id, type_id in rows:
            missing[applicant_id].append(type_id)
        types = self.env[self._type_model()]
        return {key: types.browse(ids) for key, ids in missing.items()}

    # --- stages that wait -------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        applicants = super().create(vals_list)
        nothing = (self.env["hr.recruitment.stage"], self.env["hr.job"], False)
        applicants._check_background_complete(dict.fromkeys(applicants.ids, nothing))
        applicants.filtered("employee_id")._carry_background_over()
        return applicants

    def write(self, vals):
        hiring = bool(vals.get("employee_id"))
        if not {"stage_id", "job_id", "employee_id"} & vals.keys():
            return super().write(vals)
        before = {
            applicant.id: (applicant.stage_id, applicant.job_id, applicant.employee_id)
            for applicant in self
        }
        result = super().write(vals)
        self._check_background_complete(before)
        if hiring:
            self._carry_background_over()
        return result

    def _check_background_complete(self, before):
        """Refuse to move on or to hire while background checks are missing.

        :param before: dict of stage, job and employee by id of the applicant, as they
            were; going back is always possible
        :raise UserError: names who, where to, and what is missing
        """
        # sudo: an interviewer moves an applicant without reading roles and checks
        applicants = self.sudo().filtered("job_id")
        waiting = applicants.env["hr.recruitment.stage"].search(
            [("requires_background_checks", "=", True)]
        )
        stopped = applicants.browse()
        if waiting:
            stopped = applicants.filtered(
                lambda a: a._must_have_background_checks(waiting, *before[a.id])
            )
        missing = stopped._get_missing_background_checks() if stopped else {}
        sentences = [
            applicant._get_background_sentence(missing[applicant.id], before)
            for applicant in stopped
            if applicant.id in missing
        ]
        if sentences:
            sentences.append(
                self.env._(
                    "Ask somebody with the right Background Checks to complete them."
                )
            )
            raise UserError("\n".join(sentences))

    def _must_have_background_checks(self, waiting, stage, job, employee):
        """Return whether the applicant moves on to where checks must be complete.

        :param waiting: all stages that wait for background checks
        :param stage: stage, job and employee as they were
        """
        self.ensure_one()
        waiting = waiting.filtered(lambda s: not s.job_ids or self.job_id in s.job_ids)
        if self.employee_id and self.employee_id != employee:
            return bool(waiting)
        moves_on = self.job_id != job or self.stage_id != stage
        if not self.stage_id or not moves_on:
            return False
        if self.job_id == job and not self.stage_id._is_after(stage):
            return False
        return any(not other._is_after(self.stage_id) for other in waiting)

    def _get_background_sentence(self, types, before):
        """Return who cannot go where, and which types of checks are missing."""
        self.ensure_one()
        values = {
            "applicant": self.partner_name or self.display_name,
            "stage": self.stage_id.name,
            "checks": ", ".join(types.mapped("name")),
        }
        if self.employee_id and self.employee_id != before[self.id][2]:
            return self.env._(
                "%(applicant)s cannot be hired yet. Background checks that are "
                "missing: %(checks)s.",
                **values,
            )
        return self.env._(
            "%(applicant)s cannot move on to %(stage)s. Background checks that are "
            "missing: %(checks)s.",
            **values,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_background_checked(self):
        # sudo: who deletes an applicant need not read the checks; those that nobody
        # has begun go with the applicant
        checks = self.env["hr.background.check"].sudo()
        checks = checks.search([("applicant_id", "in", self.ids)])
        begun = checks.filtered(lambda check: check.state != "todo")
        if begun:
            raise UserError(
                self.env._(
                    "%s cannot be deleted, because background checks were made. Refuse "
                    "or archive the application: the results are deleted after the "
                    "retention time.",
                    ", ".join(begun.mapped("person_name")),
                )
            )
        checks.unlink()

    # --- hooks and actions ------------------------------------------------------------

    def _carry_background_over(self):
        """Give the checks of hired applicants to the employees; they keep both."""
        # sudo: whoever hires need not read checks
        checks = self.env["hr.background.check"].sudo()
        checks = checks.search(
            [("applicant_id", "in", self.ids), ("employee_id", "=", False)]
        )
        for employee, found in checks.grouped(
            lambda check: check.applicant_id.employee_id
        ).items():
            same = found.filtered(lambda c, e=employee: c.company_id == e.company_id)
            same._set({"employee_id": employee.id})

    def action_prepare_background_checks(self):
        """Create the checks that the roles need and nobody has begun.

        :return: action that opens what was created, or says that nothing is missing
        """
        self.check_access("read")
        checks = self._prepare_background_checks()
        if not checks:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._(
                        "Nothing to prepare: all checks of the roles are there. Where "
                        "you expect more, list them on the role of the job position."
                    ),
                },
            }
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.hr_background_check_action"
        )
        return {**action, "domain": [("id", "in", checks.ids)], "context": {}}

    def _prepare_background_checks(self):
        """Return the checks created for what is missing and not under way."""
        # sudo: reads roles and job positions, whatever their own rules
        missing = self.sudo()._get_missing_background_checks(without_open=True)
        return self.env["hr.background.check"].create(
            [
                {"applicant_id": applicant_id, "type_id": type_id}
                for applicant_id, types in missing.items()
                for type_id in types.ids
            ]
        )

    def action_view_background_checks(self):
        """Open the background checks of the applicant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.hr_background_check_action"
        )
        return {
            **action,
            "domain": [("applicant_id", "=", self.id)],
            "context": {"default_applicant_id": self.id},
        }
