from pytz import utc

from odoo import models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _desk_intervals(self, start, stop):
        """Return the working hours between two moments, holidays left out.

        :param start: the first moment, naive and in UTC
        :param stop: the last one
        :return: list of pairs of aware moments
        """
        self.ensure_one()
        intervals = self._work_intervals_batch(utc.localize(start), utc.localize(stop))
        return [(begin, end) for begin, end, _attendances in intervals[False]]
