from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..check_types import CheckScope

KEEP_DAYS = 400


class ComplianceRun(models.Model):
    """One time that checks were run for a company.

    A run begins with one line a check, none of them with a result. Whoever executes
    the lines, the cron or the caller, may die between two of them: the next one goes on
    with those that have no result.
    """

    _name = "compliance.run"
    _description = "Run of checks"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    trigger = fields.Selection(
        [("cron", "Nightly"), ("manual", "By hand"), ("filing", "For a filing")],
        required=True,
        default="manual",
        readonly=True,
    )
    filing_id = fields.Many2one(
        "compliance.filing",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    started_on = fields.Datetime(readonly=True)
    ended_on = fields.Datetime(readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("interrupted", "Interrupted")],
        required=True,
        default="running",
        readonly=True,
    )
    line_ids = fields.One2many("compliance.run.line", "run_id", readonly=True)
    progress = fields.Integer(compute="_compute_progress", help="Percent.")
    explanation = fields.Char(
        compute="_compute_explanation", help="Why no check was asked."
    )
    finding_count = fields.Integer(string="Findings", compute="_compute_counts")
    new_count = fields.Integer(string="New", compute="_compute_counts")
    resolved_count = fields.Integer(string="Resolved", compute="_compute_counts")
    error_count = fields.Integer(string="Errors", compute="_compute_counts")

    @api.depends("company_id", "started_on", "trigger")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Run %(number)s, %(company)s",
                number=run.id or "",
                company=run.company_id.name or "",
            )

    @api.depends("line_ids.result", "state")
    def _compute_progress(self):
        """Count the checks that are through, also those that the reader may not see."""
        # sudo: only their number is shown
        totals = (
            self.env["compliance.run.line"]
            .sudo()
            ._read_group(
                [("run_id", "in", self.ids)], ["run_id"], ["__count", "result:count"]
            )
        )
        shares = {run.id: 100 * done // total for run, total, done in totals}
        for run in self:
            # what has nothing to ask is through
            nothing = 0 if run.state == "running" else 100
            run.progress = shares.get(run._origin.id, nothing)

    @api.depends("line_ids", "filing_id", "company_id")
    @api.depends_context("lang")
    def _compute_explanation(self):
        """Say why a run has asked nothing, and what to do about it."""
        # sudo: also the lines that the reader may not see
        asked = self.sudo().filtered("line_ids")
        for run in self:
            run.explanation = not run.sudo() & asked and run._explain_nothing()

    def _explain_nothing(self):
        """Return why a run has no check."""
        if self.filing_id:
            return self._explain_no_gates(self.filing_id)
        return self.env._(
            "No check was active for %s. Activate checks under Findings, Checks.",
            self.company_id.name,
        )

    @api.model
    def _explain_no_gates(self, filing):
        """Return why no check is run for a filing, and what to do about it."""
        # sudo: the names of a filing and its obligation, for a message
        filing = filing.sudo()
        return self.env._(
            "No check stands before %(filing)s. A manager of compliance chooses them: "
            "open a check under Findings, Checks, and add the obligation “%(name)s” to "
            "its field “Gates”.",
            filing=filing.name,
            name=filing.obligation_id.name,
        )

    @api.depends("line_ids.count", "line_ids.result")
    @api.depends_context("uid")
    def _compute_counts(self):
        """Add up the lines that the reader may see."""
        Line = self.env["compliance.run.line"]
        domain = Domain("run_id", "in", self.ids)
        rows = Line._read_group(
            domain, ["run_id"], ["count:sum", "new_count:sum", "resolved_count:sum"]
        )
        sums = {run.id: numbers for run, *numbers in rows}
        errors = dict(
            Line._read_group(
                domain & Domain("result", "=", "error"), ["run_id"], ["__count"]
            )
        )
        for run in self:
            found, new, resolved = sums.get(run._origin.id, (0, 0, 0))
            run.finding_count = found
            run.new_count = new
            run.resolved_count = resolved
            run.error_count = errors.get(run._origin, 0)

    @api.model
    def _start(self, company, checks=None, trigger="manual", filing=None):
        """Create a run with a line a check; nothing is asked yet.

        :param company: the company whose records are read
        :param checks: which; by default those of the filing's obligation, or all
        :param trigger: what starts the run: manual, filing or cron
        :param filing: limits the run to the dates of this filing's period
        :return: the run, as the engine has it
        :raises UserError: when a manual run has no check to run
        """
        if filing:
            filing, trigger = filing.sudo(), "filing"  # sudo: its period, its checks
        if checks is None:
            checks = self._get_checks(company, filing)
        # sudo: a check and a parameter of another company are never run
        checks = checks.sudo().filtered(
            lambda check: not check.company_id or check.company_id == company
        )
        if not checks and trigger == "manual":
            raise UserError(
                self.env._("There is no active check to run for %s.", company.name)
            )
        return (
            # sudo: a run is written by the engine only
            self.sudo()
            .with_company(company)
            .create(
                {
                    "company_id": company.id,
                    "trigger": trigger,
                    "filing_id": filing.id if filing else False,
                    "user_id": self.env.uid,
                    "started_on": self.env.cr.now(),
                    "state": "running" if checks else "done",
                    "ended_on": False if checks else self.env.cr.now(),
                    "line_ids": [
                        fields.Command.create({"check_id": check.id})
                        for check in checks
                    ],
                }
            )
        )

    @api.model
    def _get_checks(self, company, filing=None):
        """Return the active checks of a company, or those that gate the filing."""
        domain = Domain("company_id", "in", [False, company.id])
        if filing:
            domain &= Domain("obligation_ids", "in", filing.obligation_id.ids)
        # sudo: everybody's run has the same checks
        return self.env["compliance.check"].sudo().search(domain)

    def _get_scope(self):
        """Return the dates that the run is limited to, or None."""
        self.ensure_one()
        filing = self.filing_id
        return filing and CheckScope(filing.period_start, filing.period_end) or None

    def _finish_if_done(self):
        """End each run that has no line left to ask, and tell the owners."""
        for run in self:
            if run.state == "running" and all(run.line_ids.mapped("result")):
                run.write({"state": "done", "ended_on": fields.Datetime.now()})
                run.line_ids._tell_owners()

    # --- crons --------------------------------------------------------------------

    @api.model
    def _cron_start_nightly(self):
        """Queue a run of all checks for each company.

        What is left of an earlier night is given up: the new run asks the same again.
        """
        left = self.search([("state", "=", "running"), ("trigger", "=", "cron")])
        left._interrupt()
        for company in self.env["res.company"].search([("active", "=", True)]):
            self.with_user(SUPERUSER_ID)._start(company, trigger="cron")
        self.env.ref("back_office_compliance.ir_cron_run_queue")._trigger()

    def _interrupt(self):
        """Give up what a run has not asked yet."""
        self.line_ids.filtered(lambda line: not line.result).write(
            {"result": "skipped", "error": self.env._("A later run asks this check.")}
        )
        self.write({"state": "interrupted", "ended_on": fields.Datetime.now()})

    @api.model
    def _cron_run_queue(self):
        """Ask what no run has asked yet, one check a transaction.

        A worker that dies leaves the lines behind that it has not finished; the cron
        goes on with them. The check that was being asked is asked again.
        """
        Line = self.env["compliance.run.line"]
        lines = Line.search(
            [("result", "=", False), ("run_id.state", "=", "running")],
            order="run_id, id",
        )
        remaining = len(lines)
        for line in lines:
            line._execute_retrying()
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    @api.autovacuum
    def _gc_nightly(self):
        """Delete the nightly runs of long ago; those for filings stay."""
        long_ago = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        old = Domain("trigger", "=", "cron") & Domain("started_on", "<", long_ago)
        self.search(old, limit=1000).unlink()

    # --- buttons ------------------------------------------------------------------

    def _get_open_action(self):
        """Return the action that opens the run."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "name": self.display_name,
            "views": [(False, "form")],
        }

    def action_open_findings(self):
        """Open what the checks of the run have not got resolved yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "back_office_compliance.compliance_finding_action"
        )
        action["domain"] = [
            ("check_id", "in", self.line_ids.check_id.ids),
            ("company_id", "=", self.company_id.id),
        ]
        return action
