"""Desk: the board, the requests and the causes, on 200,000 of each kind.

Prints the milliseconds of what Odoo does, as a user of the front office, beside the
same SQL by hand in psql, and fails when it takes more than 1.5 times as long and 5 ms
more: of a page that takes two milliseconds, half is what Odoo does with any record.

``FRONT_OFFICE_DESK_SCALE=0.1`` makes a tenth of it, to try it out.
"""

import os
import sys
import time

from common import (
    filled_in,
    median_ms,
    parse_arguments,
    psql_median_ms,
    say,
    scratch_environment,
    verdict,
)

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

SCALE = float(os.environ.get("FRONT_OFFICE_DESK_SCALE", 1))
ROWS = int(200_000 * SCALE)
PEOPLE = 50
LIMIT = 1.5
# below that a ratio says more about the machine than about the statement
ALLOWED_MS = 5
PAGE = 80


class Data:
    """Who and what the statements below refer to."""

    def __init__(self, env):
        company = env.company
        users = env["res.users"].create(
            [
                {
                    "name": f"Receptionist {n}",
                    "login": f"desk_benchmark_{n}",
                    "group_ids": [
                        (4, env.ref("front_office_desk.group_desk_back").id),
                    ],
                }
                for n in range(PEOPLE)
            ]
        )
        partners = env["res.partner"].create(
            [{"name": f"Customer {n}", "phone": f"+1 555 {n:07}"} for n in range(500)]
        )
        causes = env["desk.cause"].create(
            [{"name": f"Cause {n}", "category": "process"} for n in range(20)]
        )
        team = env["desk.team"].create(
            {
                "name": "Back office",
                "user_id": users[0].id,
                "member_ids": [(6, 0, users.ids)],
            }
        )
        self.user = users[0]
        self.now = fields.Datetime.now()
        self.values = {
            "rows": ROWS,
            "company": company.id,
            "currency": company.currency_id.id,
            "users": users.ids,
            "user": users[0].id,
            "people": PEOPLE,
            "partners": partners.ids,
            "causes": causes.ids,
            "team": team.id,
            "complaint": env.ref("front_office_desk.type_complaint").id,
            "now": self.now,
            "day": self.now.replace(hour=0, minute=0, second=0),
            "page": PAGE,
        }
        env.flush_all()


STATEMENTS = (
    # of fifty contacts one waits for an answer, over two years
    """
    INSERT INTO desk_contact (
        name, active, company_id, direction, channel, partner_id, received_on, user_id,
        outcome, state)
    SELECT 'Contact ' || n, TRUE, %(company)s, 'in',
           (ARRAY['call', 'letter', 'email', 'visit', 'web'])[1 + n %% 5],
           (%(partners)s::integer[])[1 + n %% 500],
           %(now)s::timestamp - (n::bigint * 7919 %% 1051200) * interval '1 minute',
           (%(users)s::integer[])[1 + n %% %(people)s],
           CASE WHEN n %% 50 = 0 THEN 'message' ELSE 'answered' END,
           CASE WHEN n %% 50 = 0 THEN 'open' ELSE 'settled' END
      FROM generate_series(1, %(rows)s) n
    """,
    # of fifty requests one is with the back office, and of ten of these one is late
    """
    INSERT INTO desk_request (
        number, name, active, company_id, type_id, kind, partner_id, team_id,
        front_user_id, user_id, state, handed_on, accept_due, answer_due, cause_id,
        cost, create_date)
    SELECT 'BENCH/' || n, 'Request ' || n, TRUE, %(company)s, %(complaint)s,
           'complaint', (%(partners)s::integer[])[1 + n %% 500], %(team)s,
           (%(users)s::integer[])[1 + n %% %(people)s],
           (%(users)s::integer[])[1 + n * 7 %% %(people)s],
           CASE WHEN n %% 50 = 0 THEN 'work' ELSE 'closed' END,
           received, received + interval '4 hours',
           CASE WHEN n %% 500 = 0 THEN %(now)s::timestamp - interval '1 hour'
                ELSE %(now)s::timestamp + interval '1 day' END,
           (%(causes)s::integer[])[1 + (sqrt(n %% 400))::integer], n %% 97, received
      FROM (SELECT n, %(now)s::timestamp
                      - (n::bigint * 7919 %% 1051200) * interval '1 minute' AS received
              FROM generate_series(1, %(rows)s) n) x
    """,
)

