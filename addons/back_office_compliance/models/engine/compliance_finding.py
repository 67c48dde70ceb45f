from odoo import fields, models
from odoo.tools import SQL, split_every

from ...check_types import array_literal

PAGE = 10_000


class ComplianceFinding(models.Model):
    """What the engine does to findings: a page of them in one statement.

    These statements go past the ORM on purpose. Nobody else may write a state, and
    tracking of thousands of findings one by one would take minutes.
    """

    _inherit = "compliance.finding"

    def _apply(self, check, run, found):
        """Write the differences that a check found.

        A run without differences writes nothing. Findings that are still there keep
        their state, except those that were said to be fixed and those whose waiver has
        run out: they are open again.

        :param check: the check, as the engine has it
        :param run: whose company's findings; their log names it
        :param found: the differences, of ``compliance.check._read_found``
        :return: the counts of a run line
        """
        rows = {"new": [], "back": [], "changed": [], "gone": []}
        for action, *row in found.rows:
            rows[action].append(row)
        for page in split_every(PAGE, rows["new"]):
            self._insert_found(check, run.company_id, page)
        for page in split_every(PAGE, rows["changed"]):
            self._update_found(page)
        for page in split_every(PAGE, rows["back"]):
            self._reopen_found(page, run)
        for page in split_every(PAGE, rows["gone"]):
            self._resolve_gone(check, run, page)
        if found.rows:
            self.env.invalidate_all(flush=False)
        return {
            "count": found.count,
            "new_count": len(rows["new"]) + len(rows["back"]),
            "resolved_count": len(rows["gone"]),
        }

    def _insert_found(self, check, company, page):
        _ids, res_ids, keys, dates, values = _columns(page)
        ranks = self._get_severity_ranks()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO compliance_finding (
                    check_id, company_id, family, severity, severity_rank, owner_id,
                    res_model, res_id, key, date, values, state, first_seen, seen_until,
                    reopened, create_uid, write_uid, create_date, write_date
                )
                SELECT %(check)s, %(company)s, %(family)s, %(severity)s, %(rank)s,
                       %(owner)s, %(model)s, res_id, key, date, values, 'open',
                       %(now)s, %(now)s, 0, %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM unnest(
                           %(ids)s::integer[], %(keys)s::text[], %(dates)s::date[],
                           %(values)s::jsonb[]
                       ) AS found(res_id, key, date, values)
                ON CONFLICT (check_id, company_id, res_id, key) DO NOTHING
                """,
                check=check.id,
                company=company.id,
                family=check.family,
                severity=check.severity,
                rank=ranks[check.severity],
                owner=check._get_owner(company).id or None,
                model=check._get_finding_model(),
                now=self.env.cr.now(),
                uid=self.env.uid,
                ids=res_ids,
                keys=keys,
                dates=dates,
                values=values,
            )
        )

    def _update_found(self, page, also=None):
        """Write what was found anew.

        :param page: rows of what was found
        :param also: an ``SQL`` of further columns to set, begun by a comma
        """
        ids, _res_ids, _keys, dates, values = _columns(page)
        self.env.cr.execute(
            SQL(
                """
                UPDATE compliance_finding finding
                   SET date = found.date, values = found.values,
                       seen_until = %(now)s, write_uid = %(uid)s, write_date = %(now)s
                       %(also)s
                  FROM unnest(
                           %(ids)s::integer[], %(dates)s::date[], %(values)s::jsonb[]
                       ) AS found(id, date, values)
                 WHERE finding.id = found.id
                """,
                now=self.env.cr.now(),
                uid=self.env.uid,
                also=also or SQL(),
                ids=ids,
                dates=dates,
                values=values,
            )
        )

    def _reopen_found(self, page, run):
        """Open again what was resolved, said to be fixed, or waived for a time."""
        self._update_found(
            page,
            SQL(
                """
                , state = 'open', reopened = COALESCE(reopened, 0) + 1,
                  resolved_on = NULL, waived_by_id = NULL, waiver_asked_by_id = NULL,
                  waiver_reason = NULL, waived_until = NULL, fixed_by_id = NULL,
                  fix_note = NULL
                """
            ),
        )
        ids = [row[0] for row in page]
        self._log_page(ids, self.env._("Run %s found it again: open.", run.id))

    def _resolve_gone(self, check, run, page):
        """Resolve what a run no longer finds: nobody else does."""
        ids = [row[0] for row in page]
        now = self.env.cr.now()
        company = run.company_id
        last_good = check._get_last_good(company).get((check.id, company.id))
        self.env.cr.execute(
            SQL(
                """
                UPDATE compliance_finding
                   SET state = 'resolved', resolved_on = %s,
                       seen_until = GREATEST(seen_until, %s),
                       write_uid = %s, write_date = %s
                 WHERE id = ANY(%s)
                """,
                now,
                last_good,
                self.env.uid,
                now,
                ids,
            )
        )
        self._log_page(ids, self.env._("Run %s no longer found it: resolved.", run.id))

    def _log_page(self, ids, body):
        """Leave one line in the chatter of each finding, in one statement."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_message (
                    model, res_id, message_type, subtype_id, author_id, body, date,
                    is_internal, create_uid, write_uid, create_date, write_date
                )
                SELECT 'compliance.finding', id, 'notification', %(subtype)s,
                       %(author)s, %(body)s, %(now)s, TRUE, %(uid)s, %(uid)s,
                       %(now)s, %(now)s
                  FROM unnest(%(ids)s::integer[]) AS id
                """,
                subtype=self.env.ref("mail.mt_note").id,
                author=self.env.user.partner_id.id,
                body=body,
                now=fields.Datetime.now(),
                uid=self.env.uid,
                ids=ids,
            )
        )


def _columns(page):
    """Return the columns of rows, as PostgreSQL's ``unnest`` takes them."""
    return [array_literal(column) for column in zip(*page, strict=True)]
