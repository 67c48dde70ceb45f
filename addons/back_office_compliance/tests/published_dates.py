"""Due dates as authorities published them, 2020-2026, each with the rule for them.

Each block names its source. The dates were written down apart from the rules, never
computed by them: the tests hold the rules against the dates. What was postponed for
everybody afterwards (the spring of 2020) is left out.

Compared with a copy of the publication, or with one that quotes it, were: of the IRS,
monthly deposits due in February and September to December 2020, May and July to
November 2021, January, April, May, July to October and December 2022, January to June,
August and December 2023, January, March, June, July, September and October 2024, March
to December 2025, January, April to July and October 2026, and most of the other forms
due in those months (readme/DEVELOP.md of Back Office Compliance: United States lists
them); of Sweden, 2021, 2022 and January 2023; of Spain, modelo 111 of 2024 and of the
first three quarters of 2025; of the Philippines, Form 1601-C. The others were entered
from knowledge of the publications that their blocks name, and are still to be compared
with them.
"""

from dataclasses import dataclass
from datetime import date

from ..due_dates import Rule


@dataclass(frozen=True)
class Block:
    """What one publication says of one obligation.

    :param dates: due dates by the first day of their period
    """

    name: str
    source: str
    country: str
    subdivision: str
    period: str
    rule: Rule
    dates: dict[date, date]


def _months(table):
    """Return the due dates of months from ``{year: "day in January, February, …"}``.

    What is due in a month is that of the month before. A dash stands for a day on which
    sources do not agree.
    """
    return {
        date(year - (month == 1), (month - 2) % 12 + 1, 1): date(year, month, int(day))
        for year, days in table.items()
        for month, day in enumerate(days.split(), 1)
        if day != "-"
    }


