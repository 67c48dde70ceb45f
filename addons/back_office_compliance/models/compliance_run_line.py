import logging
import random
import time

from odoo import fields, models
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)

_logger = logging.getLogger(__name__)


class ComplianceRunLine(models.Model):
    """What one check of a run said; nothing yet while it has no result."""

    _name = "compliance.run.line"
    _description = "Check of a run"
    _order = "run_id desc, id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "compliance.run",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, index=True, precompute=True
    )
    check_id = fields.Many2one(
        "compliance.check",
        required=True,
        ondelete="cascade",
        readonly=True,
        check_company=True,
    )
    family = fields.Selection(related="check_id.family", store=True, precompute=True)
    result = fields.Selection(
        [
            ("pass", "Passed"),
            ("fail", "Findings"),
            ("error", "Error"),
            ("skipped", "Skipped"),
        ],
        readonly=True,
    )
    ended_on = fields.Datetime(readonly=True)
    count = fields.Integer(string="Findings", readonly=True)
    new_count = fields.Integer(
        string="New", readonly=True, help="Found for the first time, or again."
    )
    resolved_count = fields.Integer(string="Resolved", readonly=True)
    dropped_count = fields.Integer(
        string="Dropped", readonly=True, help="Of another company: dropped."
    )
    seconds = fields.Float(readonly=True)
    error = fields.Text(readonly=True)

    _pending = models.Index("(run_id, id) WHERE result IS NULL")
    _of_check = models.Index("(check_id, company_id, ended_on)")

    def _compute_display_name(self):
        for line in self:
            line.display_name = line.check_id.display_name

    def _execute(self):
        """Ask the check of each line, and keep the answer.

        :raises psycopg2.OperationalError: as ``compliance.check._ask`` does
        """
        for line in self:
            answer = line.check_id._ask(line.run_id, line.run_id._get_scope())
            line.write({**answer, "ended_on": fields.Datetime.now()})
        self.run_id._finish_if_done()

    def _execute_retrying(self):
        """Ask the check; begin a new transaction when another one stands in the way.

        As Odoo does with a request: five times, after a random and growing wait. Then
        the line says so, and the check is asked again the next time.
        """
        self.ensure_one()
        for attempt in range(1, MAX_TRIES_ON_CONCURRENCY_FAILURE + 1):
            try:
                if self.exists() and not self.result:
                    self._execute()
                    self.env.flush_all()
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                _logger.info("Try %d of %s: %r", attempt, self, error)
                self.env.cr.rollback()
                self.env.transaction.reset()
            if attempt < MAX_TRIES_ON_CONCURRENCY_FAILURE:
                time.sleep(random.uniform(0.0, 2**attempt))
        busy = self.env._("Somebody was writing the same findings. Run it again.")
        self.write({"result": "error", "error": busy})
        self.run_id._finish_if_done()

    def _tell_owners(self):
        """Give each owner one activity on each check that has something new."""
        todo = self.env.ref("mail.mail_activity_data_todo")
        told = self.filtered(
            lambda line: line.new_count and line.check_id._get_owner(line.company_id)
        )
        checks = told.check_id
        waiting = checks.activity_ids.filtered(
            lambda activity: activity.activity_type_id == todo
        )
        for line in told:
            owner = line.check_id._get_owner(line.company_id)
            mine = waiting.filtered(
                lambda activity, check=line.check_id, user=owner: (
                    activity.res_id == check.id and activity.user_id == user
                )
            )
            if not mine:
                line.check_id.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=line.env._("New findings: %s", line.check_id.name),
                    user_id=owner.id,
                )
