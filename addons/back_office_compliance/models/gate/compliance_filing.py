from odoo import api, fields, models
from odoo.fields import Domain


class ComplianceFiling(models.Model):
    """What stands between a filing and the authority: findings of its period."""

    _inherit = "compliance.filing"  # pylint: disable=consider-merging-classes-inherited

    gate_finding_ids = fields.Many2many(
        "compliance.finding",
        string="In the Way",
        compute="_compute_gate_finding_ids",
        compute_sudo=False,
        help="What the checks of the obligation found, as far as you may read it.",
    )

    @api.depends("state", "obligation_id", "period_start", "period_end")
    @api.depends_context("uid")
    def _compute_gate_finding_ids(self):
        """Show what stands in the way of those not filed yet to who may read it."""
        self.gate_finding_ids = False
        for filing in self.filtered(lambda filing: not filing.frozen_hash):
            found = filing._gate_findings().ids
            filing.gate_finding_ids = self.env["compliance.finding"].search(
                [("id", "in", found)]
            )

    def _gate_findings(self):
        """Return what has to be resolved or waived before the filing is filed.

        Those of the checks that gate its obligation, dated within its period or without
        a date. All of them, also those that the reader may not see: names and figures
        are shown by their own computes, which ask for the reader's rights.

        :rtype: compliance.finding
        """
        domain = Domain.OR(
            Domain("company_id", "=", filing.company_id.id)
            & Domain("check_id.obligation_ids", "in", filing.obligation_id.ids)
            & Domain("check_id.active", "=", True)
            & (
                Domain("date", "=", False)
                | (
                    Domain("date", ">=", filing.period_start)
                    & Domain("date", "<=", filing.period_end)
                )
            )
            for filing in self
        )
        states = Domain("state", "in", ("open", "acknowledged", "fixed"))
        # sudo: a labour finding stops a filing of an accountant as well
        return self.env["compliance.finding"].sudo().search(states & domain)

    def _gate_unproven(self):
        """Return the gating checks whose last answer was no answer: error or never.

        :rtype: compliance.check
        """
        self.ensure_one()
        company = self.company_id
        checks = self.env["compliance.run"]._get_checks(company, self)
        latest = (
            # sudo: the same for everybody who files
            self.env["compliance.run.line"]
            .sudo()
            ._read_group(
                [
                    ("check_id", "in", checks.ids),
                    ("company_id", "=", company.id),
                    ("result", "!=", False),
                ],
                ["check_id"],
                ["id:recordset"],
            )
        )
        proven = {
            check.id
            for check, lines in latest
            if lines.sorted("id")[-1].result in ("pass", "fail")
        }
        return checks.filtered(lambda check: check.id not in proven)
