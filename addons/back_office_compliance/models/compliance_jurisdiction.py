from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..due_dates import Calendar
from ..public_holidays import UnknownPlaceError, check_place, public_holidays


class ComplianceJurisdiction(models.Model):
    """Where a law holds: a country, a state, a city; a tree."""

    _name = "compliance.jurisdiction"
    _description = "Jurisdiction"
    _parent_store = True
    _order = "complete_name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        string="Jurisdiction",
        compute="_compute_complete_name",
        store=True,
        recursive=True,
    )
    code = fields.Char(help="A short code, such as US-CA.")
    active = fields.Boolean(default=True)
    level = fields.Selection(
        [
            ("national", "National or federal"),
            ("state", "State or region"),
            ("local", "Local"),
        ],
        required=True,
        default="national",
    )
    parent_id = fields.Many2one(
        "compliance.jurisdiction",
        string="Within",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("compliance.jurisdiction", "parent_id")
    country_id = fields.Many2one("res.country", required=True, index=True)
    state_id = fields.Many2one(
        "res.country.state", domain="[('country_id', '=', country_id)]"
    )
    city = fields.Char(
        help="As companies write it in their address; further spellings after commas."
    )
    holiday_subdivision = fields.Char(
        help="The subdivision of the country in the holidays library, such as CA. "
        "Empty: the national holidays only."
    )
    holiday_ids = fields.One2many("compliance.holiday", "jurisdiction_id")
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by all companies."
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for jurisdiction in self:
            names = [jurisdiction.parent_id.complete_name, jurisdiction.name]
            jurisdiction.complete_name = " / ".join(name for name in names if name)

    @api.constrains("country_id", "holiday_subdivision")
    def _check_place(self):
        for jurisdiction in self:
            try:
                check_place(
                    jurisdiction.country_id.code, jurisdiction.holiday_subdivision or ""
                )
            except UnknownPlaceError as error:
                raise ValidationError(jurisdiction._explain_place(error)) from error

    @api.constrains("parent_id", "country_id", "state_id", "level", "city")
    def _check_where(self):
        for jurisdiction in self:
            name = jurisdiction.display_name
            state = jurisdiction.state_id
            if state and state.country_id != jurisdiction.country_id:
                raise ValidationError(
                    self.env._(
                        "The state of %(name)s is not in its country: choose a state "
                        "of %(country)s.",
                        name=name,
                        country=jurisdiction.country_id.name,
                    )
                )
            parent = jurisdiction.parent_id
            if parent and parent.country_id != jurisdiction.country_id:
                raise ValidationError(
                    self.env._(
                        "The country of %(name)s has to be that of the jurisdiction "
                        "above it, %(parent)s.",
                        name=name,
                        parent=parent.display_name,
                    )
                )

    # --- calendars --------------------------------------------------------------

    def _get_calendar(self, company, years):
        """Return the days on which the authorities here work, for one company.

        :param company: whose exceptions count besides those for everybody
        :param years: the years that the calendar has to know
        :return: ``due_dates.Calendar``
        :raises ValidationError: if the country or the subdivision has no calendar
        """
        self.ensure_one()
        return self._get_calendars(company, years)[self, company]

    def _get_calendars(self, companies, years):
        """Return the calendars of jurisdictions and companies, with two queries in all.

        Companies without exceptions of their own share one calendar. A jurisdiction
        inherits the closed days of those above it; what is nearer to it wins, and the
        company's own exception wins over the one for everybody.

        :param companies: whose exceptions count besides those for everybody
        :param years: the years that the calendars have to know
        :return: ``{(jurisdiction, company): due_dates.Calendar}``
        :raises ValidationError: if a country or a subdivision has no calendar
        """
        lines = {
            jurisdiction: self.browse(
                int(part) for part in jurisdiction.parent_path.strip("/").split("/")
            )
            for jurisdiction in self
        }
        exceptions = self._get_exceptions(companies)
        years = sorted(years)
        calendars = {}
        for jurisdiction, line in lines.items():
            shared = None
            for company in companies:
                if any(exceptions.get((each.id, company.id)) for each in line):
                    calendar = line._merge_calendars(exceptions, company, years)
                else:
                    shared = shared or line._merge_calendars(exceptions, company, years)
                    calendar = shared
                calendars[jurisdiction, company] = calendar
        return calendars

    def _get_exceptions(self, companies):
        """Return ``{(jurisdiction id, company id or False): [(date, is open)]}``."""
        # sudo: the dates decide for everybody who reads a due date; they tell nothing
        holidays = (
            self.env["compliance.holiday"]
            .sudo()
            .search(Domain("company_id", "in", [*companies.ids, False]))
        )
        exceptions = defaultdict(list)
        for holiday in holidays:
            key = (holiday.jurisdiction_id.id, holiday.company_id.id)
            exceptions[key].append((holiday.date, holiday.is_open))
        return exceptions

    def _merge_calendars(self, exceptions, company, years):
        """Return the calendar of a line of jurisdictions, the topmost first.

        :param exceptions: what ``_get_exceptions`` returned
        :param company: whose own exceptions count besides
        :param years: the years that the calendar has to know
        """
        closed, opened, weekdays = set(), set(), set()
        # sudo: a parent of another company cannot be, one that is archived can
        for jurisdiction in self.sudo():
            for year in years:
                found = jurisdiction._get_public_holidays(year)
                weekdays |= found.closed_weekdays
                closed |= found.closed
                opened |= found.opened
            for key in (False, company.id):
                for day, is_open in exceptions.get((jurisdiction.id, key), ()):
                    (opened if is_open else closed).add(day)
                    (closed if is_open else opened).discard(day)
        return Calendar(frozenset(weekdays), frozenset(closed), frozenset(opened))

    def _get_public_holidays(self, year):
        try:
            return public_holidays(
                self.country_id.code, self.holiday_subdivision or "", year
            )
        except UnknownPlaceError as error:
            raise ValidationError(self._explain_place(error)) from error

    def _explain_place(self, error):
        """Return the sentence for a place of which the library knows no holidays."""
        if error.part == "country":
            return self.env._(
                "The Country of %(name)s has no calendar of public holidays: "
                "%(code)s is unknown. Choose another country.",
                name=self.display_name,
                code=error.code,
            )
        return self.env._(
            "The Holiday Subdivision of %(name)s is unknown: %(code)s. Take one of "
            "the codes of %(country)s, such as CA, or leave it empty.",
            name=self.display_name,
            code=error.code,
            country=self.country_id.name,
        )
