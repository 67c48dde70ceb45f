import logging
import time
from contextlib import closing

import psycopg2.errors

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...check_types import Found

_logger = logging.getLogger(__name__)

LOCK_SECONDS = 5
LOCK_TRIES = 3


class ComplianceCheck(models.Model):
    """The engine: ask a check in its own savepoint, and keep what changed.

    A check is read in a savepoint that is always rolled back, so that nothing that it
    does can stay or break the next one. PostgreSQL compares what it found with the
    known findings there, and only the differences leave the savepoint.
    """

    _inherit = "compliance.check"

    @api.model
    def _run_checks(self, company, checks=None, trigger="manual", filing=None):
        """Run checks for a company, at once and in the transaction of the caller.

        :param company: the company whose records are read
        :param checks: which; by default those of the filing's obligation, or all
        :param trigger: what starts the run: manual, filing or cron
        :param filing: limits the run to the dates of this filing's period; findings
            outside of it are left as they are
        :return: the run, done
        :rtype: compliance.run
        :raises psycopg2.errors.SerializationFailure: when another transaction has
            written the same findings; whoever called runs again, as Odoo does
        """
        run = self.env["compliance.run"]._start(company, checks, trigger, filing)
        run.line_ids._execute()
        # the engine has seen all lines; the caller reads those of their own rights
        run.invalidate_recordset(["line_ids"])
        return run.with_env(self.env)

    def _ask(self, run, scope=None):
        """Ask the check once, and write the differences into its findings.

        :param run: whose company's records are read; the log of the findings names it
        :param CheckScope scope: the dates that the run is limited to, or None
        :return: the values of a run line
        :raises psycopg2.OperationalError: when the connection is lost, or another
            transaction stands in the way and a retry may help
        """
        self.ensure_one()
        company = run.company_id
        check = self._as_engine(company)
        if not check._lock(company):
            busy = self.env._("Another run is asking this check just now.")
            return {"result": "skipped", "error": busy}
        start = time.monotonic()
        try:
            found = check._read_patiently(company, scope)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if self.env.cr._cnx.closed:
                raise
            _logger.info("Check %s of %s failed", self.code, company.id, exc_info=True)
            values = {"result": "error", "error": check._explain(error)}
        else:
            values = check.env["compliance.finding"]._apply(check, run, found)
            values["dropped_count"] = found.dropped
            values["error"] = check._explain_dropped(found.dropped)
            values["result"] = "fail" if found.count else "pass"
        return {**values, "seconds": time.monotonic() - start}

    def _as_engine(self, company):
        """Return the check as the engine reads it: everything, of one company.

        The statements of checks carry the company themselves; what a method returns
        is compared with the company of the records.
        """
        tz = company.sudo().resource_calendar_id.tz or "UTC"  # sudo: of no secret
        # the engine reads what no single user may read; findings have their own rules
        check = self.with_user(SUPERUSER_ID).sudo()
        return check.with_context(
            allowed_company_ids=company.ids, tz=tz, lang=None, active_test=True
        )

    def _lock(self, company):
        """Take the check for the company until the transaction ends.

        :return: whether nobody else has it
        """
        name = f"compliance.check,{self.id},{company.id}"
        ((locked,),) = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", name)
        )
        return locked

    def _get_parameters(self, company):
        """Return the thresholds that hold for a company, by name.

        What is set for the company goes before what is set for its parent companies,
        and that before what is set for all.
        """
        self.ensure_one()
        order = [False, *(int(part) for part in company.parent_path.split("/")[:-1])]
        found = {}
        for parameter in self.sudo().parameter_ids:  # sudo: of any company's parent
            if parameter.company_id.id in order:
                rank = order.index(parameter.company_id.id)
                found.setdefault(parameter.name, {})[rank] = parameter.value
        return {name: values[max(values)] for name, values in found.items()}

    # --- reading ------------------------------------------------------------------

    def _read_patiently(self, company, scope):
        """Read the check; where a table is locked, try again a little later.

        :raises UserError: when the table stays locked
        """
        for attempt in range(1, LOCK_TRIES + 1):
            try:
                return self._read_found(company, scope)
            except psycopg2.errors.LockNotAvailable as error:
                _logger.info("Check %s waits for a lock (%d)", self.code, attempt)
                locked = error
        raise UserError(
            self.env._(
                "Check %s could not read its records: another process has them locked."
                " Run it again later.",
                self.code,
            )
        ) from locked

    def _read_found(self, company, scope):
        """Return what differs from the known findings; leave no trace.

        :rtype: Found
        """
        with closing(self.env.cr.savepoint()):
            self.env.cr.execute(
                SQL(
                    "SET LOCAL statement_timeout = %s; SET LOCAL lock_timeout = %s;"
                    # to compile the comparison takes longer than to run it
                    " SET LOCAL work_mem = '32MB'; SET LOCAL jit = off;"
                    # a worker that was killed must not keep the check to itself
                    # (PostgreSQL 13 does not know this setting)
                    " SELECT set_config(name, '1s', TRUE) FROM pg_settings"
                    " WHERE name = 'client_connection_check_interval'",
                    self.timeout * 1000,
                    # shorter, so that a lock is told from a slow statement
                    min(self.timeout * 500, LOCK_SECONDS * 1000),
                )
            )
            query = self._get_sql(company, self._get_parameters(company), scope)
            # what a method wrote counts for nothing, but it must not be lost halfway
            self.env.flush_all()
            ((count, dropped, *columns),) = self.env.execute_query(
                self._get_difference_sql(company, query, scope)
            )
        rows = zip(*columns, strict=True) if columns[0] else ()
        return Found(count=count, dropped=dropped, rows=list(rows))

    def _get_difference_sql(self, company, query, scope):
        """Wrap the statement of a check: compare it with the known findings.

        Both are read once, in one join. The statement returns one row: the numbers
        found and dropped, and the differences as arrays: an action (new, back, changed
        or gone), the id of the finding, and what was found.
        """
        found, dropped = self._get_found_sql(company, query)
        return SQL(
            """
            WITH %(found)s,
            joined AS NOT MATERIALIZED (%(joined)s),
            compared AS NOT MATERIALIZED (
                SELECT counts, id, res_id, key, date, values,
                       CASE
                           WHEN counts AND id IS NULL THEN 'new'
                           WHEN counts AND (
                               state IN ('resolved', 'fixed')
                               OR (state = 'waived' AND waived_until < %(today)s)
                           ) THEN 'back'
                           WHEN counts AND differs THEN 'changed'
                           WHEN res_id IS NULL AND state <> 'resolved' AND known_within
                           THEN 'gone'
                       END AS action
                  FROM joined
                OFFSET 0  -- decide once a row, not once a column
            )
            SELECT COUNT(*) FILTER (WHERE counts),
                   %(dropped)s,
                   array_agg(action) FILTER (WHERE action IS NOT NULL),
                   array_agg(id) FILTER (WHERE action IS NOT NULL),
                   array_agg(res_id) FILTER (WHERE action IS NOT NULL),
                   array_agg(key) FILTER (WHERE action IS NOT NULL),
                   array_agg(date) FILTER (WHERE action IS NOT NULL),
                   array_agg(values::text) FILTER (WHERE action IS NOT NULL)
              FROM compared
            """,
            found=found,
            dropped=dropped,
            joined=self._get_joined_sql(company, scope),
            today=fields.Date.context_today(self),
        )

    def _get_joined_sql(self, company, scope):
        """Return each row found beside the finding that is known of it, if any."""
        return SQL(
            """
            SELECT f.res_id IS NOT NULL AND (
                       %(within_found)s OR (c.id IS NOT NULL AND %(within_known)s)
                   ) AS counts,
                   %(within_known)s AS known_within,
                   c.values IS DISTINCT FROM f.values
                       OR c.date IS DISTINCT FROM f.date AS differs,
                   c.id, c.state, c.waived_until,
                   f.res_id, f.key, f.date, f.values
              FROM found f
         FULL JOIN (
                       SELECT * FROM compliance_finding
                        WHERE check_id = %(check)s AND company_id = %(company)s
                   ) c ON c.res_id = f.res_id AND c.key = f.key
            """,
            check=self.id,
            company=company.id,
            within_found=self._get_scope_sql("f", scope),
            within_known=self._get_scope_sql("c", scope),
        )

    def _get_found_sql(self, company, query):
        """Return the table ``found``, and the number of rows that it leaves out.

        What a domain or an aggregate finds is the company's, and once only. A method
        may err in both: foreign records are dropped and counted, and of two rows with
        one key the first counts.

        :rtype: tuple[SQL, SQL]
        """
        plain = SQL(
            """
            SELECT COALESCE(q.res_id, 0)::integer AS res_id,
                   COALESCE(q.key::text, '') AS key,
                   q.date::date AS date,
                   COALESCE(q.values::jsonb, '{}'::jsonb) AS values
              FROM (%s) q
            """,
            query,
        )
        if self.kind != "method":
            return SQL("found AS NOT MATERIALIZED (%s)", plain), SQL("0")
        owned = SQL()
        domain = self._get_company_domain(company)
        if not domain.is_true():
            Model = self.env[self.model].with_context(active_test=False)
            # a join: PostgreSQL looks up few records, and hashes the table for many
            owned = SQL(
                "LEFT JOIN %s AS record ON record.id = raw.res_id"
                " WHERE raw.res_id = 0 OR record.id IS NOT NULL",
                Model._search(domain).subselect(),
            )
        found = SQL(
            """
            raw AS MATERIALIZED (%(plain)s),
            own AS MATERIALIZED (SELECT raw.* FROM raw %(owned)s),
            found AS NOT MATERIALIZED (
                SELECT DISTINCT ON (res_id, key) *
                  FROM own ORDER BY res_id, key, date, values
            )
            """,
            plain=plain,
            owned=owned,
        )
        return found, SQL("(SELECT COUNT(*) FROM raw) - (SELECT COUNT(*) FROM own)")

    def _get_scope_sql(self, alias, scope):
        """Return whether a row lies within the scope; rows without a date do."""
        if not scope:
            return SQL("TRUE")
        column = SQL.identifier(alias, "date")
        return SQL(
            "(%(date)s IS NULL OR %(date)s BETWEEN %(start)s AND %(stop)s)",
            date=column,
            start=scope.date_from,
            stop=scope.date_to,
        )

    # --- words --------------------------------------------------------------------

    def _explain(self, error):
        """Return an error of a check in a sentence for its owner."""
        if isinstance(error, psycopg2.errors.QueryCanceled):
            return self.env._(
                "Check %(check)s was stopped after %(seconds)d seconds. Give it more"
                " time in its field “Timeout”, or narrow it down.",
                check=self.code,
                seconds=self.timeout,
            )
        if isinstance(error, UserError):
            return str(error)
        return self.env._(
            "Check %(check)s failed: %(error)s", check=self.code, error=error
        )

    def _explain_dropped(self, number):
        """Return what the run says about records of other companies, or False."""
        return bool(number) and self.env._(
            "Check %(check)s named %(number)d records of another company. They were"
            " dropped: its statement has to filter by company.",
            check=self.code,
            number=number,
        )
