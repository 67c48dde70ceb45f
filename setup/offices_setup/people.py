"""Whom a visitor can be in the demo database."""

from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    """Somebody of the demo data."""

    login: str
    password: str
    who: str
    first: str


# The logins come from the add-ons' demo data, the admin's from Odoo's own.
PEOPLE = (
    Person(
        "trainee",
        "trainee",
        "a receptionist in training",
        "Training > My Training: tick a step, then ask for the sign-off",
    ),
    Person(
        "trainer",
        "trainer",
        "signs off what trainees have practised",
        "Training > To Sign Off: sign a step",
    ),
    Person(
        "hr",
        "hr",
        "an HR officer who gives people their roles",
        "Employees: open Omar, choose Receptionist as position, see Training",
    ),
    Person(
        "salesperson",
        "salesperson",
        "sells, and earns a commission",
        "Quota > My Plan: the month; Statements: confirm, or dispute a line",
    ),
    Person(
        "salesmanager",
        "salesmanager",
        "leads a sales team",
        "Quota > This Month: who is where; open somebody's invoices",
    ),
    Person(
        "director",
        "director",
        "plans, and approves what others plan and earn",
        "Quota > Plans: from costs to targets",
    ),
    Person(
        "compliance",
        "compliance",
        "keeps the firm legal: reviews filings, closes findings",
        "Compliance > Filings: approve what waits; Findings: the worst first",
    ),
    Person(
        "auditor",
        "auditor",
        "reads everything, changes nothing",
        "Compliance > Filings: open a filed one, press Evidence Pack",
    ),
    Person(
        "frontdesk",
        "frontdesk",
        "answers the telephone at the front desk",
        "Desk > Board > Today: press Alt+L and log a call",
    ),
    Person(
        "backoffice",
        "backoffice",
        "solves what the front desk hands over",
        "Desk > Requests > To Accept: accept one, and answer it",
    ),
    Person(
        "demo",
        "demo",
        "sells, and calls when the money is late",
        "Receivables > To Call: log a call, with what was promised",
    ),
    Person(
        "customer",
        "customer",
        "a customer, on the portal",
        "My Account > Requests: where they are, and what was answered",
    ),
    Person(
        "admin",
        "admin",
        "the administrator",
        "Offices > Roles: what each role takes",
    ),
)


def introduction(address: str) -> str:
    """Compose what a visitor reads first.

    :param address: where Odoo is served
    :return: a few lines
    """
    lines = [f"Odoo 19 is ready: {address}", ""]
    lines.append("Log in as (the password is the login):")
    for person in PEOPLE:
        lines.append(f"  {person.login:<12} {person.who}")
        lines.append(f"  {'':<12} first: {person.first}")
    lines += ["", "Ctrl-C stops it."]
    return "\n".join(lines)
