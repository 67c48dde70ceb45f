from odoo import models
from odoo.exceptions import ValidationError


class ComplianceJurisdiction(models.Model):
    """Calendars of many jurisdictions, of which one may be broken."""

    _inherit = "compliance.jurisdiction"

    def _try_calendars(self, companies, years):
        """Return the calendars, and why some cannot be had.

        :return: ``({(jurisdiction, company): Calendar}, {jurisdiction: sentence})``
        """
        try:
            return self._get_calendars(companies, years), {}
        except ValidationError:
            calendars, broken = {}, {}
        for jurisdiction in self:
            try:
                calendars |= jurisdiction._get_calendars(companies, years)
            except ValidationError as error:
                broken[jurisdiction] = str(error)
        return calendars, broken
