"""Be a worker of Odoo that runs the scheduled jobs that are due, once.

The tests of faults start it, and kill it. Beside Odoo's own options it takes
``--slow CODE``: the check with this code takes a minute.
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow")
    own, arguments = parser.parse_known_args()
    config.parse_config(arguments, setup_logging=True)
    (database,) = config["db_name"]
    registry = Registry(database)
    if own.slow:
        slow_down(registry, own.slow)
    IrCron._process_jobs(database)
    return 0


if __name__ == "__main__":
    sys.exit(main())
