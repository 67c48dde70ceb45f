from datetime import datetime, time, timedelta

from pytz import timezone

from odoo import models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _receivable_working_days(self, date_from, date_to):
        """Return the days on which somebody works, public holidays left out.

        :param date_from: the first day
        :param date_to: the last day, included
        :return: set of dates in the time zone of the calendar; Monday to Friday where
            there is no calendar
        """
        days = [
            date_from + timedelta(days=n) for n in range((date_to - date_from).days)
        ]
        days.append(date_to)
        if not self:
            return {day for day in days if day.weekday() < 5}
        self.ensure_one()
        zone = timezone(self.tz or "UTC")
        start = zone.localize(datetime.combine(date_from, time.min))
        stop = zone.localize(datetime.combine(date_to, time.max))
        intervals = self._work_intervals_batch(start, stop, tz=zone)[False]
        worked = {
            moment.astimezone(zone).date()
            for begin, end, _attendance in intervals
            for moment in (begin, end - timedelta(seconds=1))
        }
        return worked & set(days)
