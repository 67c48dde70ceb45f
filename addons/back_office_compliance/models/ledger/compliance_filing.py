from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ... import ledger_sql

# An amended filing has been corrected; nobody has to look at it again.
COMPARED_STATES = ("filed", "accepted", "rejected")
MAX_SHOWN = 200
CHANGES_TABLE = Markup(
    '<table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
)


class ComplianceFiling(models.Model):
    """The amounts of filings, computed from the ledger."""

    _inherit = "compliance.filing"  # pylint: disable=consider-merging-classes-inherited

    difference = fields.Monetary(
        string="Difference since Filing",
        compute="_compute_difference",
        help="What today's ledger gives, less what was filed.",
    )
    ledger_changed = fields.Boolean(
        string="Ledger Changed since Filed",
        compute="_compute_difference",
        search="_search_ledger_changed",
        help="Journal items behind the filing were changed, added or removed.",
    )
    changed_items = fields.Html(compute="_compute_changed_items", sanitize=False)

    @api.depends("state", "frozen_hash")
    def _compute_difference(self):
        """Compare with the ledger in one statement, whatever the number of filings."""
        compared = self._origin.filtered(lambda f: f.state in COMPARED_STATES)
        differences = compared._get_differences() if compared else {}
        for filing in self:
            filing.ledger_changed = filing._origin.id in differences
            filing.difference = differences.get(filing._origin.id, 0.0)

    def _get_differences(self):
        """Return the difference of the totals by filing, where an item differs.

        :rtype: dict[int, float]
        """
        self._flush_ledger()
        self.env["compliance.filing.item"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT filing_id, COALESCE(
                        SUM(COALESCE(now, 0) - COALESCE(filed, 0))
                        FILTER (WHERE in_total), 0
                    )
                    FROM (%s) AS change GROUP BY filing_id
                    """,
                    ledger_sql.changes_sql(SQL("f.id = ANY(%s)", self.ids)),
                )
            )
        )

    @api.model
    def _search_ledger_changed(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._flush_ledger()
        self.env["compliance.filing.item"].flush_model()
        compared = SQL(
            "f.state IN %s AND f.company_id = ANY(%s)",
            COMPARED_STATES,
            self.env.companies.ids,
        )
        changed = SQL(
            "(SELECT filing_id FROM (%s) AS change)", ledger_sql.changes_sql(compared)
        )
        return [("id", "in" if True in value else "not in", changed)]

    @api.depends("state", "frozen_hash")
    @api.depends_context("uid", "lang")
    def _compute_changed_items(self):
        """Show what changed, to those who may read journal items or everything."""
        may_read = self.env["account.move.line"].has_access(
            "read"
        ) or self.env.user.has_group("back_office_compliance.group_compliance_auditor")
        for filing in self:
            filing.changed_items = (
                filing._origin._render_changes()
                if may_read and filing._origin.ledger_changed
                else False
            )

    def _render_changes(self):
        """Return the table of the items of which the ledger says another thing."""
        self.ensure_one()
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM (%s) AS change ORDER BY code, date, item_id LIMIT %s",
                ledger_sql.changes_sql(SQL("f.id = %s", self.id)),
                MAX_SHOWN,
            )
        )
        heads = (
            self.env._("Line"),
            self.env._("Entry"),
            self.env._("Date"),
            self.env._("Account"),
            self.env._("Label"),
            self.env._("As filed"),
            self.env._("Now"),
        )
        body = (
            (
                row["code"],
                row["move_name"] or "",
                format_date(self.env, row["date"]),
                row["account_code"] or "",
                row["label"] or "",
                self._format_amount(row["filed"], self.env._("not there")),
                self._format_amount(row["now"], self.env._("gone")),
            )
            for row in rows
        )
        cell, row = Markup("<td>%s</td>"), Markup("<tr>%s</tr>")
        return CHANGES_TABLE % (
            Markup("").join(Markup("<th>%s</th>") % head for head in heads),
            Markup("").join(
                row % Markup("").join(cell % value for value in line) for line in body
            ),
        )

    def _format_amount(self, amount, otherwise):
        return otherwise if amount is None else self.currency_id.format(amount)

    def _flush_ledger(self):
        """Write what is pending and what the statements over the ledger read."""
        for model in (
            "compliance.filing",
            "compliance.filing.line",
            "compliance.return.line",
            "account.account",
            "account.move",
            "account.move.line",
            "account.tax",
        ):
            self.env[model].flush_model()

    def _compute_amounts(self):
        """Compute the lines and totals of those not filed yet, in one statement."""
        filings = self.filtered(lambda filing: not filing.frozen_hash)
        if not filings:
            return
        filings._flush_ledger()
        self.env.cr.execute(
            ledger_sql.amounts_sql(
                SQL("f.id = ANY(%s)", filings.ids),
                self.env.lang or "en_US",
                self.env.uid,
            )
        )
        filings.invalidate_recordset(
            ["amount_computed", "amount_declared", "line_ids"], flush=False
        )
        self.env["compliance.filing.line"].invalidate_model(flush=False)
