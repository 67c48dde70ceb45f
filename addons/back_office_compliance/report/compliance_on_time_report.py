from odoo import fields, models
from odoo.tools import SQL


class ComplianceOnTimeReport(models.Model):
    """What was filed on time: a row for each filing that is filed or overdue."""

    _name = "compliance.on.time.report"
    _description = "Filings on time"
    _auto = False
    _order = "due_date desc, id desc"
    _rec_name = "filing_id"

    filing_id = fields.Many2one("compliance.filing", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    obligation_id = fields.Many2one("compliance.obligation", readonly=True)
    authority_id = fields.Many2one("compliance.authority", readonly=True)
    jurisdiction_id = fields.Many2one("compliance.jurisdiction", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["compliance.obligation"]
        ._fields["kind"]
        ._description_selection(self.env),
        readonly=True,
    )
    responsible_id = fields.Many2one(
        "res.users", readonly=True, help="Who prepared it, or has to."
    )
    due_date = fields.Date(string="Statutory Due Date", readonly=True)
    year = fields.Char(readonly=True, help="Of the statutory due date.")
    filed_on = fields.Date(readonly=True)
    is_personal = fields.Boolean(string="About a Person", readonly=True)
    on_time = fields.Boolean(readonly=True)
    on_time_rate = fields.Float(
        string="On-time Rate (%)", readonly=True, aggregator="avg"
    )
    days_late = fields.Integer(
        readonly=True,
        aggregator="max",
        help="Until it was filed, or until today; 0 on time.",
    )

    _depends = {
        "compliance.filing": [
            "amendment_number",
            "authority_id",
            "company_id",
            "due_date",
            "filed_on",
            "frozen_hash",
            "is_personal",
            "jurisdiction_id",
            "kind",
            "obligation_id",
            "prepared_by_id",
            "preparer_id",
        ]
    }

    @property
    def _table_query(self):
        """Amendments do not count: the first filing was on time or was not."""
        return SQL(
            """
            SELECT f.id, f.id AS filing_id, f.company_id, f.obligation_id,
                   f.authority_id, f.jurisdiction_id, f.kind, f.due_date,
                   f.is_personal,
                   COALESCE(f.prepared_by_id, f.preparer_id) AS responsible_id,
                   to_char(f.due_date, 'YYYY') AS year,
                   CASE WHEN f.frozen_hash IS NOT NULL THEN f.filed_on END AS filed_on,
                   d.late = 0 AS on_time,
                   CASE WHEN d.late = 0 THEN 100.0 ELSE 0.0 END AS on_time_rate,
                   d.late AS days_late
            FROM compliance_filing f
            CROSS JOIN LATERAL (
                SELECT GREATEST(0, CASE WHEN f.frozen_hash IS NOT NULL THEN f.filed_on
                                        ELSE %(today)s END - f.due_date) AS late
            ) AS d
            WHERE f.amendment_number = 0
              AND (f.frozen_hash IS NOT NULL OR f.due_date < %(today)s)
            """,
            today=fields.Date.context_today(self),
        )
