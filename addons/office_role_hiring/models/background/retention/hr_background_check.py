import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, split_every

_logger = logging.getLogger(__name__)

BATCH = 50


class HrBackgroundCheck(models.Model):
    """Retention: results go, that a check was made stays; reminders of expiry."""

    _inherit = "hr.background.check"  # pylint: disable=consider-merging-classes-inherited

    legal_hold = fields.Boolean(
        string="Legal hold",
        copy=False,
        help="Keep the result beyond the retention time, because a charge or a court "
        "case is pending.",
    )
    erased_on = fields.Date(string="Result deleted on", readonly=True, copy=False)
    reminded_on = fields.Date(string="Reminded on", readonly=True, copy=False)

    @api.model
    def _get_step_fields(self):
        return super()._get_step_fields() | {"erased_on", "reminded_on"}

    def _is_erased(self):
        self.ensure_one()
        return bool(self.erased_on)

    # --- deleting results -------------------------------------------------------------

    def _erase(self):
        """Delete result, notes, decision, notices and files of a set of checks.

        What stays: who was checked for what, the days of consent, order, result and
        end, until when it was valid, and that the result was deleted today. A check
        that was still open ends. Checks on legal hold are left alone.

        :return: the checks that were erased
        """
        # sudo: called for whole companies, and by those who may not read results
        checks = self.sudo().filtered(
            lambda check: not check.erased_on and not check.legal_hold
        )
        if not checks:
            return checks
        today = fields.Date.context_today(self)
        # first, so that the files of closed checks may go, see ir.attachment
        checks._set({"erased_on": today})
        for ordered, found in checks.grouped(
            lambda check: bool(check.ordered_on)
        ).items():
            still_open = found.filtered(lambda c: c.state not in ("done", "cancelled"))
            still_open._set(
                {"state": "done" if ordered else "cancelled", "closed_on": today}
            )
        checks._set(
            {
                **dict.fromkeys(self._get_erased_fields(), False),
                "attach_report": True,
                "attach_rights": True,
            }
        )
        checks._erase_around()
        return checks

    @api.model
    def _get_erased_fields(self):
        """Return the fields that hold personal data of a check."""
        return [
            "result",
            "note",
            "decision",
            "decision_reason",
            "decided_by_id",
            "pre_adverse_date",
            "final_notice_from",
            "final_notice_date",
            "provider_reference",
            "consent_document",
            "consent_filename",
            "report_file",
            "report_filename",
            "notice_by_post",
        ]

    def _erase_around(self):
        """Delete the files, the messages, their mails, and the activities."""
        owned = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        # the condition on the id finds the files of fields too
        self.env["ir.attachment"].search([*owned, ("id", "!=", False)]).unlink()
        self.env["mail.activity"].with_context(active_test=False).search(owned).unlink()
        self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()

    @api.model
    def _get_ids_to_erase(self):
        """Return the ids of the checks whose retention time is over.

        It runs from the end of the check, the hiring or the refusal, whichever is
        last; for a check that was never ended, once its application is archived.
        """
        for model in (self._name, "hr.applicant", "res.company"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id
                  FROM hr_background_check c
                  JOIN res_company m ON m.id = c.company_id
             LEFT JOIN hr_applicant a ON a.id = c.applicant_id
                 WHERE c.erased_on IS NULL
                   AND c.legal_hold IS NOT TRUE
                   AND (c.closed_on IS NOT NULL OR a.active IS FALSE)
                   AND GREATEST(
                           COALESCE(c.closed_on, c.write_date::date),
                           a.date_closed::date,
                           a.refuse_date::date
                       ) + make_interval(months => m.background_retention_months)
                       <= %(today)s::date
              ORDER BY c.id
                """,
                today=fields.Date.context_today(self),
            )
        )
        return [check_id for (check_id,) in rows]

    @api.model
    def _cron_erase(self):
        """Delete what is over its retention time, a batch a transaction."""
        ids = self._get_ids_to_erase()
        remaining = len(ids)
        for batch in split_every(BATCH, ids):
            self.browse(batch)._erase_or_go_on()
            remaining -= len(batch)
            if not self.env["ir.cron"]._commit_progress(
                len(batch), remaining=remaining
            ):
                return

    def _erase_or_go_on(self):
        """Erase the batch at once; where that fails, one by one."""
        try:
            with self.env.cr.savepoint():
                self._erase()
        except OperationalError:
            raise
        except Exception:
            if len(self) == 1:
                # no details of the check in the log
                _logger.exception("Background check %s could not be deleted", self.id)
                return
            for check in self:
                check._erase_or_go_on()

    # --- reminders --------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Plan an activity for each check that expires soon, once."""
        checks = self.browse(self._get_ids_to_remind())
        for valid_until, found in checks.grouped("valid_until").items():
            found._plan_activity(self.env._("Renew the check"), valid_until)
        checks._set({"reminded_on": fields.Date.context_today(self)})

    @api.model
    def _get_ids_to_remind(self):
        """Return the ids of checks that count, expire soon and were not renewed."""
        for model in (self._name, "hr.applicant", "hr.employee", "res.company"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id
                  FROM hr_background_check c
                  JOIN res_company m ON m.id = c.company_id
             LEFT JOIN hr_applicant a ON a.id = c.applicant_id
             LEFT JOIN hr_employee e ON e.id = c.employee_id
                 WHERE c.state = 'done' AND c.reminded_on IS NULL
                   AND (c.erased_on IS NOT NULL OR c.result = 'clear'
                        OR c.decision = 'hired')
                   AND c.valid_until >= %(today)s::date
                   AND c.valid_until < %(today)s::date + m.background_remind_days
                   AND COALESCE(e.active, a.active)
                   AND NOT EXISTS (
                       SELECT FROM hr_background_check newer
                        WHERE newer.type_id = c.type_id AND newer.id > c.id
                          AND newer.state <> 'cancelled'
                          AND (newer.employee_id = c.employee_id
                               OR newer.applicant_id = c.applicant_id))
              ORDER BY c.id
                """,
                today=fields.Date.context_today(self),
            )
        )
        return [check_id for (check_id,) in rows]
