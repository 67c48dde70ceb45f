from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....background_dates import earliest_final_notice, weekdays


class HrBackgroundCheck(models.Model):
    """Notices: consent, pre-adverse notice, waiting days, final decision."""

    _inherit = "hr.background.check"  # pylint: disable=consider-merging-classes-inherited

    notice_by_post = fields.Boolean(
        string="Notices go by post",
        copy=False,
        help="No e-mail is sent: the day of each notice is recorded all the same.",
    )
    attach_report = fields.Boolean(
        string="Send the report",
        default=True,
        copy=False,
        help="A copy of the report goes with the pre-adverse notice, as 15 U.S.C. "
        "1681b(b)(3) demands of employers in the United States.",
    )
    attach_rights = fields.Boolean(
        string="Send the summary of rights",
        default=True,
        copy=False,
        help="The document of the settings goes with the pre-adverse notice, as "
        "15 U.S.C. 1681b(b)(3) demands of employers in the United States.",
    )
    pre_adverse_date = fields.Date(
        string="Pre-adverse notice on", readonly=True, copy=False
    )
    final_notice_from = fields.Date(
        string="Final notice not before", readonly=True, copy=False
    )
    final_notice_date = fields.Date(string="Final notice on", readonly=True, copy=False)
    decision = fields.Selection(
        [("hired", "Hired anyway"), ("rejected", "Not hired")],
        readonly=True,
        copy=False,
    )
    decision_reason = fields.Text(string="Reason of the decision", copy=False)
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False
    )
    notice_email = fields.Char(compute="_compute_notice_address", compute_sudo=True)
    notice_lang = fields.Char(compute="_compute_notice_address", compute_sudo=True)
    notice_failed = fields.Boolean(compute="_compute_notice_failed")

    _notice_order = models.Constraint(
        "CHECK (final_notice_date IS NULL OR (pre_adverse_date IS NOT NULL "
        "AND final_notice_from IS NOT NULL AND final_notice_from > pre_adverse_date "
        "AND final_notice_date >= final_notice_from))",
        "The final notice of a background check comes after the pre-adverse notice and "
        "its waiting days.",
    )
    _notice_after_result = models.Constraint(
        "CHECK (pre_adverse_date IS NULL OR (result_date IS NOT NULL "
        "AND pre_adverse_date >= result_date))",
        "A pre-adverse notice comes on or after the day of the adverse result.",
    )
    _state_of_result = models.Constraint(
        "CHECK (erased_on IS NOT NULL OR ((state IN ('adverse', 'done')) "
        "= (result IS NOT NULL AND result_date IS NOT NULL)))",
        "A background check has a result exactly when it is done or in the adverse "
        "process.",
    )
    _adverse_state = models.Constraint(
        "CHECK (state <> 'adverse' OR result = 'adverse')",
        "Only an adverse result of a background check begins the adverse process.",
    )
    _decision_given = models.Constraint(
        "CHECK (erased_on IS NOT NULL OR (state = 'done' "
        "AND result IS NOT DISTINCT FROM 'adverse') = (decision IS NOT NULL))",
        "An adverse background check is done exactly when it is decided.",
    )
    _rejected_after_notice = models.Constraint(
        "CHECK (decision IS DISTINCT FROM 'rejected' OR final_notice_date IS NOT NULL)",
        "Nobody is rejected for a background check before the final notice.",
    )
    _hired_with_reason = models.Constraint(
        "CHECK (decision IS DISTINCT FROM 'hired' "
        "OR COALESCE(TRIM(decision_reason), '') <> '')",
        "Give the reason why somebody is hired despite an adverse background check.",
    )

    @api.depends("applicant_id", "employee_id")
    def _compute_notice_address(self):
        for check in self:
            applicant, employee = check.applicant_id, check.employee_id
            partner = applicant.partner_id or employee.work_contact_id
            check.notice_email = (
                applicant.email_from or employee.private_email or employee.work_email
            )
            check.notice_lang = partner.lang or employee.lang or self.env.lang

    def _compute_notice_failed(self):
        # sudo: nobody reads the queue of e-mails
        failed = self.env["mail.mail"].sudo()
        failed = failed._read_group(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "exception"),
            ],
            aggregates=["res_id:array_agg"],
        )[0][0]
        for check in self:
            check.notice_failed = check.id in (failed or ())

    @api.model
    def _get_step_fields(self):
        return super()._get_step_fields() | {
            "pre_adverse_date",
            "final_notice_from",
            "final_notice_date",
            "decision",
            "decision_reason",
            "decided_by_id",
        }

    # --- actions ----------------------------------------------------------------------

    def action_ask_consent(self):
        """Ask the persons for their consent, each in their language."""
        self._require_state("todo")
        self._set({"state": "asked", "asked_on": fields.Date.context_today(self)})
        for check in self:
            check._send_notice("office_role_hiring.mail_template_background_consent")
        self._plan_activity(self._get_next_step("asked"))

    def action_pre_adverse_notice(self):
        """Tell the persons what was found before anything is decided."""
        self._require_state("adverse")
        today = fields.Date.context_today(self)
        for check in self:
            if check.pre_adverse_date:
                raise UserError(
                    self.env._(
                        "The pre-adverse notice of %(check)s went out on %(date)s.",
                        check=check.display_name,
                        date=check.pre_adverse_date,
                    )
                )
            files = check._get_notice_files()
            earliest = check._get_earliest_final_notice(today)
            check._set({"pre_adverse_date": today, "final_notice_from": earliest})
            check._send_notice(
                "office_role_hiring.mail_template_background_pre_adverse", files
            )
            check._plan_activity(self._get_next_step("adverse"), earliest)

    def action_final_notice(self):
        """Not hired: tell the persons, once their waiting days are over."""
        self._require_state("adverse")
        today = fields.Date.context_today(self)
        for check in self:
            check._require_waiting_days_over(today)
            check._set(
                {
                    "final_notice_date": today,
                    "decision": "rejected",
                    "decided_by_id": self.env.uid,
                    "state": "done",
                    "closed_on": today,
                }
            )
            check._send_notice("office_role_hiring.mail_template_background_final")
        self._drop_activities()

    def action_hire_anyway(self):
        """The result does not stand in the way: the reason is on the check."""
        self._require_state("adverse")
        for check in self:
            if not (check.decision_reason or "").strip():
                raise UserError(
                    self.env._(
                        "Enter Reason of the decision of %s: why is this person hired "
                        "in spite of the result?",
                        check.display_name,
                    )
                )
        self._set(
            {
                "decision": "hired",
                "decided_by_id": self.env.uid,
                "state": "done",
                "closed_on": fields.Date.context_today(self),
            }
        )
        self._drop_activities()

    # --- waiting days -----------------------------------------------------------------

    def _require_waiting_days_over(self, today):
        """:raise UserError: no pre-adverse notice yet, or the waiting days run"""
        self.ensure_one()
        if not self.pre_adverse_date:
            raise UserError(
                self.env._(
                    "Send the pre-adverse notice of %s first: the person must be able "
                    "to answer before the decision.",
                    self.display_name,
                )
            )
        if today < self.final_notice_from:
            raise UserError(
                self.env._(
                    "The final notice of %(check)s goes out on %(date)s at the "
                    "earliest: until then the person may answer.",
                    check=self.display_name,
                    date=self.final_notice_from,
                )
            )

    def _get_earliest_final_notice(self, notice):
        """Return the first day for the final notice, by the company's calendar.

        The calendar of the company leaves out its days off and public holidays;
        without one, and where it knows too few days, Mondays to Fridays count.
        """
        self.ensure_one()
        # sudo: the calendar and waiting days of the company, whoever asks
        company = self.sudo().company_id
        days = company.background_waiting_days
        last = notice + timedelta(days=days * 3 + 60)
        calendar = company.resource_calendar_id
        if calendar:
            zone = pytz.timezone(calendar.tz or "UTC")
            intervals = calendar._work_intervals_batch(
                zone.localize(datetime.combine(notice, time.min)),
                zone.localize(datetime.combine(last, time.max)),
            )[False]
            working = {start.astimezone(zone).date() for start, _stop, _ in intervals}
            if len(working - {notice}) >= days:
                return earliest_final_notice(notice, days, working)
        return earliest_final_notice(notice, days, weekdays(notice, last))

    # --- mail -------------------------------------------------------------------------

    def _get_notice_files(self):
        """Return the ids of the files that go with the pre-adverse notice.

        :raise UserError: a file that is to be sent is missing
        """
        self.ensure_one()
        # sudo: the document of the settings, which the user need not open
        company = self.sudo().company_id
        values = []
        if self.attach_report:
            if not self.report_file:
                raise UserError(
                    self.env._(
                        "Attach the Report to %s, or untick Send the report.",
                        self.display_name,
                    )
                )
            name = self.report_filename or self.env._("Report")
            values.append({"name": name, "datas": self.report_file})
        if self.attach_rights:
            document = company.background_rights_document
            if not document:
                raise UserError(
                    self.env._(
                        "%(company)s has no Summary of rights. Upload it in Settings, "
                        "Recruitment, or untick Send the summary of rights of "
                        "%(check)s.",
                        company=company.name,
                        check=self.display_name,
                    )
                )
            name = company.background_rights_filename or self.env._("Summary of rights")
            values.append({"name": name, "datas": document})
        # copies of the check: they are as private as it is, and deleted with it
        owner = {"res_model": self._name, "res_id": self.id}
        return self.env["ir.attachment"].create([{**v, **owner} for v in values]).ids

    def _send_notice(self, template, attachment_ids=()):
        """Queue an e-mail to the person, unless notices go by post.

        :param template: external id of the template
        :param attachment_ids: ids of files that go with it
        :raise UserError: the person has no e-mail address
        """
        self.ensure_one()
        if self.notice_by_post:
            return
        if not self.notice_email:
            raise UserError(
                self.env._(
                    "%(person)s has no e-mail address. Add one, or tick Notices go by "
                    "post on %(check)s.",
                    person=self.person_name,
                    check=self.display_name,
                )
            )
        # the e-mail goes once it is sent, the message stays on the check, for the group
        self.env.ref(template).send_mail(
            self.id,
            email_values={
                "attachment_ids": list(attachment_ids),
                "is_notification": True,
            },
        )
