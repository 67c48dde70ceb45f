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
        lines.append(f"  {person.login:<8} {person.who}")
        lines.append(f"  {'':<8} first: {person.first}")
    lines += ["", "Ctrl-C stops it."]
    return "\n".join(lines)
