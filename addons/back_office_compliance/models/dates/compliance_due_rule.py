from odoo import models

from ... import due_dates


class ComplianceDueRule(models.Model):
    """The dates of a rule within a window."""

    _inherit = "compliance.due.rule"

    def _get_period_dates(self, fiscal, calendar, window):
        """Return the periods that fall due within a window.

        :param fiscal: month and day on which the fiscal year ends, or False
        :param calendar: the authority's ``due_dates.Calendar``
        :param window: the first and the last due date
        :return: ``[(first, last, "", due date, internal date)]``
        :raises ValueError: if the rule cannot be evaluated
        """
        rule = self._to_rule()
        found = []
        # a rule may date a period before its end, and then by less than its months
        stop = window[1] + self._get_lead()
        for first, last in due_dates.periods(
            self.period, self.first_month, window[0] - self._get_reach(), stop, fiscal
        ):
            due = due_dates.due_date(rule, first, last, calendar)
            if due > window[1]:
                break
            if due >= window[0]:
                internal = due_dates.internal_date(due, self.lead_days, calendar)
                found.append((first, last, "", due, internal))
        return found

    def _get_event_dates(self, events, calendar, window):
        """Return what follows events, up to the end of the window.

        :param events: ``[(key, day)]``, or with the moment and its time zone as well
        :return: ``[(day, day, key, due date, internal date)]``
        :raises ValueError: if the rule cannot be evaluated
        """
        rule = self._to_rule()
        found = []
        for key, day, *moment in events:
            if rule.hours and moment:
                due = due_dates.event_deadline(rule.hours, *moment).date()
            else:
                due = due_dates.event_due_date(rule, day, calendar)
            if due <= window[1]:
                # the internal date cannot lie before what it follows
                internal = due_dates.internal_date(due, self.lead_days, calendar)
                found.append((day, day, key, due, max(internal, min(day, due))))
        return found
