"""Be a worker of Odoo that runs the scheduled jobs that are due, once.

The tests of faults start it, and kill it. Beside Odoo's own options it takes
``--slow CODE``: the check with this code takes a minute. With ``--faulty`` there are
methods for checks that raise, hang, and name records of all companies.
"""

import argparse
import sys

import odoo.init  # noqa: F401  before anything else of Odoo
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

from odoo.addons.base.models.ir_cron import IrCron


def slow_down(registry, code):
    """Make one check sleep while PostgreSQL reads it, and the others as they are."""
    model = registry["compliance.check"]
    ask = model._get_sql

    def ask_slowly(self, company, parameters, scope=None):
        query = ask(self, company, parameters, scope)
        if self.code != code:
            return query
        return SQL("SELECT q.* FROM (SELECT pg_sleep(60)) s, (%s) q", query)

    model._get_sql = ask_slowly


def add_faulty_methods(registry):
    """Add methods as an add-on would; the tests give them to checks."""

    def raises(self, company, parameters, scope=None):
        raise ZeroDivisionError("on purpose")

    def hangs(self, company, parameters, scope=None):
        return SQL(
            "SELECT 0 AS res_id, pg_sleep(600)::text AS key, NULL AS date,"
            " NULL AS values"
        )

    def foreign(self, company, parameters, scope=None):
        return SQL(
            "SELECT id AS res_id, '' AS key, NULL AS date, NULL AS values"
            " FROM res_partner WHERE ref = 'fault'"
        )

    model = registry["compliance.check"]
    model._check_fault_raises = raises
    model._check_fault_hangs = hangs
    model._check_fault_foreign = foreign


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow")
    parser.add_argument("--faulty", action="store_true")
    own, arguments = parser.parse_known_args()
    config.parse_config(arguments, setup_logging=True)
    (database,) = config["db_name"]
    registry = Registry(database)
    if own.slow:
        slow_down(registry, own.slow)
    if own.faulty:
        add_faulty_methods(registry)
    IrCron._process_jobs(database)
    return 0


if __name__ == "__main__":
    sys.exit(main())
