from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .. import due_dates

PREVIEWED_DATES = 6
# Each happens to one person: who reads such a filing learns something about somebody.
PERSONAL_EVENTS = ("hire", "departure", "wage_change", "injury")


class ComplianceDueRule(models.Model):
    """When an obligation falls due, from a day on: the versions of the rule."""

    _name = "compliance.due.rule"
    _description = "Due rule"
    _order = "obligation_id, date_from desc, id desc"
    _check_company_auto = True

    obligation_id = fields.Many2one(
        "compliance.obligation",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="obligation_id.company_id", store=True, index=True
    )
    date_from = fields.Date(
        string="For Periods from",
        required=True,
        help="The rule holds for periods that begin, and events that happen, on this "
        "day or later, until a later version begins.",
    )
    source = fields.Char(help="Where the rule is published.")
    trigger = fields.Selection(
        [("period", "A period ends"), ("event", "Something happens")],
        string="Whenever",
        required=True,
        default="period",
    )
    period = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("half", "Half-year"),
            ("year", "Year"),
            ("fiscal_year", "Company's fiscal year"),
        ],
        default="month",
    )
    first_month = fields.Integer(
        default=1, help="The month in which the year of the periods begins (1-12)."
    )
    event = fields.Selection(
        [
            ("hire", "Somebody is hired"),
            ("departure", "Somebody leaves"),
            ("wage_change", "A wage changes"),
            ("injury", "Somebody is injured"),
            ("payday", "Wages are paid"),
        ],
    )
    anchor = fields.Selection(
        [("start", "First day of the period"), ("end", "Last day of the period")],
        string="Counted from",
        required=True,
        default="end",
    )
    months = fields.Integer(
        string="Plus Months", help="Months after the anchor or the event; first step."
    )
    day_rule = fields.Selection(
        [
            ("none", "The day that comes out"),
            ("day", "A day of that month"),
            ("month_end", "The last day of that month"),
            ("last_weekday", "The last given weekday of that month"),
            ("next_weekday", "The next of given weekdays"),
        ],
        string="On Which Day",
        required=True,
        default="none",
        help="Second step.",
    )
    day = fields.Integer(help="The day of the month (1-31; at most its last day).")
    other_months = fields.Char(
        string="Except in the Months",
        help="Months (1-12, by commas) in which it falls on another day.",
    )
    other_day = fields.Integer(help="The day in those months (1-31).")
    weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
    )
    weekdays = fields.Char(
        help="Weekdays from 1 (Monday) to 7 (Sunday), by commas, such as 2,5; the day "
        "itself counts.",
    )
    hours = fields.Integer(
        string="Within Hours",
        help="Hours after the event, instead of the steps. Due is the local day on "
        "which they have passed.",
    )
    posted_months = fields.Integer(
        string="Stays Posted, Months",
        help="How many months a posting stays up, from its due date on. 0: not said.",
    )
    days = fields.Integer(string="Plus Days", help="Days after that; third step.")
    business_days = fields.Boolean(help="The days of the third step are business days.")
    shift = fields.Selection(
        [
            ("forward", "To the next business day"),
            ("back", "To the business day before"),
            ("none", "Stays on the day"),
        ],
        string="On a Closed Day",
        required=True,
        default="forward",
        help="What happens when the day is a weekend or a holiday.",
    )
    lead_days = fields.Integer(
        string="Internal Lead",
        default=5,
        help="How many business days before the statutory date the company's own "
        "date lies.",
    )
    published_ids = fields.One2many("compliance.published.date", "rule_id", copy=False)
    next_dates = fields.Char(
        compute="_compute_next_dates",
        help="The next six due dates, or the one of an event today.",
    )

    _unique_version = models.UniqueIndex(
        "(obligation_id, date_from)", "An obligation has one rule a day of beginning."
    )
    _first_month_is_one = models.Constraint(
        "CHECK (COALESCE(first_month, 0) BETWEEN 1 AND 12)",
        "The first month of a due rule must lie between 1 and 12.",
    )
    _period_or_event = models.Constraint(
        "CHECK ((trigger = 'period' AND period IS NOT NULL AND event IS NULL)"
        " OR (trigger = 'event' AND event IS NOT NULL))",
        "A due rule needs a period if it follows a period, and an event if it "
        "follows an event, and not both.",
    )
    _day_is_one = models.Constraint(
        "CHECK (day_rule != 'day' OR COALESCE(day, 0) BETWEEN 1 AND 31)",
        "The day of a due rule must lie between 1 and 31.",
    )
    _weekday_is_given = models.Constraint(
        "CHECK (day_rule != 'last_weekday' OR weekday IS NOT NULL)",
        "A due rule on the last weekday of a month needs the weekday.",
    )
    _other_day_is_one = models.Constraint(
        "CHECK (COALESCE(other_months, '') = '' OR "
        "(day_rule = 'day' AND COALESCE(other_day, 0) BETWEEN 1 AND 31))",
        "Months with another day need that day, between 1 and 31, and a due rule on a "
        "day of the month.",
    )
    _lead_days_not_negative = models.Constraint(
        "CHECK (lead_days >= 0)", "The internal lead of a due rule cannot be negative."
    )

    _hours_stand_alone = models.Constraint(
        "CHECK (COALESCE(hours, 0) = 0 OR (hours > 0 AND trigger = 'event' "
        "AND day_rule = 'none' AND shift = 'none' AND COALESCE(months, 0) = 0 "
        "AND COALESCE(days, 0) = 0))",
        "Hours are counted from an event, to the day that comes out, without months, "
        "days or a shift.",
    )
    _posted_months_not_negative = models.Constraint(
        "CHECK (COALESCE(posted_months, 0) >= 0)",
        "The months that a posting stays up cannot be negative.",
    )

    def _is_about_a_person(self):
        """Return whether the event of the rule tells about one person.

        Hook: add-ons with kinds of events of their own extend it.
        """
        self.ensure_one()
        return self.trigger == "event" and self.event in PERSONAL_EVENTS

    @api.constrains("weekdays", "day_rule")
    def _check_weekdays(self):
        for rule in self:
            if rule.day_rule != "next_weekday":
                continue
            days = [part.strip() for part in (rule.weekdays or "").split(",")]
            if all(day.isdecimal() and 1 <= int(day) <= 7 for day in days):
                continue
            raise ValidationError(
                self.env._(
                    "Weekdays of the rule of %(obligation)s reads %(text)s: write "
                    "numbers from 1 (Monday) to 7 (Sunday) with commas, such as 2,5.",
                    obligation=rule.obligation_id.display_name,
                    text=rule.weekdays or "",
                )
            )

    @api.constrains("other_months")
    def _check_other_months(self):
        for rule in self:
            parts = (rule.other_months or "").split(",")
            months = [part.strip() for part in parts if part.strip()]
            if all(month.isdecimal() and 1 <= int(month) <= 12 for month in months):
                continue
            raise ValidationError(
                self.env._(
                    "Except in the Months of the rule of %(obligation)s reads "
                    "%(text)s: write numbers from 1 to 12 with commas, such as 1,8.",
                    obligation=rule.obligation_id.display_name,
                    text=rule.other_months,
                )
            )

    @api.depends("obligation_id.name", "date_from")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = self.env._(
                "%(obligation)s from %(date)s",
                obligation=rule.obligation_id.name or "",
                date=format_date(self.env, rule.date_from) if rule.date_from else "",
            )

    @api.depends(
        "obligation_id.jurisdiction_id.holiday_ids",
        "date_from",
        "trigger",
        "period",
        "first_month",
        "anchor",
        "months",
        "day_rule",
        "day",
        "other_months",
        "other_day",
        "weekday",
        "weekdays",
        "hours",
        "days",
        "business_days",
        "shift",
    )
    @api.depends_context("company")
    def _compute_next_dates(self):
        today = fields.Date.context_today(self)
        for rule in self:
            try:
                dates = rule._preview(today)
            except (ValueError, ValidationError):
                # half a rule, while somebody types it
                dates = []
            rule.next_dates = ", ".join(format_date(self.env, day) for day in dates)

    # --- dates ------------------------------------------------------------------

    def _to_rule(self):
        """Return the plain rule, ``due_dates.Rule``."""
        self.ensure_one()
        months = (self.other_months or "").split(",")
        weekdays = (self.weekdays or "").split(",")
        return due_dates.Rule(
            anchor=self.anchor,
            months=self.months,
            day_rule=self.day_rule,
            day=self.day,
            other_months=frozenset(int(month) for month in months if month.strip()),
            other_day=self.other_day,
            weekday=int(self.weekday or 0),
            days=self.days,
            business_days=self.business_days,
            shift=self.shift,
            weekdays=frozenset(int(day) - 1 for day in weekdays if day.strip()),
            hours=self.hours,
        )

    def _get_fiscal(self, company):
        """Return month and day on which the company's fiscal year ends."""
        return int(company.fiscalyear_last_month), company.fiscalyear_last_day

    def _get_reach(self):
        """Return by how much, at most, a due date lies after its period's end.

        Business days are counted thrice, for the weekends and holidays among them.
        """
        return relativedelta(months=max(self.months, 0) + 2, days=3 * abs(self.days))

    def _get_lead(self):
        """Return by how much, at most, a due date lies before its period's end."""
        months = 14 - min(self.months, 0)
        return relativedelta(months=months, days=3 * abs(self.days))

    def _preview(self, today):
        """Return the next due dates, or the one of an event that happens today."""
        self.ensure_one()
        company = self.env.company
        years = range(today.year - 1, today.year + 9)
        jurisdiction = self.obligation_id.jurisdiction_id._origin
        calendar = (
            jurisdiction._get_calendar(company, years)
            if jurisdiction
            else due_dates.Calendar()
        )
        rule = self._to_rule()
        if self.trigger == "event":
            return [due_dates.event_due_date(rule, today, calendar)]
        found = due_dates.periods(
            self.period,
            self.first_month,
            today - self._get_reach(),
            today + relativedelta(years=8),
            self._get_fiscal(company),
        )
        dates = (due_dates.due_date(rule, *each, calendar) for each in found)
        return [day for day in dates if day >= today][:PREVIEWED_DATES]

    # --- published dates --------------------------------------------------------

    def _check_published(self):
        """Hold the rules against the dates that authorities published.

        :return: a list of sentences, one a published date that the rule misses
        """
        sentences = []
        for rule in self:
            dates = rule.published_ids.mapped("period_start")
            years = {day.year + offset for day in dates for offset in range(-1, 4)}
            jurisdiction = rule.obligation_id.jurisdiction_id
            calendar = jurisdiction._get_calendar(self.env.company, years)
            for published in rule.published_ids:
                found = rule._get_due_date_of(published.period_start, calendar)
                if found != published.due_date:
                    sentences.append(published._explain_mismatch(found))
        return sentences

    def _get_due_date_of(self, first, calendar):
        """Return when what begins (or happens) on a day is due, None if nothing begins.

        A published date of a fiscal year is that of the twelve months from the day on.
        """
        rule = self._to_rule()
        if self.trigger == "event":
            return due_dates.event_due_date(rule, first, calendar)
        if self.period == "fiscal_year":
            last = first + relativedelta(years=1, days=-1)
            return due_dates.due_date(rule, first, last, calendar)
        period = due_dates.period_of(self.period, self.first_month, first)
        return period and due_dates.due_date(rule, *period, calendar)

    def action_check_published(self):
        """Tell whether the rules give the dates that authorities published."""
        sentences = self._check_published()
        count = len(self.published_ids)
        if sentences:
            kind, message = "danger", "\n".join(sentences)
        elif count:
            kind = "success"
            message = self.env._("All %s published dates agree.", count)
        else:
            kind = "warning"
            message = self.env._("There are no published dates to check against.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message, "sticky": bool(sentences)},
        }
