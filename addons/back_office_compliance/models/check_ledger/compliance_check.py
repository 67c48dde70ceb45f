from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ... import check_sql, ledger_sql

WITH_TAX = SQL(
    """
    EXISTS (
        SELECT FROM account_move_line l
     LEFT JOIN account_move_line_account_tax_rel t ON t.account_move_line_id = l.id
         WHERE l.move_id = m.id
           AND (l.tax_line_id IS NOT NULL OR t.account_move_line_id IS NOT NULL)
    )
    """
)


class ComplianceCheck(models.Model):
    """The shipped checks of the ledger and of taxes.

    Each method returns one statement: the records that it names with a key, a day and
    the figures to show. All of them filter by company in SQL, and compare amounts in
    the company's currency.
    """

    _inherit = "compliance.check"  # pylint: disable=consider-merging-classes-inherited

    method = fields.Selection(
        selection_add=[
            ("ledger_drafts", "Drafts in a period to file"),
            ("ledger_declared", "Declared is not computed"),
            ("ledger_untaxed_sales", "Sales without tax"),
            ("ledger_tax_by_hand", "Tax accounts touched by hand"),
            ("ledger_tax_validity", "Tax not valid on the day"),
            ("ledger_late_posting", "Posted long after its date"),
            ("ledger_after_filing", "Posted after the filing of its period"),
            ("ledger_suspense", "Suspense account not empty"),
            ("ledger_negative_cash", "Cash below zero"),
        ],
        ondelete={
            "ledger_drafts": "cascade",
            "ledger_declared": "cascade",
            "ledger_untaxed_sales": "cascade",
            "ledger_tax_by_hand": "cascade",
            "ledger_tax_validity": "cascade",
            "ledger_late_posting": "cascade",
            "ledger_after_filing": "cascade",
            "ledger_suspense": "cascade",
            "ledger_negative_cash": "cascade",
        },
    )

    # --- what the methods share ---------------------------------------------------

    def _get_days_ago(self, days):
        """Return the day that lies so many days back, in the company's time zone."""
        return fields.Date.context_today(self) - relativedelta(days=int(days))

    def _get_tz(self):
        """Return the time zone of the company, which the engine puts in the context."""
        return self.env.context.get("tz") or "UTC"

    def _get_state_changes_sql(self):
        """Return who changed the state of each entry last, and when."""
        state = self.env["ir.model.fields"]._get("account.move", "state")
        return check_sql.last_state_changes(state.id)

    # --- filings ------------------------------------------------------------------

    def _check_ledger_drafts(self, company, parameters, scope):
        """Name drafts dated in the period of a tax filing that is about to be filed.

        :param dict parameters: ``days``: so long before the end of a period it counts
        """
        return SQL(
            """
            SELECT m.id AS res_id, '' AS key, m.date,
                   jsonb_build_object('filing', MIN(f.name), 'ref', m.ref,
                                      'amount_total_signed', m.amount_total_signed)
                   AS values
              FROM compliance_filing f
              JOIN account_move m ON m.company_id = f.company_id AND m.state = 'draft'
               AND m.date BETWEEN f.period_start AND f.period_end
             WHERE f.company_id = %(company)s
               AND f.kind IN ('tax_return', 'tax_payment', 'information')
               AND f.state IN ('to_prepare', 'review', 'ready')
               AND f.period_end <= %(until)s
             GROUP BY m.id
            """,
            company=company.id,
            until=self._get_days_ago(-parameters.get("days", 0)),
        )

    def _check_ledger_declared(self, company, parameters, scope):
        """Name filings that declare another amount than the ledger gives.

        Those in review or ready: than was computed, and is computed once more when they
        are filed. Those that were filed: than today's ledger gives. Once an amendment
        has begun, it is the one that is compared.

        :param dict parameters: ``tolerance`` in the company's currency
        """
        return SQL(
            """
            WITH filed AS (
                SELECT f.id FROM compliance_filing f
                 WHERE f.company_id = %(company)s
                   AND f.state IN ('filed', 'accepted', 'rejected')
                   AND NOT EXISTS (
                       SELECT FROM compliance_filing a WHERE a.amends_id = f.id
                   )
            ), ledger AS (
                SELECT item.filing_id, SUM(item.amount) AS amount
                  FROM (%(items)s) AS item
                  JOIN compliance_return_line r ON r.id = item.return_line_id
                 WHERE r.in_total
                 GROUP BY item.filing_id
            ), compared AS (
                SELECT f.id, f.obligation_id, f.period_end, f.amount_declared,
                       f.amount_computed AS amount, 'amount_computed' AS name
                  FROM compliance_filing f
                 WHERE f.company_id = %(company)s AND f.state IN ('review', 'ready')
                 UNION ALL
                SELECT f.id, f.obligation_id, f.period_end, f.amount_declared,
                       l.amount, 'ledger_today' AS name
                  FROM filed JOIN compliance_filing f ON f.id = filed.id
             LEFT JOIN ledger l ON l.filing_id = f.id
            )
            SELECT c.id AS res_id, '' AS key, c.period_end AS date,
                   jsonb_build_object('amount_declared', c.amount_declared,
                                      c.name, COALESCE(c.amount, 0)) AS values
              FROM compared c
             WHERE EXISTS (
                   SELECT FROM compliance_return_line r
                    WHERE r.obligation_id = c.obligation_id AND r.in_total
               )
               AND ABS(COALESCE(c.amount_declared, 0) - COALESCE(c.amount, 0))
                   > %(tolerance)s
            """,
            company=company.id,
            items=ledger_sql.items_sql(SQL("f.id IN (SELECT id FROM filed)")),
            tolerance=parameters.get("tolerance", 0),
        )

    def _check_ledger_after_filing(self, company, parameters, scope):
        """Name entries posted in a period after its filing was filed.

        :param dict parameters: ``tax_only``: 1 for entries with tax only, 0 for all
        """
        return SQL(
            """
            WITH change AS (%(changes)s)
            SELECT m.id AS res_id, f.id::text AS key, m.date,
                   jsonb_build_object(
                       'filing', f.name, 'filed_on', f.filed_on, 'posted_on', %(day)s,
                       'amount_total_signed', m.amount_total_signed) AS values
              FROM compliance_filing f
              JOIN account_move m ON m.company_id = f.company_id AND m.state = 'posted'
               AND m.date BETWEEN f.period_start AND f.period_end
         LEFT JOIN change ON change.move_id = m.id
             WHERE f.company_id = %(company)s
               AND f.kind IN ('tax_return', 'tax_payment', 'information')
               AND f.state IN ('filed', 'accepted') AND %(day)s > f.filed_on
               AND %(concerned)s
            """,
            changes=self._get_state_changes_sql(),
            company=company.id,
            day=check_sql.local_day(
                SQL("COALESCE(change.moment, m.create_date)"), self._get_tz()
            ),
            concerned=WITH_TAX if parameters.get("tax_only", 1) else SQL("TRUE"),
        )

    # --- taxes --------------------------------------------------------------------

    def _check_ledger_untaxed_sales(self, company, parameters, scope):
        """Name customer invoices with lines without tax that should have one.

        A tax is due when the product has taxes of the company, or, without a product,
        when the company has a default sales tax; unless the fiscal position of the
        partner (without one: of the invoice) has no taxes, which means no tax.

        :param dict parameters: ``amount``: untaxed lines up to it are left alone
        """
        partners = self.env["res.partner"].with_company(company)
        position = partners._field_to_sql("p", "property_account_position_id")
        return SQL(
            """
            WITH l AS MATERIALIZED (  -- the few that are worth a fiscal position
                SELECT m.id, m.date, m.commercial_partner_id, m.fiscal_position_id,
                       l.balance, l.product_id
                  FROM account_move m
                  JOIN account_move_line l ON l.move_id = m.id
                   AND l.display_type = 'product'
                 WHERE m.company_id = %(company)s AND m.state = 'posted'
                   AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND NOT EXISTS (
                       SELECT FROM account_move_line_account_tax_rel r
                        WHERE r.account_move_line_id = l.id
                   )
            )
            SELECT l.id AS res_id, '' AS key, l.date,
                   jsonb_build_object('without_tax', ABS(SUM(l.balance)),
                                      'lines', COUNT(*)) AS values
              FROM l
         LEFT JOIN res_partner p ON p.id = l.commercial_partner_id
         LEFT JOIN product_product v ON v.id = l.product_id
             WHERE CASE WHEN v.id IS NULL THEN %(default_tax)s ELSE EXISTS (
                   SELECT FROM product_taxes_rel r
                     JOIN account_tax t ON t.id = r.tax_id
                    WHERE r.prod_id = v.product_tmpl_id
                      AND t.company_id = ANY(%(companies)s)
               ) END
               AND (COALESCE(%(position)s, l.fiscal_position_id) IS NULL OR EXISTS (
                   SELECT FROM account_fiscal_position_account_tax_rel r
                    WHERE r.account_fiscal_position_id
                          = COALESCE(%(position)s, l.fiscal_position_id)
               ))
             GROUP BY l.id, l.date
            HAVING ABS(SUM(l.balance)) > %(amount)s
            """,
            company=company.id,
            companies=company.parent_ids.ids,
            default_tax=bool(company.account_sale_tax_id),
            position=position,
            amount=parameters.get("amount", 0),
        )

    def _check_ledger_tax_by_hand(self, company, parameters, scope):
        """Name journal items typed on a tax account without being a tax line.

        :param dict parameters: ``amount``: items up to it are left alone
        """
        return SQL(
            """
            SELECT l.id AS res_id, '' AS key, l.date,
                   jsonb_build_object('move_name', l.move_name, 'balance', l.balance)
                   AS values
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
             WHERE l.company_id = %(company)s AND l.parent_state = 'posted'
               AND l.tax_line_id IS NULL AND ABS(l.balance) > %(amount)s
               AND %(typed)s
               AND l.account_id IN (
                   SELECT r.account_id FROM account_tax_repartition_line r
                     JOIN account_tax t ON t.id = r.tax_id
                    WHERE r.repartition_type = 'tax'
                      AND t.company_id = ANY(%(companies)s)
               )
            """,
            company=company.id,
            companies=company.parent_ids.ids,
            amount=parameters.get("amount", 0),
            typed=check_sql.TYPED_BY_HAND,
        )

    def _check_ledger_tax_validity(self, company, parameters, scope):
        """Name entries with a tax on a day on which none of its validities holds.

        The day is that of supply if there is one, else the invoice's, else the entry's.
        """
        return SQL(
            """
            SELECT m.id AS res_id, t.id::text AS key, m.date,
                   jsonb_build_object('tax', t.name ->> 'en_US', 'used_on', d.day)
                   AS values
              FROM account_tax t
              JOIN account_move_line_account_tax_rel r ON r.account_tax_id = t.id
              JOIN account_move_line l ON l.id = r.account_move_line_id
              JOIN account_move m ON m.id = l.move_id
        CROSS JOIN LATERAL (
                   SELECT COALESCE(m.taxable_supply_date, m.invoice_date, m.date) AS day
              ) d
             WHERE l.company_id = %(company)s AND l.parent_state = 'posted'
               AND t.id IN (
                   SELECT tax_id FROM compliance_tax_validity
                    WHERE company_id = %(company)s
               )
               AND NOT EXISTS (
                   SELECT FROM compliance_tax_validity v
                    WHERE v.tax_id = t.id AND v.company_id = %(company)s
                      AND (v.date_from IS NULL OR v.date_from <= d.day)
                      AND (v.date_to IS NULL OR v.date_to >= d.day)
               )
             GROUP BY m.id, t.id, d.day
            """,
            company=company.id,
        )

    # --- entries ------------------------------------------------------------------

    def _check_ledger_late_posting(self, company, parameters, scope):
        """Name entries posted long after their date.

        :param dict parameters: ``days`` tolerated; ``lookback``: older entries are left
            alone
        """
        return SQL(
            """
            WITH change AS (%(changes)s)
            SELECT m.id AS res_id, '' AS key, m.date,
                   jsonb_build_object('posted_on', %(day)s, 'days', %(day)s - m.date)
                   AS values
              FROM account_move m
         LEFT JOIN change ON change.move_id = m.id
             WHERE m.company_id = %(company)s AND m.state = 'posted'
               AND m.date >= %(since)s AND %(day)s - m.date > %(days)s
            """,
            changes=self._get_state_changes_sql(),
            company=company.id,
            day=check_sql.local_day(
                SQL("COALESCE(change.moment, m.create_date)"), self._get_tz()
            ),
            since=self._get_days_ago(parameters.get("lookback", 365)),
            days=int(parameters.get("days", 0)),
        )

    # --- balances -----------------------------------------------------------------

    def _check_ledger_suspense(self, company, parameters, scope):
        """Name suspense and transfer accounts that were not empty at a month's end.

        :param dict parameters: ``months``: how many ends of months are looked at;
            ``tolerance`` in the company's currency
        """
        journals = self.env["account.journal"].search([("company_id", "=", company.id)])
        accounts = journals.suspense_account_id | company.transfer_account_id
        month = fields.Date.context_today(self).replace(day=1)
        ends = [
            month - relativedelta(months=number, days=1)
            for number in range(max(1, int(parameters.get("months", 1))))
        ]
        return SQL(
            """
            SELECT l.account_id AS res_id, TO_CHAR(e.day, 'YYYY-MM') AS key,
                   e.day AS date,
                   jsonb_build_object('balance', SUM(l.balance)) AS values
              FROM unnest(%(ends)s::date[]) AS e(day)
              JOIN account_move_line l ON l.date <= e.day
             WHERE l.company_id = %(company)s AND l.parent_state = 'posted'
               AND l.account_id = ANY(%(accounts)s)
             GROUP BY l.account_id, e.day
            HAVING ABS(SUM(l.balance)) > %(tolerance)s
            """,
            ends=ends,
            company=company.id,
            accounts=(accounts | company.account_journal_suspense_account_id).ids,
            tolerance=parameters.get("tolerance", 0),
        )

    def _check_ledger_negative_cash(self, company, parameters, scope):
        """Name cash accounts for each stretch of days with a balance below zero.

        The key and the day of a finding are the first day of the stretch.

        :param dict parameters: ``tolerance`` in the company's currency; ``lookback``:
            stretches that ended more days ago are left alone
        """
        return SQL(
            """
            WITH day AS (
                SELECT l.account_id, l.date, SUM(SUM(l.balance)) OVER w AS balance
                  FROM account_move_line l
                 WHERE l.company_id = %(company)s AND l.parent_state = 'posted'
                   AND l.account_id IN (
                       SELECT j.default_account_id FROM account_journal j
                        WHERE j.company_id = %(company)s AND j.type = 'cash'
                   )
                 GROUP BY l.account_id, l.date
                WINDOW w AS (PARTITION BY l.account_id ORDER BY l.date)
            ),
            span AS (
                SELECT *, LEAD(date) OVER w AS next,
                       COUNT(*) FILTER (WHERE balance >= -%(tolerance)s) OVER w
                       AS number
                  FROM day
                WINDOW w AS (PARTITION BY account_id ORDER BY date)
            )
            SELECT account_id AS res_id, MIN(date)::text AS key, MIN(date) AS date,
                   jsonb_build_object('lowest', MIN(balance),
                                      'covered_on', NULLIF(MAX(until), 'infinity'))
                   AS values
              FROM (SELECT *, COALESCE(next, 'infinity') AS until FROM span) s
             WHERE balance < -%(tolerance)s
             GROUP BY account_id, number
            HAVING MAX(until) > %(since)s
            """,
            company=company.id,
            tolerance=parameters.get("tolerance", 0),
            since=self._get_days_ago(parameters.get("lookback", 365)),
        )