BOARD = """
    SELECT id, received_on, channel, partner_id, name, user_id, outcome, request_id,
           state
      FROM desk_contact
     WHERE active AND company_id = %(company)s
           AND (received_on >= %(day)s OR state = 'open')
     ORDER BY state, received_on
     LIMIT %(page)s
"""
STATES = """
    SELECT state, count(*) FROM desk_contact
     WHERE active AND company_id = %(company)s
           AND (received_on >= %(day)s OR state = 'open')
     GROUP BY state ORDER BY state
"""
LATE = """
    SELECT id, number, name, partner_id, type_id, team_id, user_id, accept_due,
           answer_due, state
      FROM desk_request
     WHERE active AND company_id = %(company)s
           AND (state = 'handed' AND accept_due < %(now)s
                OR state IN ('handed', 'accepted', 'work') AND answer_due < %(now)s)
     ORDER BY id DESC
     LIMIT %(page)s
"""
CAUSES = """
    SELECT cause_id, count(*), sum(cost)
      FROM desk_request
     WHERE kind = 'complaint' AND state != 'merged' AND cause_id IS NOT NULL
           AND company_id = %(company)s
           AND create_date >= (now() AT TIME ZONE 'UTC') - interval '1 year'
     GROUP BY cause_id
     ORDER BY 2 DESC, 3 DESC, 1
"""


def generate(env, data):
    start = time.perf_counter()
    for statement in STATEMENTS:
        env.cr.execute(SQL(statement, **data.values))
    env.cr.commit()
    for table in ("desk_contact", "desk_request"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.commit()
    env.invalidate_all()
    say(f"{ROWS} contacts and requests in {time.perf_counter() - start:.0f} s")


def compare(env, data, repeat, title, statement, ours, ids):
    """Check that both find the same, and compare how long they take.

    :param ours: does it with Odoo
    :param ids: turns what ``ours`` returned into the first column of ``statement``
    """
    query = SQL(statement, **data.values)
    found = [row[0] for row in env.execute_query(query)]
    if ids(ours()) != found or not found:
        raise SystemExit(f"{title}: not what the SQL by hand says")
    mine = median_ms(ours, repeat)
    theirs = psql_median_ms(env.cr, filled_in(env.cr, query), repeat)
    small = mine - theirs < ALLOWED_MS
    return verdict(title, mine, theirs, float("inf") if small else LIMIT)


def main():
    arguments = parse_arguments(__doc__)
    with scratch_environment(arguments.database) as env:
        data = Data(env)
        generate(env, data)
        as_user = env(user=data.user.id)
        contacts, requests = as_user["desk.contact"], as_user["desk.request"]
        today = Domain("received_on", ">=", data.values["day"]) | Domain(
            "state", "=", "open"
        )

        def board():
            contacts.invalidate_model(flush=False)
            columns = ["received_on", "channel", "partner_id", "name", "user_id"]
            columns += ["outcome", "request_id", "state"]
            return contacts.search_fetch(
                today, columns, limit=PAGE, order="state, received_on"
            )

        def late():
            requests.invalidate_model(flush=False)
            columns = ["number", "name", "partner_id", "type_id", "team_id", "user_id"]
            columns += ["accept_due", "answer_due", "state"]
            return requests.search_fetch([("is_late", "=", True)], columns, limit=PAGE)

        def states():
            return contacts._read_group(today, ["state"], ["__count"], order="state")

        def causes():
            report = as_user["desk.cause.report"]
            report.invalidate_model(flush=False)
            return report.search_fetch([], ["cause_id", "complaints", "cost", "share"])

        failed = 0
        for title, statement, ours, ids in (
            ("board", BOARD, board, lambda found: found.ids),
            ("board by state", STATES, states, lambda rows: [row[0] for row in rows]),
            ("late requests", LATE, late, lambda found: found.ids),
            ("causes", CAUSES, causes, lambda found: found.cause_id.ids),
        ):
            failed |= compare(env, data, arguments.repeat, title, statement, ours, ids)
    return failed


if __name__ == "__main__":
    sys.exit(main())
