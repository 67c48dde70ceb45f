from datetime import datetime, time, timedelta

from pytz import timezone

from odoo import models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _quota_working_days(self, date_from, date_to):
        """Return the days on which the calendar has work, public holidays left out.

        :param date_from: the first day
        :param date_to: the last day, included
        :return: set of dates in the calendar's time zone; all days of the week but
            Saturday and Sunday for an empty recordset
        """
        if not self:
            days = (date_to - date_from).days + 1
            dates = (date_from + timedelta(days=day) for day in range(days))
            return {day for day in dates if day.weekday() < 5}
        self.ensure_one()
        tz = timezone(self.tz or "UTC")
        start = tz.localize(datetime.combine(date_from, time.min))
        stop = tz.localize(datetime.combine(date_to, time.max))
        intervals = self._work_intervals_batch(start, stop, tz=tz)[False]
        return {
            begin.astimezone(tz).date() + timedelta(days=day)
            for begin, end, _attendance in intervals
            for day in range((end.astimezone(tz).date() - begin.date()).days + 1)
            if begin.date() + timedelta(days=day) <= date_to
        }