def _quarters(year, text):
    """Return the due dates of successive quarters, the first of them of a year."""
    return {
        date(year + number // 4, number % 4 * 3 + 1, 1): date.fromisoformat(day)
        for number, day in enumerate(text.split())
    }


def _years(year, text):
    """Return the due dates of successive years, the first of them as given."""
    return {
        date(year + number, 1, 1): date.fromisoformat(day)
        for number, day in enumerate(text.split())
    }


def _day_of_next_month(day, **further):
    return Rule(months=1, day_rule="day", day=day, **further)


IRS = "IRS Publication 509, Tax Calendars, of the years named"
SWEDISH_DAYS = {"other_months": frozenset({1, 8}), "other_day": 17}
FIFTEENTH = {
    2020: "15 18 16 15 15 15 15 17 15 15 16 15",
    2021: "15 16 15 15 17 15 15 16 15 15 15 15",
    2022: "18 15 15 18 16 15 15 15 15 17 15 15",
    2023: "17 15 15 18 15 15 17 15 15 16 15 15",
    2024: "16 15 15 15 15 17 15 15 16 15 15 16",
    2025: "15 18 17 15 15 16 15 15 15 15 17 15",
    2026: "15 17 16 15 15 15 15 17 15 15 16 15",
}

UNITED_STATES = [
    Block(
        "Form 941, employer's quarterly return",
        f"{IRS} 2020-2026, employer's calendar",
        "US",
        "DC",
        "quarter",
        Rule(months=1, day_rule="month_end"),
        {date(2019, 10, 1): date(2020, 1, 31)}
        | _quarters(
            2020,
            "2020-04-30 2020-07-31 2020-11-02 2021-02-01 "
            "2021-04-30 2021-08-02 2021-11-01 2022-01-31 "
            "2022-05-02 2022-08-01 2022-10-31 2023-01-31 "
            "2023-05-01 2023-07-31 2023-10-31 2024-01-31 "
            "2024-04-30 2024-07-31 2024-10-31 2025-01-31 "
            "2025-04-30 2025-07-31 2025-10-31 2026-02-02 "
            "2026-04-30 2026-07-31 2026-11-02",
        ),
    ),
    Block(
        "Deposits of payroll taxes, monthly rule",
        f"{IRS} 2020-2026, employer's calendar",
        "US",
        "DC",
        "month",
        _day_of_next_month(15),
        _months(FIFTEENTH),
    ),
    Block(
        "Form 940, federal unemployment tax",
        f"{IRS} 2020-2026, employer's calendar",
        "US",
        "DC",
        "year",
        Rule(months=1, day_rule="month_end"),
        _years(
            2019,
            "2020-01-31 2021-02-01 2022-01-31 2023-01-31 2024-01-31 2025-01-31 "
            "2026-02-02",
        ),
    ),
    Block(
        "Forms W-2 and W-3, to the Social Security Administration",
        "General Instructions for Forms W-2 and W-3, 2019-2025, When To File",
        "US",
        "DC",
        "year",
        Rule(months=1, day_rule="month_end"),
        _years(
            2019,
            "2020-01-31 2021-02-01 2022-01-31 2023-01-31 2024-01-31 2025-01-31 "
            "2026-02-02",
        ),
    ),
    Block(
        "Form 1099-NEC",
        f"{IRS} 2021-2026, general calendar",
        "US",
        "DC",
        "year",
        Rule(months=1, day_rule="month_end"),
        _years(
            2020,
            "2021-02-01 2022-01-31 2023-01-31 2024-01-31 2025-01-31 2026-02-02",
        ),
    ),
    Block(
        "Form 1099-MISC, electronically",
        f"{IRS} 2021-2026, general calendar",
        "US",
        "DC",
        "year",
        Rule(months=3, day_rule="month_end"),
        _years(
            2020,
            "2021-03-31 2022-03-31 2023-03-31 2024-04-01 2025-03-31 2026-03-31",
        ),
    ),
    Block(
        "Forms 1065 and 1120-S, calendar year",
        f"{IRS} 2020-2026, general calendar",
        "US",
        "DC",
        "year",
        Rule(months=3, day_rule="day", day=15),
        _years(
            2019,
            "2020-03-16 2021-03-15 2022-03-15 2023-03-15 2024-03-15 2025-03-17 "
            "2026-03-16",
        ),
    ),
    Block(
        "Form 1120, calendar year",
        f"{IRS} 2021-2026, general calendar",
        "US",
        "DC",
        "year",
        Rule(months=4, day_rule="day", day=15),
        _years(
            2020,
            "2021-04-15 2022-04-18 2023-04-18 2024-04-15 2025-04-15 2026-04-15",
        ),
    ),
    Block(
        "Corporations' estimated tax, first instalment",
        f"{IRS} 2021-2026, general calendar",
        "US",
        "DC",
        "year",
        Rule(anchor="start", months=3, day_rule="day", day=15),
        _years(
            2021,
            "2021-04-15 2022-04-18 2023-04-18 2024-04-15 2025-04-15 2026-04-15",
        ),
    ),
    Block(
        "Corporations' estimated tax, second instalment",
        f"{IRS} 2021-2026, general calendar",
        "US",
        "DC",
        "year",
        Rule(anchor="start", months=5, day_rule="day", day=15),
        _years(
            2021,
            "2021-06-15 2022-06-15 2023-06-15 2024-06-17 2025-06-16 2026-06-15",
        ),
    ),
    Block(
        "Corporations' estimated tax, third instalment",
        f"{IRS} 2020-2026, general calendar",
        "US",
        "DC",
        "year",
        Rule(anchor="start", months=8, day_rule="day", day=15),
        _years(
            2020,
            "2020-09-15 2021-09-15 2022-09-15 2023-09-15 2024-09-16 2025-09-15 "
            "2026-09-15",
        ),
    ),
    Block(
        "Corporations' estimated tax, fourth instalment",
        f"{IRS} 2020-2026, general calendar",
        "US",
        "DC",
        "year",
        Rule(anchor="start", months=11, day_rule="day", day=15),
        _years(
            2020,
            "2020-12-15 2021-12-15 2022-12-15 2023-12-15 2024-12-16 2025-12-15 "
            "2026-12-15",
        ),
    ),
    Block(
        "Form 1040-ES, fourth payment",
        f"{IRS} 2021-2026, general calendar",
        "US",
        "DC",
        "year",
        Rule(months=1, day_rule="day", day=15),
        _years(
            2020,
            "2021-01-15 2022-01-18 2023-01-17 2024-01-16 2025-01-15 2026-01-15",
        ),
    ),
    Block(
        "Form 5500, calendar-year plan",
        "Instructions for Form 5500, 2019-2024, When To File",
        "US",
        "DC",
        "year",
        Rule(months=7, day_rule="month_end"),
        _years(
            2019,
            "2020-07-31 2021-08-02 2022-08-01 2023-07-31 2024-07-31 2025-07-31",
        ),
    ),
    Block(
        "OSHA Form 300A, posting",
        "29 CFR 1904.32(b)(6): no later than February 1 of the year following",
        "US",
        "",
        "year",
        Rule(months=2, day_rule="day", day=1, shift="none"),
        _years(
            2019,
            "2020-02-01 2021-02-01 2022-02-01 2023-02-01 2024-02-01 2025-02-01 "
            "2026-02-01",
        ),
    ),
    Block(
        "OSHA Form 300A, electronic submission",
        "29 CFR 1904.41(c)(1): by March 2 of the year after",
        "US",
        "",
        "year",
        Rule(months=3, day_rule="day", day=2, shift="none"),
        _years(
            2019,
            "2020-03-02 2021-03-02 2022-03-02 2023-03-02 2024-03-02 2025-03-02 "
            "2026-03-02",
        ),
    ),
]

SWEDEN = [
    Block(
        "Arbetsgivardeklaration, at most 40 million kronor",
        "Skatteverket, Viktiga datum, and 26 kap. 26 § skatteförfarandelagen",
        "SE",
        "",
        "month",
        _day_of_next_month(12, **SWEDISH_DAYS),
        _months(
            {
                2020: "17 12 12 14 12 12 13 17 14 12 12 14",
                2021: "18 12 12 12 12 14 12 - 13 12 12 13",
                2022: "17 14 14 12 12 13 12 17 12 12 14 12",
                2023: "17 13 13 12 12 12 12 17 12 12 13 12",
                2024: "17 12 12 12 13 12 12 19 12 14 12 12",
                2025: "17 12 12 14 12 12 14 18 12 13 12 12",
            }
        ),
    ),
    Block(
        "Momsdeklaration, more than 40 million kronor",
        "Skatteverket, Viktiga datum 2024, and 26 kap. 30 § skatteförfarandelagen",
        "SE",
        "",
        "month",
        _day_of_next_month(26, other_months=frozenset({12}), other_day=27),
        _months({2024: "26 26 26 26 27 26 26 26 26 28 26 27"}),
    ),
    Block(
        "Periodisk sammanställning, e-service",
        "Skatteverket, Viktiga datum 2022",
        "SE",
        "",
        "month",
        _day_of_next_month(25),
        _months({2022: "25 25 25 25 25 27 25 25 26 25 25 27"}),
    ),
    Block(
        "Periodisk sammanställning, on paper",
        "Skatteverket, Viktiga datum 2022",
        "SE",
        "",
        "month",
        _day_of_next_month(20),
        _months({2022: "20 21 21 20 20 20 20 22 20 20 21 20"}),
    ),
]

SPAIN = [
    Block(
        "Modelo 303, quarterly VAT",
        "Agencia Tributaria, Calendario del contribuyente 2021-2025",
        "ES",
        "",
        "quarter",
        _day_of_next_month(20, other_months=frozenset({1}), other_day=30),
        {date(2020, 10, 1): date(2021, 2, 1)}
        | _quarters(
            2021,
            "2021-04-20 2021-07-20 2021-10-20 2022-01-31 "
            "2022-04-20 2022-07-20 2022-10-20 2023-01-30 "
            "2023-04-20 2023-07-20 2023-10-20 2024-01-30 "
            "2024-04-22 2024-07-22 2024-10-21 2025-01-30 "
            "2025-04-21 2025-07-21 2025-10-20",
        ),
    ),
    Block(
        "Modelo 111, quarterly withholding",
        "Agencia Tributaria, Calendario del contribuyente 2022-2025",
        "ES",
        "",
        "quarter",
        _day_of_next_month(20),
        {date(2021, 10, 1): date(2022, 1, 20)}
        | _quarters(
            2022,
            "2022-04-20 2022-07-20 2022-10-20 2023-01-20 "
            "2023-04-20 2023-07-20 2023-10-20 2024-01-22 "
            "2024-04-22 2024-07-22 2024-10-21 2025-01-20 "
            "2025-04-21 2025-07-21 2025-10-20",
        ),
    ),
    Block(
        "Modelo 200, corporate income tax, calendar year",
        "Agencia Tributaria, Calendario del contribuyente 2022-2025",
        "ES",
        "",
        "year",
        Rule(months=7, day_rule="day", day=25),
        _years(2021, "2022-07-25 2023-07-25 2024-07-25 2025-07-25"),
    ),
]

PHILIPPINES = [
    Block(
        "BIR Form 1601-C, withholding on compensation, not through eFPS",
        "Bureau of Internal Revenue, tax calendar 2024",
        "PH",
        "",
        "month",
        _day_of_next_month(10, other_months=frozenset({1}), other_day=15),
        {
            date(2024, 1, 1): date(2024, 2, 12),
            date(2024, 4, 1): date(2024, 5, 10),
            date(2024, 6, 1): date(2024, 7, 10),
            date(2024, 9, 1): date(2024, 10, 10),
            date(2024, 11, 1): date(2024, 12, 10),
        },
    ),
    Block(
        "BIR Form 2550Q, quarterly VAT",
        "Bureau of Internal Revenue, tax calendar 2024",
        "PH",
        "",
        "quarter",
        _day_of_next_month(25),
        _quarters(2024, "2024-04-25 2024-07-25 2024-10-25"),
    ),
]

BLOCKS = [*UNITED_STATES, *SWEDEN, *SPAIN, *PHILIPPINES]
