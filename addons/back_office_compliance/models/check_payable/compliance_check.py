from odoo import fields, models
from odoo.tools import SQL

from ... import check_sql

# What makes a bank account another one.
BANK_FIELDS = ("acc_number", "acc_holder_name", "bank_id", "clearing_number")


class ComplianceCheck(models.Model):
    """The shipped checks of payables and receivables.

    Overdue bills and invoices are domains: see the data. These cannot be one.
    """

    _inherit = "compliance.check"  # pylint: disable=consider-merging-classes-inherited

    method = fields.Selection(
        selection_add=[
            ("payable_duplicates", "Duplicate vendor bills"),
            ("payable_bank_changed", "Bank account changed before payment"),
            ("payable_one_person", "One person for vendor, bill and payment"),
            ("receivable_credit_limit", "Credit limit passed"),
        ],
        ondelete={
            "payable_duplicates": "cascade",
            "payable_bank_changed": "cascade",
            "payable_one_person": "cascade",
            "receivable_credit_limit": "cascade",
        },
    )

    def _check_payable_duplicates(self, company, parameters, scope):
        """Name vendor bills that look like an earlier one of the same vendor.

        Alike are references in capital letters and digits only, without leading zeros,
        in one currency, with nearly the same amount, and dates that are near.

        :param dict parameters: ``days`` between the two; ``tolerance`` of the amounts
        """
        return SQL(
            """
            WITH bill AS MATERIALIZED (
                SELECT m.id, m.name, m.move_type, m.commercial_partner_id AS vendor,
                       m.currency_id, m.amount_total, m.date,
                       COALESCE(m.invoice_date, m.date) AS day,
                       LTRIM(UPPER(REGEXP_REPLACE(m.ref, '[^[:alnum:]]', '', 'g')), '0')
                       AS reference
                  FROM account_move m
                 WHERE m.company_id = %(company)s AND m.state <> 'cancel'
                   AND m.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
                   AND m.ref IS NOT NULL AND m.commercial_partner_id IS NOT NULL
            )
            SELECT DISTINCT ON (b.id) b.id AS res_id, '' AS key, b.date,
                   jsonb_build_object('looks_like', COALESCE(a.name, '#' || a.id),
                                      'ref', b.reference,
                                      'amount_total', b.amount_total) AS values
              FROM bill b
              JOIN bill a ON a.vendor = b.vendor AND a.reference = b.reference
               AND a.move_type = b.move_type AND a.currency_id = b.currency_id
               AND (a.day, a.id) < (b.day, b.id) AND b.day - a.day <= %(days)s
               AND ABS(a.amount_total - b.amount_total) <= %(tolerance)s
             WHERE b.reference <> ''
             ORDER BY b.id, a.day, a.id
            """,
            company=company.id,
            days=int(parameters.get("days", 0)),
            tolerance=parameters.get("tolerance", 0),
        )

    def _check_payable_bank_changed(self, company, parameters, scope):
        """Name payments to a bank account that was new or changed shortly before.

        Changes are those in the chatter of the bank account.

        :param dict parameters: ``days`` before the payment
        """
        # sudo: the ids of fields are no secret
        field_ids = self.env["ir.model.fields"].sudo()._get_ids("res.partner.bank")
        return SQL(
            """
            WITH change AS (
                SELECT b.id AS bank_id, b.create_date AS moment FROM res_partner_bank b
                 UNION ALL
                SELECT message.res_id, message.date
                  FROM mail_tracking_value tracking
                  JOIN mail_message message ON message.id = tracking.mail_message_id
                 WHERE tracking.field_id = ANY(%(fields)s)
                   AND message.model = 'res.partner.bank'
            )
            SELECT p.id AS res_id, p.partner_bank_id::text AS key, p.date,
                   jsonb_build_object('changed_on', MAX(%(day)s), 'amount', p.amount)
                   AS values
              FROM account_payment p
              JOIN change ON change.bank_id = p.partner_bank_id
               AND %(day)s BETWEEN p.date - %(days)s AND p.date
             WHERE p.company_id = %(company)s AND p.payment_type = 'outbound'
               AND p.state NOT IN ('canceled', 'rejected')
             GROUP BY p.id
            """,
            fields=[field_ids[name] for name in BANK_FIELDS],
            company=company.id,
            day=check_sql.local_day(
                SQL("change.moment"), self.env.context.get("tz") or "UTC"
            ),
            days=int(parameters.get("days", 0)),
        )

    def _check_payable_one_person(self, company, parameters, scope):
        """Name bills whose vendor, posting and payment are of one and the same person.

        Who posted a bill is who changed its state last, as its chatter shows; without
        such a line who created it. What OdooBot made was made by nobody.

        :param dict parameters: ``amount``: payments up to it are left alone
        """
        return SQL(
            """
            WITH change AS (%(changes)s),
            paid AS (
                SELECT rel.invoice_id AS move_id, rel.payment_id
                  FROM account_move__account_payment rel
                 UNION
                SELECT bill.move_id, payment.id
                  FROM account_partial_reconcile r
                  JOIN account_move_line bill ON bill.id = r.credit_move_id
                  JOIN account_move_line item ON item.id = r.debit_move_id
                  JOIN account_payment payment ON payment.move_id = item.move_id
                 WHERE r.company_id = %(company)s
            )
            SELECT m.id AS res_id, p.id::text AS key, p.date,
                   jsonb_build_object('person', (
                       SELECT login FROM res_users WHERE id = vendor.create_uid
                   ), 'payment', p.name, 'amount', p.amount) AS values
              FROM paid
              JOIN account_move m ON m.id = paid.move_id
              JOIN account_payment p ON p.id = paid.payment_id
              JOIN res_partner vendor ON vendor.id = m.commercial_partner_id
               AND vendor.create_uid <> 1
         LEFT JOIN change ON change.move_id = m.id
             WHERE m.company_id = %(company)s AND m.state = 'posted'
               AND m.move_type IN ('in_invoice', 'in_receipt')
               AND p.company_id = %(company)s AND p.payment_type = 'outbound'
               AND p.state NOT IN ('draft', 'canceled', 'rejected')
               AND p.create_uid = vendor.create_uid
               AND COALESCE(change.uid, m.create_uid) = vendor.create_uid
               AND ABS(p.amount_company_currency_signed) > %(amount)s
            """,
            changes=self._get_state_changes_sql(),
            company=company.id,
            amount=parameters.get("amount", 0),
        )

    def _check_receivable_credit_limit(self, company, parameters, scope):
        """Name customers who owe more than their credit limit; 0 is no limit.

        Only in companies that use credit limits.

        :param dict parameters: ``tolerance``: percent above the limit
        """
        limit = (
            self.env["res.partner"]
            .with_company(company)
            ._field_to_sql("p", "credit_limit")
        )
        return SQL(
            """
            SELECT p.id AS res_id, '' AS key, NULL::date AS date,
                   jsonb_build_object('owed', owed.amount, 'credit_limit', %(limit)s)
                   AS values
              FROM (
                   SELECT c.commercial_partner_id AS id,
                          SUM(l.amount_residual) AS amount
                     FROM account_move_line l
                     JOIN account_account a ON a.id = l.account_id
                      AND a.account_type = 'asset_receivable'
                     JOIN res_partner c ON c.id = l.partner_id
                    WHERE l.company_id = %(company)s AND l.parent_state = 'posted'
                      AND l.reconciled IS NOT TRUE
                    GROUP BY c.commercial_partner_id
              ) owed
              JOIN res_partner p ON p.id = owed.id
             WHERE %(used)s AND %(limit)s > 0
               AND owed.amount > %(limit)s * (1 + %(tolerance)s / 100)
            """,
            limit=limit,
            company=company.id,
            used=bool(company.account_use_credit_limit),
            tolerance=parameters.get("tolerance", 0),
        )
