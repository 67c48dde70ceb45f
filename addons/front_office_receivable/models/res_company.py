from datetime import timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.tools import SQL

from ..working_days import working_day

# How far working days are looked up: longer than any closure of an office.
HORIZON_DAYS = 60


class ResCompany(models.Model):
    _inherit = "res.company"

    receivable_grace_days = fields.Integer(
        string="Days of Grace",
        default=2,
        help="Working days that a payment may arrive after the promised date.",
    )
    receivable_retry_days = fields.Integer(
        string="Call Again After",
        default=1,
        help="Working days from a broken promise to the next call.",
    )
    receivable_follow_days = fields.Integer(
        string="Follow Up After",
        default=5,
        help="Working days to the next call where a call ended without a promise.",
    )

    _receivable_days_check = models.Constraint(
        "CHECK (receivable_grace_days BETWEEN 0 AND 30"
        " AND receivable_retry_days BETWEEN 0 AND 30"
        " AND receivable_follow_days BETWEEN 0 AND 30)",
        "The days of grace, the days to call again and the days to follow up must be "
        "from 0 to 30.",
    )

    # --- whose day it is --------------------------------------------------------------

    @api.model
    def _get_receivable_today(self):
        """Return the day that every company has now, whoever asks.

        It is that of the time zone of the company's address, else of its working
        schedule, else UTC.

        :return: dict from the id of a company to a date
        """
        self.env["res.company"].flush_model(["partner_id", "resource_calendar_id"])
        self.env["res.partner"].flush_model(["tz"])
        self.env["resource.calendar"].flush_model(["tz"])
        zones = self.env.execute_query(
            SQL(
                """
                SELECT company.id,
                       COALESCE(NULLIF(partner.tz, ''), calendar.tz, 'UTC')
                  FROM res_company company
                  JOIN res_partner partner ON partner.id = company.partner_id
             LEFT JOIN resource_calendar calendar
                       ON calendar.id = company.resource_calendar_id
                 ORDER BY company.id
                """
            )
        )
        now = utc.localize(fields.Datetime.now())
        return {
            company_id: now.astimezone(timezone(zone)).date()
            for company_id, zone in zones
        }

    @api.model
    def _receivable_today(self, column):
        """Return the day of the company of a row, for a statement.

        :param SQL column: the row's company
        :return: a date, which is a constant while all companies have the same day
        :rtype: SQL
        """
        companies = {}
        for company_id, day in self._get_receivable_today().items():
            companies.setdefault(day, []).append(company_id)
        # most companies have this day; only the others are named
        common = max(companies, key=lambda day: (len(companies[day]), day))
        others = [
            SQL("WHEN %s = ANY(%s) THEN %s::date", column, ids, day)
            for day, ids in companies.items()
            if day != common
        ]
        if not others:
            return SQL("%s::date", common)
        return SQL("(CASE %s ELSE %s::date END)", SQL(" ").join(others), common)

    def _get_receivable_recall_days(self):
        """Return when customers who broke a promise today are called again.

        :return: dict from the ids of these companies to a working day
        """
        todays = self._get_receivable_today()
        days = {}
        for company in self:
            start, number = todays[company.id], company.receivable_retry_days
            if number:
                # one working day after a Sunday is Monday: the day itself is over
                start, number = start + timedelta(days=1), number - 1
            days[company.id] = company._get_receivable_days([start], number)[start]
        return days

    def _get_receivable_days(self, days, number):
        """Return the working days that come a number of working days after days.

        :param days: an iterable of dates
        :param int number: how many working days later
        :return: dict from each of the days to a working day of the company
        """
        self.ensure_one()
        days = set(days)
        if not days:
            return {}
        working = self.resource_calendar_id._receivable_working_days(
            min(days), max(days) + timedelta(days=HORIZON_DAYS)
        )
        return {day: working_day(day, number, working) for day in days}
