import re
from datetime import date
from itertools import pairwise
from urllib.parse import urlsplit

from odoo.tests import TransactionCase, tagged

MODULE = "back_office_compliance_us"
HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")


def is_link(text):
    """Return whether a text is a whole web address and nothing else."""
    parts = urlsplit(text or "")
    return (
        parts.scheme in ("http", "https")
        and bool(HOST.fullmatch(parts.netloc))
        and not re.search(r"\s", text)
    )


def problems_of(obligations):
    """Yield a sentence a gap in the data of obligations.

    :param obligations: compliance.obligation records
    """
    for obligation in obligations:
        code = obligation.code
        for name in ("legal_reference", "penalty", "responsible_role"):
            if not (obligation[name] or "").strip():
                yield f"{code}: no {name}"
        if not is_link(obligation.legal_url):
            yield f"{code}: no link to the law"
        if not obligation.rule_ids:
            yield f"{code}: no rule"
        for rule in obligation.rule_ids:
            if not (rule.source or "").strip():
                yield f"{code}: a rule without a source"
            if not rule.published_ids:
                yield f"{code}: a rule without a published date"
            for published in rule.published_ids:
                if not (published.source or "").strip():
                    yield f"{code}: a published date without a source"
            yield from rule._check_published()


def problems_of_wages(wages):
    """Yield a sentence a minimum wage without a source, or below an earlier one.

    :param wages: compliance.minimum.wage records
    """
    for place, own in wages.grouped("jurisdiction_id").items():
        if any(not (wage.source or "").strip() for wage in own):
            yield f"{place.code}: a minimum wage without a source"
        for earlier, later in pairwise(own.sorted("date_from")):
            if later.hourly <= earlier.hourly:
                yield f"{place.code}: the wage of {later.date_from} does not rise"


@tagged("post_install", "-at_install")
class TestData(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.obligations = cls._own("compliance.obligation")
        cls.wages = cls._own("compliance.minimum.wage")

    @classmethod
    def _own(cls, model):
        """Return what the add-on brings of a model, archived ones too."""
        data = cls.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", model)]
        )
        return (
            cls.env[model].with_context(active_test=False).browse(data.mapped("res_id"))
        )

    def _get(self, name):
        return self.env.ref(f"{MODULE}.{name}")

    # --- obligations ----------------------------------------------------------------

    def test_obligations_are_complete_and_dates_agree(self):
        self.assertGreater(len(self.obligations), 30)
        self.assertEqual(list(problems_of(self.obligations)), [])

    def test_every_published_date_lies_in_the_years_covered(self):
        dates = self.obligations.rule_ids.published_ids
        self.assertGreater(len(dates), 250)
        for published in dates:
            self.assertTrue(
                date(2020, 1, 1) <= published.due_date <= date(2026, 12, 31),
                published.due_date,
            )

    def test_gaps_are_found(self):
        obligation = self._get("obligation_941")
        code = obligation.code
        obligation.legal_reference = "  "
        obligation.legal_url = "see the law"
        self.assertEqual(
            list(problems_of(obligation)),
            [f"{code}: no legal_reference", f"{code}: no link to the law"],
        )

    def test_a_rule_without_source_or_date_is_found(self):
        obligation = self._get("obligation_i9")
        obligation.rule_ids.source = False
        obligation.rule_ids.published_ids.unlink()
        self.assertEqual(
            list(problems_of(obligation)),
            [
                "US-I9: a rule without a source",
                "US-I9: a rule without a published date",
            ],
        )
        obligation.rule_ids.unlink()
        self.assertEqual(list(problems_of(obligation)), ["US-I9: no rule"])

    def test_a_wrong_rule_is_found(self):
        obligation = self._get("obligation_osha_300a_posting")
        obligation.rule_ids.day = 2
        self.assertEqual(
            len(list(problems_of(obligation))), len(obligation.rule_ids.published_ids)
        )

    def test_emancipation_day_moves_federal_taxes_only(self):
        jurisdictions = self.env["compliance.jurisdiction"]
        calendars = (
            self._get("us_tax") | self._get("us") | self._get("ca") | self._get("tx")
        )._get_calendars(self.env.company, [2024])
        day = date(2024, 4, 16)
        closed = jurisdictions.union(
            *(place for (place, _c), each in calendars.items() if not each.is_open(day))
        )
        self.assertEqual(closed, self._get("us_tax"))

    def test_links(self):
        for place in self._own("compliance.authority"):
            self.assertTrue(is_link(place.website), place.name)
        self.assertFalse(is_link("https://"))
        self.assertFalse(is_link("https://example"))
        self.assertFalse(is_link("https://www.irs.gov and more"))
        self.assertFalse(is_link(False))

    # --- minimum wages --------------------------------------------------------------

    def test_minimum_wages_have_sources_and_rise(self):
        self.assertEqual(list(problems_of_wages(self.wages)), [])

    def test_a_falling_or_unsourced_wage_is_found(self):
        wage = self._get("wage_ca_20250101")
        wage.write({"hourly": 15, "source": " "})
        self.assertEqual(
            list(problems_of_wages(self.wages)),
            [
                "US-CA: a minimum wage without a source",
                "US-CA: the wage of 2025-01-01 does not rise",
            ],
        )

    def _wage(self, place, day):
        own = self.wages.filtered(
            lambda wage: wage.jurisdiction_id == place and wage.date_from <= day
        )
        return own.sorted("date_from")[-1:].hourly

    def test_minimum_wages_cover_the_years_and_places(self):
        days = [date(year, 1, 1) for year in range(2020, 2027)]
        for name in ("us", "ca", "ny", "tx", "pa", "wa", "nyc", "sf", "seattle"):
            place = self._get(name)
            for day in days:
                wage = self._wage(place, day)
                self.assertTrue(wage, (name, day))
                if place.parent_id:
                    self.assertGreaterEqual(wage, self._wage(place.parent_id, day))

    def test_known_minimum_wages(self):
        for name, day, hourly in (
            ("us", date(2026, 6, 1), 7.25),
            ("ca", date(2026, 1, 1), 16.90),
            ("ny", date(2023, 12, 31), 14.20),
            ("nyc", date(2025, 12, 31), 16.50),
            ("sf", date(2021, 6, 30), 16.07),
            ("seattle", date(2026, 1, 1), 21.30),
        ):
            self.assertEqual(self._wage(self._get(name), day), hourly)
