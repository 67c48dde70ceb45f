import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

_logger = logging.getLogger(__name__)

REMINDER = "back_office_compliance.mail_activity_type_filing"
ESCALATION = "back_office_compliance.mail_activity_type_filing_late"
# states in which something is still to be done, and who does it
WAITING_FOR = {
    "to_prepare": "preparer_id",
    "rejected": "preparer_id",
    "review": "reviewer_id",
    "ready": "reviewer_id",
}
# what a generated filing is inserted with, and the type of each column
GENERATED = {
    "name": "varchar",
    "company_id": "int4",
    "obligation_id": "int4",
    "rule_id": "int4",
    "authority_id": "int4",
    "jurisdiction_id": "int4",
    "kind": "varchar",
    "period_start": "date",
    "period_end": "date",
    "event_key": "varchar",
    "due_date": "date",
    "internal_date": "date",
    "preparer_id": "int4",
    "reviewer_id": "int4",
    "is_personal": "bool",
    "recorded_event_id": "int4",
}


class ComplianceFiling(models.Model):
    """How filings come into being, follow their rules and are remembered."""

    _inherit = "compliance.filing"

    no_longer_due = fields.Boolean(
        string="No Longer Demanded",
        readonly=True,
        copy=False,
        help="The obligation has ended, or no longer applies to the company; kept "
        "because somebody had worked on it.",
    )

    reminder_error = fields.Text(
        readonly=True, copy=False, help="Why nobody could be told the last time."
    )

    def _get_generated_name(self, obligation, period_end):
        """Return the name of a generated filing, as its compute gives it."""
        return f"{obligation.code} {period_end}"

    def _get_slot_key(self):
        """Return the key of ``Slot``: what the filing is about."""
        self.ensure_one()
        event = self.event_key or ""
        first = None if event else self.period_start
        return self.company_id.id, self.obligation_id.id, first, event

    def _get_known_keys(self, obligations, companies):
        """Return the keys of the filings that are there, with one query."""
        self.flush_model(["company_id", "obligation_id", "period_start", "event_key"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_id, obligation_id,
                       CASE WHEN event_key = '' THEN period_start END, event_key
                  FROM compliance_filing
                 WHERE company_id = ANY(%s) AND obligation_id = ANY(%s)
                   AND amendment_number = 0
                """,
                companies.ids,
                obligations.ids,
            )
        )
        return set(rows)

    def _insert_generated(self, rows):
        """Insert filings, but none that is there: the unique index decides.

        :param rows: the values of ``GENERATED``, in its order
        :return: the new filings
        """
        constant = {
            "state": "to_prepare",
            "amendment_number": 0,
            "create_uid": SUPERUSER_ID,
            "write_uid": SUPERUSER_ID,
        }
        constant |= self._get_further_defaults({*GENERATED, *constant})
        columns = [*GENERATED, *constant, "create_date", "write_date"]
        arrays = SQL(", ").join(
            SQL("%s::%s[]", list(values), SQL(kind))
            for values, kind in zip(
                zip(*rows, strict=True), GENERATED.values(), strict=True
            )
        )
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO compliance_filing (%s)
                SELECT slot.*, %s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
                  FROM unnest(%s) AS slot
                    ON CONFLICT DO NOTHING
                RETURNING id
                """,
                SQL(", ").join(SQL.identifier(column) for column in columns),
                SQL(", ").join(SQL("%s", value) for value in constant.values()),
                arrays,
            )
        )
        filings = self.browse(row[0] for row in inserted)
        filings._compute_further_fields({*GENERATED, *constant})
        return filings

    def _get_stored_fields(self, known):
        skipped = {*known, *models.MAGIC_COLUMNS}
        return [
            field
            for name, field in self._fields.items()
            if field.store and field.column_type and name not in skipped
        ]

    def _get_further_defaults(self, known):
        """Return the default of each column that other add-ons, or later fields, have.

        :param known: columns that are filled anyway
        """
        names = [
            field.name for field in self._get_stored_fields(known) if field.default
        ]
        return {
            name: self._fields[name].convert_to_column_insert(value, self)
            for name, value in self.default_get(names).items()
            if name in names
        }

    def _compute_further_fields(self, known):
        """Leave to Odoo the stored computes that the statement has not filled."""
        for field in self._get_stored_fields(known):
            if field.compute:
                self.env.add_to_compute(field, self)

    # --- following the rules ----------------------------------------------------

    def _search_open(self, obligations, companies):
        """Return the filings that nobody has sent to review yet."""
        return self.search(
            Domain("company_id", "in", companies.ids)
            & Domain("obligation_id", "in", obligations.ids)
            & Domain("state", "=", "to_prepare")
            & Domain("amendment_number", "=", 0)
        )

    def _is_dated_otherwise(self, slot):
        """Return whether a rule no longer gives what the filing says.

        The internal date alone does not count: somebody may have chosen another one.
        """
        self.ensure_one()
        return (
            self.due_date != slot.due
            or self.period_start != slot.first
            or self.period_end != slot.last
            or self.no_longer_due
        )

    def _follow_rule(self, rule_id, first, last, due, internal):
        """Take the dates of the rule, and tell so."""
        self._message_log_batch(
            bodies={
                filing.id: self.env._(
                    "The rule, or the calendar, has changed: due on %(new)s instead "
                    "of %(old)s.",
                    new=format_date(self.env, due),
                    old=format_date(self.env, filing.due_date),
                )
                for filing in self
            }
        )
        self.write(
            {
                "rule_id": rule_id,
                "period_start": first,
                "period_end": last,
                "due_date": due,
                "internal_date": internal,
                "no_longer_due": False,
            }
        )

    def _no_longer_demand(self):
        """Remove the filings that nobody has worked on, and mark the others."""
        touched = self._filter_touched()
        (self - touched).unlink()
        marked = touched.filtered(lambda filing: not filing.no_longer_due)
        marked.no_longer_due = True
        body = self.env._(
            "This filing is no longer demanded: its obligation has ended, or does not "
            "apply to the company any more. It is kept because somebody worked on it."
        )
        marked._message_log_batch(bodies=dict.fromkeys(marked.ids, body))

    def _filter_touched(self):
        """Return the filings on which somebody has worked.

        That is: whom a person has written last, or that have a person's message or
        activity, a file, a figure, a line or an amendment.
        """
        if not self:
            return self
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT filing.id
                  FROM compliance_filing filing
                 WHERE filing.id = ANY(%(ids)s)
                   AND (filing.write_uid IS DISTINCT FROM %(root)s
                        OR filing.prepared_by_id IS NOT NULL
                        OR COALESCE(filing.amount_declared, 0) != 0
                        OR COALESCE(filing.receipt_number, '') != ''
                        OR EXISTS (SELECT FROM compliance_filing amendment
                                    WHERE amendment.amends_id = filing.id)
                        OR EXISTS (SELECT FROM compliance_filing_line line
                                    WHERE line.filing_id = filing.id)
                        OR EXISTS (SELECT FROM ir_attachment attachment
                                    WHERE attachment.res_model = 'compliance.filing'
                                      AND attachment.res_id = filing.id)
                        OR EXISTS (SELECT FROM %(evidence)s evidence
                                    WHERE evidence.compliance_filing_id = filing.id)
                        OR EXISTS (SELECT FROM mail_message message
                                    WHERE message.model = 'compliance.filing'
                                      AND message.res_id = filing.id
                                      AND message.create_uid != %(root)s)
                        OR EXISTS (SELECT FROM mail_activity activity
                                    WHERE activity.res_model = 'compliance.filing'
                                      AND activity.res_id = filing.id
                                      AND activity.create_uid != %(root)s))
                """,
                ids=self.ids,
                root=SUPERUSER_ID,
                evidence=SQL.identifier(self._fields["evidence_ids"].relation),
            )
        )
        return self.browse(row[0] for row in rows)

    # --- reminders --------------------------------------------------------------

    @api.model
    def _cron_remind(self, batch_size=500):
        """Tell who has to act before the company's own date, and a manager after it.

        One activity of a kind is open on a filing, so running it twice adds nothing.
        Activities of what has been filed meanwhile are closed.

        :param batch_size: filings per transaction
        """
        self = self.with_user(SUPERUSER_ID)
        self._close_reminders()
        domain = self._get_reminder_domain()
        remaining = self.search_count(domain)
        last_id = 0
        while filings := self.search(
            domain & Domain("id", ">", last_id), limit=batch_size, order="id"
        ):
            last_id = filings[-1].id
            remaining = max(remaining - len(filings), 0)
            filings._remind_or_record_error()
            if not self.env["ir.cron"]._commit_progress(
                len(filings), remaining=remaining
            ):
                break

    @api.model
    def _get_reminder_domain(self):
        """Return the filings that may need a reminder or an escalation now."""
        today = fields.Date.context_today(self)
        scopes = self.env["compliance.scope"]._read_group([], [], ["reminder_days:max"])
        companies = self.env["res.company"]._read_group(
            [], [], ["compliance_reminder_days:max"]
        )
        longest = max(scopes[0][0] or 0, companies[0][0] or 0)
        return (
            Domain("state", "in", list(WAITING_FOR))
            & Domain("no_longer_due", "=", False)
            & Domain("internal_date", "<=", today + timedelta(days=longest))
        )

    def _remind_or_record_error(self):
        """Remind of the batch at once; where that fails, one by one.

        An error stays on its filing (``reminder_error``) and stops no other one. A lost
        connection or a serialization failure is raised: the cron runs again.
        """
        try:
            with self.env.cr.savepoint():
                self._remind()
                self.filtered("reminder_error").reminder_error = False
        except OperationalError:
            raise
        except Exception as error:
            if len(self) == 1:
                _logger.warning("Reminder of %s failed", self, exc_info=True)
                self.reminder_error = str(error)
                return
            for filing in self:
                filing._remind_or_record_error()

    def _remind(self):
        """Schedule the activities that are missing on the filings."""
        today = fields.Date.context_today(self)
        told = self._get_told()
        lines = self.obligation_id._get_scopes(self.company_id)
        for filing in self:
            scope = lines.get((filing.obligation_id, filing.company_id))
            company = filing.company_id
            days = scope.reminder_days if scope else company.compliance_reminder_days
            actor = filing[WAITING_FOR[filing.state]]
            manager = (scope and scope.manager_id) or company.compliance_manager_id
            is_late = filing.internal_date < today
            if today >= filing.internal_date - timedelta(days=days):
                filing._tell(REMINDER, actor, told)
            if is_late:
                filing._tell(ESCALATION, manager, told)

    @api.model
    def _get_type_id(self, xmlid):
        """Return the id of an activity type, without asking whether it exists."""
        return self.env["ir.model.data"]._xmlid_to_res_id(xmlid)

    @api.model
    def _get_told_types(self):
        return [self._get_type_id(xmlid) for xmlid in (REMINDER, ESCALATION)]

    def _get_told(self):
        """Return ``{(filing id, activity type id): activities}``, with one query.

        Those that were closed count: nobody is told the same thing twice.
        """
        activities = (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search(
                Domain("res_model", "=", self._name)
                & Domain("res_id", "in", self.ids)
                & Domain("activity_type_id", "in", self._get_told_types())
            )
        )
        return activities.grouped(
            lambda activity: (activity.res_id, activity.activity_type_id.id)
        )

    def _tell(self, xmlid, user, told):
        """Schedule an activity, or hand the open one to whom the filing waits for now.

        :param xmlid: of the activity's type
        :param user: whom to tell; nobody: nothing happens
        :param told: what ``_get_told`` returned
        """
        self.ensure_one()
        if not user:
            return
        activities = told.get(
            (self.id, self._get_type_id(xmlid)), self.env["mail.activity"]
        )
        deadline = self.internal_date if xmlid == REMINDER else self.due_date
        if activity := activities.filtered("active")[:1]:
            if activity.user_id != user or activity.date_deadline != deadline:
                activity.write({"user_id": user.id, "date_deadline": deadline})
        elif user not in activities.user_id:
            self.activity_schedule(
                xmlid,
                date_deadline=deadline,
                summary=self.env._(
                    "%(filing)s is due on %(date)s",
                    filing=self.name,
                    date=fields.Date.to_string(self.due_date),
                ),
                user_id=user.id,
            )

    @api.model
    def _close_reminders(self):
        """Close the activities of filings for which nothing is left to do."""
        # sudo: whoever files closes the reminders of others
        activities = self.env["mail.activity"].sudo()
        is_open = Domain("res_model", "=", self._name) & Domain(
            "activity_type_id", "in", self._get_told_types()
        )
        if self:
            is_open &= Domain("res_id", "in", self.ids)
        found = activities.search(is_open)
        # sudo: as above
        filings = self.sudo().browse(found.mapped("res_id")).exists()
        done = filings.filtered(
            lambda filing: filing.state not in WAITING_FOR or filing.no_longer_due
        )
        found.filtered(lambda activity: activity.res_id in done.ids).action_done()
