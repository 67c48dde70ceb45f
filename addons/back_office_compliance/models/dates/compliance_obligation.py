import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

HORIZON = relativedelta(months=13)
# A rule that changes moves a date out of the horizon, or into it; by so much at most a
# filing still counts as the same one.
MARGIN = relativedelta(months=2)
# What happened before that is due before the company's first filing.
EVENT_REACH = relativedelta(years=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A filing that has to exist."""

    company_id: int
    obligation_id: int
    rule_id: int
    first: date
    last: date
    event_key: str
    due: date
    internal: date

    @property
    def key(self) -> tuple:
        """What tells filings apart; an event is the same one when its day changes."""
        first = None if self.event_key else self.first
        return self.company_id, self.obligation_id, first, self.event_key


class ComplianceObligation(models.Model):
    """Filings: generated once for the horizon, in one batch, and kept to the rules."""

    _inherit = "compliance.obligation"

    # --- entry points -----------------------------------------------------------

    @api.model
    def _cron_generate(self):
        """Generate the filings of every company, one transaction each.

        What one company raises is kept on it and stops no other one.
        """
        companies = self.env["res.company"].search(Domain.TRUE)
        for remaining, company in zip(
            range(len(companies) - 1, -1, -1), companies, strict=True
        ):
            self._generate_or_record_error(company)
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    def _generate_or_record_error(self, company):
        """Generate; an error stays on the company (``compliance_error``).

        A lost connection or a serialization failure is raised: the cron runs again.
        """
        try:
            with self.env.cr.savepoint():
                self._generate_filings(company)
                if company.compliance_error:
                    company.compliance_error = False
        except OperationalError:
            raise
        except Exception as error:
            _logger.exception("Filings of %s could not be generated", company.name)
            company.compliance_error = str(error)

    def action_generate(self):
        """Generate the filings of these obligations for the chosen companies now."""
        self.check_access("write")
        # sudo: filings belong to the machine until somebody works on them
        count = len(self.sudo()._generate_filings(self.env.companies))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": self.env._("%s filings were added.", count),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _generate_filings(self, companies=None, until=None):
        """Create the filings that are missing, and keep the open ones to the rules.

        The number of queries depends neither on the companies nor on the obligations.
        Whatever is there already, made by another transaction too, is left alone: the
        unique index decides. A rule, or a calendar, that cannot be evaluated stops its
        own obligation and company only; the error is kept on the line of the company
        (``compliance.scope.generation_error``).

        :param companies: res.company records; none: all of them
        :param until: the last statutory date; none: today and 13 months
        :return: the new filings
        """
        # filings are the machine's own until somebody works on them
        self = self.with_user(SUPERUSER_ID)
        obligations = self or self.with_context(active_test=False).search(Domain.TRUE)
        companies = (companies or self.env["res.company"].search(Domain.TRUE)).with_env(
            self.env
        )
        until = until or fields.Date.context_today(self) + HORIZON
        slots, errors = obligations._get_slots(companies, until)
        obligations._record_errors(companies, errors)
        obligations._follow_rules(companies, until, slots, errors)
        return obligations._insert_filings(
            [slot for slot in slots if slot.due <= until], companies
        )

    # --- what has to exist ------------------------------------------------------

    def _get_slots(self, companies, until):
        """Return the filings that have to exist, and what could not be evaluated.

        The slots reach a little further than the horizon on both sides (``MARGIN``).

        :return: ``([Slot], {(obligation, company): sentence})``
        """
        starts = companies._get_compliance_starts()
        window = (min(starts.values()) - MARGIN, until + MARGIN)
        years = range(window[0].year - 3, window[1].year + 4)
        calendars, broken = self.jurisdiction_id._try_calendars(companies, years)
        versions = self._get_versions()
        events = self._collect_events(versions, companies, window[0] - EVENT_REACH)
        slots, errors, memo = [], {}, {}
        for company, obligations in self._applies_to(companies).items():
            for obligation in obligations:
                place = obligation.jurisdiction_id
                try:
                    if place in broken:
                        raise UserError(broken[place])
                    slots += obligation._get_own_slots(
                        company,
                        versions.get(obligation.id, ()),
                        calendars[place, company],
                        window,
                        events,
                        memo,
                    )
                except (ValueError, UserError) as error:
                    errors[obligation, company] = str(error)
        return [
            slot for slot in slots if slot.due >= starts[slot.company_id] - MARGIN
        ], errors

    def _get_versions(self):
        """Return ``{obligation id: [(rule, first day on which it holds no more)]}``.

        The day is that on which the next version begins, ``date.max`` for the last one.
        """
        rules = self.env["compliance.due.rule"].search(
            Domain("obligation_id", "in", self.ids), order="obligation_id, date_from"
        )
        versions = defaultdict(list)
        for rule in reversed(rules):
            later = versions[rule.obligation_id.id]
            later.append((rule, later[-1][0].date_from if later else date.max))
        return versions

    def _collect_events(self, versions, companies, since):
        """Return ``{(kind, company id): [(key, day)]}`` of the kinds in the rules."""
        kinds = {
            rule.event
            for rules in versions.values()
            for rule, _stop in rules
            if rule.trigger == "event"
        }
        events = defaultdict(list)
        for kind in sorted(kinds):
            for company_id, key, day in self._get_events(kind, companies, since):
                events[kind, company_id].append((key, day))
        return events

    def _get_own_slots(self, company, versions, calendar, window, events, memo):
        """Return the slots of one obligation and company.

        :param versions: the rules and the days on which they end
        :param window: the first and the last due date
        :param events: what ``_collect_events`` returned
        :param memo: dates that are the same for several companies, filled here
        :raises ValueError: if a rule cannot be evaluated
        """
        slots = []
        for rule, stop in versions:
            begin = max(rule.date_from, self.valid_from or date.min)
            fiscal = rule.period == "fiscal_year" and rule._get_fiscal(company)
            key = (rule.id, calendar, fiscal)
            if rule.trigger == "event":
                happened = events[rule.event, company.id]
                # and what somebody has recorded for this obligation by hand
                recorded = events[rule.event, company.id, self.id]
                dates = rule._get_event_dates(happened + recorded, calendar, window)
            else:
                if key not in memo:
                    memo[key] = rule._get_period_dates(fiscal, calendar, window)
                dates = memo[key]
            slots += [
                Slot(company.id, self.id, rule.id, first, *rest)
                for first, *rest in dates
                if begin <= first < stop
                and (not self.valid_to or first <= self.valid_to)
            ]
        return slots

    # --- events -----------------------------------------------------------------

    def _get_events(self, kind, companies, since):
        """Return what happened: the hook for add-ons that know of more.

        :param kind: hire, departure, wage_change or injury
        :param companies: res.company records
        :param since: the earliest day
        :return: ``[(company id, key, day)]``; the key names the record, such as
            ``hr.employee,7``, and is the same as long as the event is
        """
        queries = {
            "hire": self._query_hires,
            "departure": self._query_departures,
            "wage_change": self._query_wage_changes,
        }
        if kind not in queries:
            return []
        self.env["hr.version"].flush_model()
        self.env["hr.employee"].flush_model()
        # a branch's people are those of the company above it as well
        owners = defaultdict(list)
        for company in companies:
            owners[company.id].append(company.id)
        for company, branches in companies._get_branches().items():
            if company in companies:
                for branch in branches:
                    owners[branch.id].append(company.id)
        rows = self.env.execute_query(queries[kind](list(owners), since))
        return [
            (owner, key, day)
            for company_id, key, day in rows
            for owner in dict.fromkeys(owners[company_id])
        ]

    def _query_hires(self, company_ids, since):
        """Select the first contract of each employee, or the first version without."""
        return SQL(
            """
            SELECT employee.company_id,
                   'hr.employee,' || employee.id,
                   COALESCE(MIN(version.contract_date_start), MIN(version.date_version))
              FROM hr_employee employee
              JOIN hr_version version
                ON version.employee_id = employee.id
               AND version.active
               AND version.employee_type NOT IN ('contractor', 'freelance')
             WHERE employee.company_id = ANY(%(companies)s)
             GROUP BY employee.id
            HAVING COALESCE(
                       MIN(version.contract_date_start), MIN(version.date_version)
                   ) >= %(since)s
             ORDER BY employee.id
            """,
            companies=company_ids,
            since=since,
        )

    def _query_departures(self, company_ids, since):
        return SQL(
            """
            SELECT employee.company_id,
                   'hr.version,' || version.id,
                   version.departure_date
              FROM hr_version version
              JOIN hr_employee employee ON employee.id = version.employee_id
             WHERE employee.company_id = ANY(%(companies)s)
               AND version.active
               AND version.employee_type NOT IN ('contractor', 'freelance')
               AND version.departure_date >= %(since)s
             ORDER BY version.id
            """,
            companies=company_ids,
            since=since,
        )

    def _query_wage_changes(self, company_ids, since):
        """Select the versions whose wage differs from that of the version before."""
        return SQL(
            """
            SELECT company_id, 'hr.version,' || id, date_version
              FROM (
                    SELECT employee.company_id, version.id, version.date_version,
                           version.wage,
                           LAG(version.wage) OVER (
                               PARTITION BY employee.id ORDER BY version.date_version
                           ) AS wage_before
                      FROM hr_version version
                      JOIN hr_employee employee ON employee.id = version.employee_id
                     WHERE employee.company_id = ANY(%(companies)s)
                       AND version.active
                   ) AS wages
             WHERE wage IS DISTINCT FROM wage_before
               AND wage_before IS NOT NULL
               AND date_version >= %(since)s
             ORDER BY id
            """,
            companies=company_ids,
            since=since,
        )

    # --- writing ----------------------------------------------------------------

    def _get_people(self, companies):
        """Return ``{(obligation id, company id): (preparer id, reviewer id)}``.

        What the company's line leaves open, its default fills; a default that would
        make one person of the two is left out.
        """
        scopes = self._get_scopes(companies)
        people = {}
        for company in companies:
            default_preparer = company.compliance_preparer_id.id or None
            default_reviewer = company.compliance_reviewer_id.id or None
            for obligation in self:
                scope = scopes.get((obligation, company))
                preparer = scope and scope.preparer_id.id or None
                reviewer = scope and scope.reviewer_id.id or None
                if not preparer and default_preparer != reviewer:
                    preparer = default_preparer
                if not reviewer and default_reviewer != preparer:
                    reviewer = default_reviewer
                people[obligation.id, company.id] = (preparer, reviewer)
        return people

    def _insert_filings(self, slots, companies):
        """Insert the slots that are not there yet, with one statement.

        :param slots: what has to exist, within the horizon
        :param companies: those of the slots
        :return: the new filings
        """
        filings = self.env["compliance.filing"].with_context(active_test=False)
        starts = companies._get_compliance_starts()
        known = filings._get_known_keys(self, companies)
        slots = [
            slot
            for slot in slots
            if slot.due >= starts[slot.company_id] and slot.key not in known
        ]
        if not slots:
            return filings
        people = self._get_people(companies)
        by_id = {obligation.id: obligation for obligation in self}
        rules = self.env["compliance.due.rule"]
        rows = []
        for slot in slots:
            obligation = by_id[slot.obligation_id]
            rows.append(
                (
                    filings._get_generated_name(obligation, slot.last),
                    slot.company_id,
                    slot.obligation_id,
                    slot.rule_id,
                    obligation.authority_id.id,
                    obligation.jurisdiction_id.id,
                    obligation.kind,
                    slot.first,
                    slot.last,
                    slot.event_key,
                    slot.due,
                    slot.internal,
                    *people[slot.obligation_id, slot.company_id],
                    slot.event_key.startswith("hr.")
                    or rules.browse(slot.rule_id)._is_about_a_person(),
                    filings._get_recorded_event_id(slot.event_key),
                )
            )
        return filings._insert_generated(rows)

    def _record_errors(self, companies, errors):
        """Keep what could not be evaluated on the companies' lines, and clear the rest.

        :param errors: ``{(obligation, company): sentence}``
        """
        scopes = self._get_scopes(companies)
        for key, scope in scopes.items():
            sentence = errors.get(key, False)
            if scope.generation_error != sentence:
                scope.generation_error = sentence
        self.env["compliance.scope"].create(
            [
                {
                    "obligation_id": obligation.id,
                    "company_id": company.id,
                    "generation_error": sentence,
                }
                for (obligation, company), sentence in errors.items()
                if (obligation, company) not in scopes
            ]
        )

    def _follow_rules(self, companies, until, slots, errors):
        """Keep open filings to the rules as they are now.

        A filing that nobody has sent to review gets the date of the rule, with a
        message. One that is no longer demanded, with its date still to come, is
        removed if nobody has worked on it, and marked if somebody has.

        :param slots: what has to exist
        :param errors: what could not be evaluated, and is left as it is
        """
        filings = self.env["compliance.filing"]._search_open(self, companies)
        by_key = {slot.key: slot for slot in slots}
        skipped = {(key[0].id, key[1].id) for key in errors}
        today = fields.Date.context_today(self)
        starts = companies._get_compliance_starts()
        stale, moved = filings.browse(), defaultdict(filings.browse)
        for filing in filings:
            company = filing.company_id
            if (filing.obligation_id.id, company.id) in skipped:
                continue
            if slot := by_key.get(filing._get_slot_key()):
                if filing._is_dated_otherwise(slot):
                    moved[
                        slot.rule_id, slot.first, slot.last, slot.due, slot.internal
                    ] |= filing
                continue
            if max(today, starts[company.id]) <= filing.due_date <= until:
                stale |= filing
        for values, group in moved.items():
            group._follow_rule(*values)
        stale._no_longer_demand()
