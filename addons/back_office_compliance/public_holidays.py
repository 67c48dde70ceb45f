"""Public holidays of a country, from the library ``holidays``; without the ORM.

Only dates are taken, never names: nothing depends on a language.
"""

import functools
from dataclasses import dataclass, field
from datetime import date

import holidays


class UnknownPlaceError(ValueError):
    """The library knows no holidays of a country, or of a part of it.

    :param part: ``country`` or ``subdivision``: which of them it does not know
    :param code: the code that was asked for
    """

    def __init__(self, part: str, code: str):
        super().__init__(f"unknown {part}: {code}")
        self.part = part
        self.code = code


@dataclass(frozen=True)
class PublicHolidays:
    """What is closed, or open after all, in one year of one place."""

    closed_weekdays: frozenset[int] = frozenset({5, 6})
    closed: frozenset[date] = field(default_factory=frozenset)
    opened: frozenset[date] = field(default_factory=frozenset)


@functools.lru_cache(maxsize=4096)
def public_holidays(country: str, subdivision: str, year: int) -> PublicHolidays:
    """Return the public holidays of a year; each year is worked out once.

    :param country: its ISO 3166 code, such as US
    :param subdivision: as the library calls it, such as DC; empty: the national ones
    :param year: which
    :raises UnknownPlaceError: if the library does not know the place

    Emancipation Day is a holiday in the District of Columbia only:

    >>> date(2024, 4, 16) in public_holidays("US", "DC", 2024).closed
    True
    >>> date(2024, 4, 16) in public_holidays("US", "", 2024).closed
    False
    >>> public_holidays("US", "Atlantis", 2024)
    Traceback (most recent call last):
    ...
    odoo.addons.back_office_compliance.public_holidays.UnknownPlaceError: \
unknown subdivision: Atlantis
    """
    check_place(country, subdivision)
    # the names are not used, so any language does
    found = holidays.country_holidays(country, subdivision or None, years=year)
    return PublicHolidays(
        frozenset(found.weekend),
        frozenset(found),
        frozenset(found.weekend_workdays),
    )


def check_place(country: str, subdivision: str) -> None:
    """Refuse a place of which the library knows no holidays.

    :raises UnknownPlaceError: if the library does not know the country or subdivision
    """
    places = _places()
    if country not in places:
        raise UnknownPlaceError("country", country)
    if subdivision and subdivision not in places[country]:
        raise UnknownPlaceError("subdivision", subdivision)


@functools.cache
def _places() -> dict[str, frozenset[str]]:
    supported = holidays.list_supported_countries()
    return {country: frozenset(parts) for country, parts in supported.items()}
