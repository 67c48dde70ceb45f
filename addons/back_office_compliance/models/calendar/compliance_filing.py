import vobject
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..compliance_filing import OPEN_STATES


class ComplianceFiling(models.Model):
    """Filings as all-day events of a calendar programme."""

    _inherit = "compliance.filing"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_calendar(self):
        """Return the due dates that the user may read, of a year back and all to come.

        :return: an iCalendar file
        :rtype: bytes
        """
        user = self.env.user
        filings = self.with_context(
            allowed_company_ids=user.company_ids.ids, lang=user.lang, tz=user.tz
        ).search(
            [("due_date", ">=", fields.Date.today() - relativedelta(years=1))],
            order="due_date, id",
        )
        calendar = vobject.iCalendar()
        calendar.add("prodid").value = "-//Back Office Compliance//EN"
        calendar.add("x-wr-calname").value = self.env._("Filings")
        for filing in filings:
            filing._add_to_calendar(calendar)
        return calendar.serialize().encode()

    def _add_to_calendar(self, calendar):
        """Add the filing to a vobject calendar as an event of its statutory day."""
        self.ensure_one()
        host = self.get_base_url().split("//")[-1]
        event = calendar.add("vevent")
        event.add("uid").value = f"compliance-filing-{self.id}@{host}"
        # a fixed stamp: the file changes only when a filing does
        event.add("dtstamp").value = self.write_date.replace(microsecond=0)
        event.add("dtstart").value = self.due_date
        event.add("dtend").value = self.due_date + relativedelta(days=1)
        done = self.state not in OPEN_STATES
        mark = "✓ " if done else ""
        event.add("summary").value = f"{mark}{self.name}: {self.obligation_name}"
        event.add("description").value = self.env._(
            "%(authority)s. Internal date: %(date)s. State: %(state)s.",
            authority=self.authority_name,
            date=self.internal_date,
            state=self._get_state_label(),
        )
        event.add("url").value = f"{self.get_base_url()}/odoo/filings/{self.id}"
        event.add("transp").value = "TRANSPARENT"
