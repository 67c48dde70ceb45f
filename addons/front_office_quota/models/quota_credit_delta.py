from collections import Counter
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..credit_sql import DOCUMENT_TYPES, person_credits

# where a transaction remembers what it changes, until it commits
WATCHED = "front_office_quota.credit"


class QuotaCreditDelta(models.Model):
    """What a change of the ledger adds to, or takes from, somebody's credit.

    A queue: rows are written in the transaction that changes an invoice or a payment
    and folded into the targets by the next refresh, so that posting an invoice never
    waits for a target.

    Whoever changes something that counts calls :meth:`_watch` (or :meth:`_watch_moves`)
    *before* the change. The credit of a document before the first change of a
    transaction is remembered, and compared with its credit at the end.
    """

    _name = "quota.credit.delta"
    _description = "Change of credit not yet in the targets"
    _check_company_auto = True
    _log_access = False

    company_id = fields.Many2one("res.company", required=True)
    basis = fields.Char(required=True)
    user_id = fields.Many2one("res.users")
    team_id = fields.Many2one("crm.team")
    date = fields.Date(required=True)
    amount = fields.Float(digits=0, required=True)

    @api.model
    def _watch_moves(self, move_ids):
        """Remember the credit of everything that depends on some journal entries.

        Those are the entries themselves, the refunds that may follow them, and the
        documents that they are matched with.

        :param move_ids: ids of journal entries that are about to change
        """
        watched = self._get_watched()
        move_ids = list(set(move_ids) - watched["seen"])
        if not move_ids or not watched["bases"]:
            return
        watched["seen"].update(move_ids)
        matched = SQL(" UNION ").join(
            SQL(
                """SELECT o.move_id
                     FROM account_move_line l
                          JOIN account_partial_reconcile p ON p.%s = l.id
                          JOIN account_move_line o ON o.id = p.%s
                    WHERE l.move_id = ANY(%s)""",
                SQL.identifier(side),
                SQL.identifier(other),
                move_ids,
            )
            for side, other in (
                ("debit_move_id", "credit_move_id"),
                ("credit_move_id", "debit_move_id"),
            )
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id, m.state = 'posted'
                  FROM account_move m
                 WHERE m.move_type IN %(types)s
                   AND m.id IN (SELECT unnest(%(ids)s)
                                 UNION SELECT id FROM account_move
                                        WHERE reversed_entry_id = ANY(%(ids)s)
                                 UNION %(matched)s)
                """,
                types=DOCUMENT_TYPES,
                ids=move_ids,
                matched=matched,
            )
        )
        # what is not posted has no credit yet
        watched["moves"] |= {move_id for move_id, posted in rows if not posted}
        self._watch([move_id for move_id, posted in rows if posted])

    @api.model
    def _watch(self, move_ids):
        """Remember the credit of documents before they change in this transaction.

        :param move_ids: ids of the documents; each is looked at once a transaction
        """
        watched = self._get_watched()
        new_ids = set(move_ids) - watched["moves"]
        if not new_ids or not watched["bases"]:
            return
        watched["moves"] |= new_ids
        watched["before"].update(self._get_credits(watched["bases"], new_ids))

    @api.model
    def _get_watched(self):
        """Return what this transaction remembers; begin to remember if necessary.

        :return: {"bases": {basis: ids of companies}, "seen": ids of the entries whose
            documents are remembered, "moves": ids of these, "before": Counter}
        """
        precommit = self.env.cr.precommit
        if WATCHED not in precommit.data:
            bases = {}
            # sudo: people post invoices of plans that they may not read
            plans = self.env["quota.plan"].sudo()
            domain = [("active", "=", True)]
            for company, basis in plans._read_group(domain, ["company_id", "basis"]):
                bases.setdefault(basis, []).append(company.id)
            precommit.data[WATCHED] = {
                "bases": bases,
                "seen": set(),
                "moves": set(),
                "before": Counter(),
            }
            precommit.add(self._queue_changes)
        return precommit.data[WATCHED]

    @api.model
    def _queue_changes(self):
        """Write what the transaction has changed so far to the queue.

        Whoever was deleted since had no target, and is left out.
        """
        watched = self.env.cr.precommit.data.pop(WATCHED, None)
        if not watched or not watched["moves"]:
            return
        self.env.flush_all()
        changes = self._get_credits(watched["bases"], watched["moves"])
        changes.subtract(watched["before"])
        values = [
            SQL("%s", (*key, amount)) for key, amount in changes.items() if amount
        ]
        if values:
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO quota_credit_delta
                        (company_id, basis, user_id, team_id, date, amount)
                    SELECT w.id, v.basis, u.id, t.id, v.date, v.amount
                      FROM (VALUES %s)
                           AS v (company_id, basis, user_id, team_id, date, amount)
                           JOIN res_company w ON w.id = v.company_id
                           LEFT JOIN res_users u ON u.id = v.user_id::integer
                           LEFT JOIN crm_team t ON t.id = v.team_id::integer
                     WHERE u.id IS NOT NULL OR t.id IS NOT NULL
                 RETURNING id
                    """,
                    SQL(", ").join(values),
                )
            )

    @api.model
    def _get_credits(self, bases, move_ids):
        """Return the present credit of documents, without flushing.

        :param dict bases: {basis: ids of companies}
        :param move_ids: ids of the documents
        :return: Counter of Decimal by (company, basis, user, team, date), where either
            the user or the team is None
        """
        credit = Counter()
        selects = SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT company_id, %s AS basis, user_id, team_id, date,
                       SUM(amount)::text
                  FROM (%s) c
                 GROUP BY company_id, user_id, team_id, date
                """,
                basis,
                person_credits(basis, company_ids, move_ids=move_ids),
            )
            for basis, company_ids in bases.items()
        )
        for company, basis, user, team, date, amount in self.env.execute_query(selects):
            if user:
                credit[company, basis, user, None, date] += Decimal(amount)
            if team:
                credit[company, basis, None, team, date] += Decimal(amount)
        return credit
