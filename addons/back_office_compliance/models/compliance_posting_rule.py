import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .. import check_sql

PREFIX = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]*")
DEMANDS = (
    "needs_partner",
    "needs_label",
    "needs_analytic",
    "needs_document",
    "review_above",
    "forbidden_prefix",
    "round_amounts",
    "nights",
    "weekends",
)


class CompliancePostingRule(models.Model):
    """A standard that postings of some journals and accounts have to meet."""

    _name = "compliance.posting.rule"
    _description = "Posting standard"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_ids = fields.Many2many(
        "account.journal", check_company=True, help="Empty: all."
    )
    account_prefix = fields.Char(
        string="Accounts",
        help="Beginnings of account codes, by commas. Empty: all.",
    )
    date_from = fields.Date(help="Postings before this day are left alone.")
    needs_partner = fields.Boolean()
    needs_label = fields.Boolean()
    needs_analytic = fields.Boolean(
        help="Without accounts: on items of income and expense accounts."
    )
    needs_document = fields.Boolean(help="A file has to be attached.")
    review_above = fields.Monetary(
        help="Entries above this amount have to be reviewed. 0: no."
    )
    forbidden_prefix = fields.Char(
        string="Forbidden Counter-Accounts",
        help="Beginnings of account codes, by commas.",
    )
    round_amounts = fields.Monetary(
        help="Names manual amounts that are whole multiples of this, such as "
        "1000. 0: no."
    )
    nights = fields.Boolean(
        help="Names entries made between 22 and 6 o'clock, in the company's time zone."
    )
    weekends = fields.Boolean(help="Names entries made on Saturday or Sunday.")

    # --- what is refused ----------------------------------------------------------

    @api.constrains("name", "account_prefix", *DEMANDS)
    def _check_demands(self):
        """Refuse a standard that demands nothing, or could not be asked.

        :raises ValidationError: names the standard, the field and what to do
        """
        for rule in self:
            if not any(rule[name] for name in DEMANDS):
                raise ValidationError(
                    self.env._(
                        "Posting standard “%s” demands nothing. Choose at least one"
                        " demand, such as “Needs Partner”.",
                        rule.name,
                    )
                )
            rule._check_amounts()
            rule._check_prefixes()

    def _check_amounts(self):
        for name in ("review_above", "round_amounts"):
            if self[name] < 0:
                raise ValidationError(
                    self.env._(
                        "Posting standard “%(rule)s”, field “%(field)s”: the amount may"
                        " not be below 0.",
                        rule=self.name,
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def _check_prefixes(self):
        for name in ("account_prefix", "forbidden_prefix"):
            written = (self[name] or "").split(",") if self[name] else []
            for prefix in written:
                if not PREFIX.fullmatch(prefix.strip()):
                    raise ValidationError(
                        self.env._(
                            "Posting standard “%(rule)s”, field “%(field)s”:"
                            " “%(value)s” is no beginning of an account code. Write"
                            " beginnings such as 57, 6001 and separate them by one"
                            " comma.",
                            rule=self.name,
                            field=self._fields[name]._description_string(self.env),
                            value=prefix.strip(),
                        )
                    )
        for own in self._split("account_prefix"):
            for forbidden in self._split("forbidden_prefix"):
                if own.startswith(forbidden) or forbidden.startswith(own):
                    raise ValidationError(
                        self.env._(
                            "Posting standard “%(rule)s”: “%(forbidden)s” is among its"
                            " own accounts (“%(own)s”) and cannot be a forbidden"
                            " counter-account. Choose other beginnings.",
                            rule=self.name,
                            forbidden=forbidden,
                            own=own,
                        )
                    )

    def _split(self, name):
        """Return the beginnings of codes that a field holds."""
        parts = (self[name] or "").split(",")
        return [part.strip() for part in parts if part.strip()]

    # --- the statement ------------------------------------------------------------

    def _get_branches(self, tz):
        """Return the statements that name what breaks the standard.

        One for each demand: PostgreSQL plans them better than several in one. Those
        about the clock read all entries anyway, and read them once.

        :param str tz: the time zone of the company
        :rtype: list[SQL]
        """
        self.ensure_one()
        return (
            [
                self._get_items_sql(what, broken)
                for what, broken in self._get_item_demands().items()
            ]
            + [
                self._get_entries_sql(SQL("%s::text", what), broken)
                for what, broken in self._get_entry_demands().items()
            ]
            + self._get_clock_branches(tz)
        )

    def _get_item_demands(self):
        """Return what a journal item does wrong, as SQL conditions by their names."""
        demands = {}
        if self.needs_partner:
            demands["partner"] = SQL("l.partner_id IS NULL")
        if self.needs_label:
            # Odoo itself leaves the items of payment terms without a label
            demands["label"] = SQL(
                "l.display_type = 'product' AND COALESCE(TRIM(l.name), '') = ''"
            )
        if self.needs_analytic:
            demands["analytic"] = SQL(
                "COALESCE(l.analytic_distribution, '{}') = '{}' AND %s",
                SQL("TRUE") if self.account_prefix else self._get_result_sql(),
            )
        if prefixes := self._split("forbidden_prefix"):
            demands["counter_account"] = SQL(
                "EXISTS (SELECT FROM account_move_line o WHERE o.move_id = l.move_id"
                " AND o.id <> l.id AND o.account_id IN %s)",
                check_sql.account_ids(prefixes, self.company_id.root_id.id),
            )
        if self.round_amounts:
            demands["round"] = SQL(
                "l.balance <> 0 AND l.balance %% %s::numeric = 0"
                " AND EXISTS (SELECT FROM account_move m"
                " WHERE m.id = l.move_id AND %s)",
                self.round_amounts,
                check_sql.TYPED_BY_HAND,
            )
        return demands

    def _get_result_sql(self):
        """Return whether the account of an item is one of income or expense."""
        return SQL(
            "l.account_id IN (SELECT a.id FROM account_account a WHERE"
            " a.account_type LIKE 'income%%' OR a.account_type LIKE 'expense%%')"
        )

    def _get_entry_demands(self):
        """Return what an entry does wrong, as SQL conditions by their names."""
        demands = {}
        if self.needs_document:
            demands["document"] = check_sql.NO_DOCUMENT
        if self.review_above:
            demands["review"] = SQL(
                "m.checked IS NOT TRUE AND ABS(m.amount_total_signed) > %s",
                self.review_above,
            )
        return demands

    def _get_clock_branches(self, tz):
        """Return the statement on entries made at night or at a weekend, if forbidden.

        :param str tz: the time zone of the company
        :rtype: list[SQL]
        """
        made = check_sql.local_time(SQL("m.create_date"), tz)
        demands = []
        if self.nights:
            demands.append(
                SQL(
                    "('night', %(made)s::time >= '22:00' OR %(made)s::time < '06:00')",
                    made=made,
                )
            )
        if self.weekends:
            demands.append(SQL("('weekend', EXTRACT(isodow FROM %s) > 5)", made))
        if not demands:
            return []
        clock = SQL(
            "CROSS JOIN LATERAL (VALUES %s) clock (what, broken)",
            SQL(", ").join(demands),
        )
        # what a scheduled job of Odoo makes at night was made by nobody
        broken = SQL("m.create_uid <> 1 AND clock.broken")
        return [self._get_entries_sql(SQL("clock.what"), broken, clock)]

    def _get_items_sql(self, what, broken):
        """Return the entries with items that break a demand.

        :param str what: the name of the demand
        :param SQL broken: whether the item ``l`` breaks it
        """
        return SQL(
            """
            SELECT l.move_id AS res_id, %(key)s::text AS key, l.date,
                   jsonb_build_object(
                       'standard', %(name)s::text, 'problem', %(what)s::text,
                       'items', COUNT(*), 'amount', SUM(ABS(l.balance))) AS values
              FROM account_move_line l
             WHERE l.company_id = %(company)s AND l.parent_state = 'posted'
               AND l.display_type
                   NOT IN ('line_section', 'line_subsection', 'line_note')
               AND %(where)s AND %(accounts)s AND %(broken)s
             GROUP BY l.move_id, l.date
            """,
            key=f"{self.id}|{what}",
            name=self.name,
            what=what,
            company=self.company_id.id,
            where=self._get_where_sql("l"),
            accounts=self._get_accounts_sql(),
            broken=broken,
        )

    def _get_entries_sql(self, what, broken, joined=None):
        """Return the entries that break a demand themselves.

        :param SQL what: the name of the demand
        :param SQL broken: whether the entry ``m`` breaks it
        :param SQL joined: what these two need beside the entry, if anything
        """
        touched = SQL("TRUE")
        if self.account_prefix:
            touched = SQL(
                "EXISTS (SELECT FROM account_move_line l"
                " WHERE l.move_id = m.id AND %s)",
                self._get_accounts_sql(),
            )
        return SQL(
            """
            SELECT m.id AS res_id, %(rule)s::text || %(what)s AS key, m.date,
                   jsonb_build_object(
                       'standard', %(name)s::text, 'problem', %(what)s,
                       'amount_total_signed', m.amount_total_signed) AS values
              FROM account_move m %(joined)s
             WHERE m.company_id = %(company)s AND m.state = 'posted'
               AND %(where)s AND %(touched)s AND %(broken)s
            """,
            rule=f"{self.id}|",
            name=self.name,
            what=what,
            company=self.company_id.id,
            where=self._get_where_sql("m"),
            touched=touched,
            broken=broken,
            joined=joined or SQL(),
        )

    def _get_accounts_sql(self):
        """Return whether an item is on one of the accounts of the standard."""
        prefixes = self._split("account_prefix")
        if not prefixes:
            return SQL("TRUE")
        root = self.company_id.root_id
        return SQL("l.account_id IN %s", check_sql.account_ids(prefixes, root.id))

    def _get_where_sql(self, alias):
        """Return whether an item or entry is of the journals and days of the standard.

        :param str alias: of the table; both have a journal and a date
        """
        # sudo: a journal that is archived or of no concern to the reader still counts
        journals = self.sudo().with_context(active_test=False).journal_ids
        parts = [SQL("TRUE")]
        if journals:
            column = SQL.identifier(alias, "journal_id")
            parts.append(SQL("%s = ANY(%s)", column, journals.ids))
        if self.date_from:
            column = SQL.identifier(alias, "date")
            parts.append(SQL("%s >= %s", column, self.date_from))
        return SQL(" AND ").join(parts)
