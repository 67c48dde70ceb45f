from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common_dates import DatesFixture


@tagged("post_install", "-at_install")
@freeze_time("2026-01-10")
class TestGeneration(DatesFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_dates()

    def _generate(self, obligation=None, companies=None, **arguments):
        return (obligation or self.obligation)._generate_filings(
            companies or self.company, **arguments
        )

    def test_thirteen_months(self):
        filings = self._generate().sorted("period_start")
        self.assertEqual(len(filings), 13)
        self.assertEqual(filings[0].period_start, date(2025, 12, 1))
        self.assertEqual(filings[0].due_date, date(2026, 1, 15))
        # the 15th is a Sunday, the 16th Washington's Birthday
        self.assertEqual(filings[1].due_date, date(2026, 2, 17))
        self.assertEqual(filings[-1].period_start, date(2026, 12, 1))

    def test_what_the_statement_fills_is_what_odoo_computes(self):
        filing = self._generate()[0]
        names = ["name", "authority_id", "jurisdiction_id", "kind"]
        filled = filing.read(names)
        for name in names:
            self.env.add_to_compute(filing._fields[name], filing)
        self.assertEqual(filing.read(names), filled)
        self.assertEqual(filing.state, "to_prepare")
        self.assertEqual(filing.create_uid, self.env.ref("base.user_root"))

    def test_twice_adds_nothing(self):
        self._generate()
        self.assertFalse(self._generate())
        self.assertEqual(len(self._filings()), 13)

    def test_starts_when_the_company_says(self):
        self.company.compliance_start = "2025-11-01"
        self.assertEqual(len(self._generate()), 15)
        self.company.compliance_start = False
        other = self._create_obligation("DATES-NOW")
        self.assertEqual(len(self._generate(other)), 13)

    def test_until(self):
        self.assertEqual(len(self._generate(until=date(2026, 3, 16))), 3)
        self.assertFalse(self._generate(until=date(2026, 4, 14)))
        self.assertEqual(len(self._generate(until=date(2026, 4, 15))), 1)

    def test_internal_date_leads(self):
        self.rule.lead_days = 3
        filing = self._generate().sorted("period_start")[0]
        self.assertEqual(filing.internal_date, date(2026, 1, 12))
        self.assertEqual(filing.rule_id, self.rule)

    def test_further_columns_get_their_defaults(self):
        filings = self.env["compliance.filing"]
        with patch.object(
            type(filings), "_get_further_defaults", return_value={"receipt_number": "x"}
        ):
            self.assertEqual(set(self._generate().mapped("receipt_number")), {"x"})

    def test_versions_of_the_rule(self):
        self.obligation.rule_ids = [
            Command.create(
                {
                    "date_from": "2026-04-01",
                    "period": "quarter",
                    "months": 1,
                    "day_rule": "month_end",
                }
            )
        ]
        filings = self._generate().sorted("period_start")
        self.assertEqual(
            [(filing.period_start, filing.period_end) for filing in filings[3:5]],
            [
                (date(2026, 3, 1), date(2026, 3, 31)),
                (date(2026, 4, 1), date(2026, 6, 30)),
            ],
        )
        self.assertEqual(len(filings), 4 + 3)

    def test_the_obligation_begins_and_ends(self):
        self.obligation.write({"valid_from": "2026-02-01", "valid_to": "2026-05-01"})
        starts = self._generate().mapped("period_start")
        self.assertEqual(
            (min(starts), max(starts)), (date(2026, 2, 1), date(2026, 5, 1))
        )
        self.assertEqual(len(starts), 4)

    def test_fiscal_years_differ(self):
        other = self.env["res.company"].create({"name": "Other dates"})
        other.write({"compliance_start": "2026-01-01", "country_id": self.usa.id})
        other.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        yearly = self._create_obligation(
            "DATES-YEAR",
            {"period": "fiscal_year", "months": 4, "day_rule": "day", "day": 15},
        )
        filings = self._generate(yearly, self.company | other)
        self.assertEqual(
            {(filing.company_id, filing.period_end) for filing in filings},
            {(self.company, date(2025, 12, 31)), (other, date(2026, 6, 30))},
        )

    def test_preparer_and_reviewer(self):
        users = self._create_user("one.dates", "preparer")
        users |= self._create_user("two.dates", "reviewer")
        self.company.compliance_preparer_id = users[0]
        self.company.compliance_reviewer_id = users[1]
        filing = self._generate()[0]
        self.assertEqual(filing.preparer_id | filing.reviewer_id, users)
        other = self._create_obligation("DATES-OTHER")
        self.env["compliance.scope"].create(
            {
                "company_id": self.company.id,
                "obligation_id": other.id,
                "preparer_id": users[1].id,
            }
        )
        filing = self._generate(other)[0]
        self.assertEqual(filing.preparer_id, users[1])
        self.assertFalse(filing.reviewer_id, "the two would be one person")

    def test_a_broken_calendar_stops_its_own_obligation_only(self):
        self.env.cr.execute(
            "UPDATE compliance_jurisdiction SET holiday_subdivision = 'ATLANTIS' "
            "WHERE id = %s",
            [self.state.id],
        )
        self.env.invalidate_all()
        office = self.authority.copy({"jurisdiction_id": self.state.id})
        broken = self._create_obligation("DATES-BROKEN", authority_id=office.id)
        filings = self._generate(broken | self.obligation)
        self.assertEqual(filings.obligation_id, self.obligation)
        scope = broken.scope_ids
        self.assertIn("ATLANTIS", scope.generation_error)
        self.assertEqual(scope.applies, "facts")
        self.assertFalse(self.obligation.scope_ids)
        self.state.holiday_subdivision = "CA"
        self.assertEqual(len(self._generate(broken)), 13)
        self.assertFalse(scope.generation_error)

    def test_a_calendar_that_never_opens(self):
        with patch.object(
            type(self.rule), "_get_period_dates", side_effect=ValueError("never open")
        ):
            self.assertFalse(self._generate())
        self.assertEqual(self.obligation.scope_ids.generation_error, "never open")

    # --- the rules change -----------------------------------------------------------

    def test_open_filings_follow_the_rule(self):
        filings = self._generate().sorted("period_start")
        self.env.cr.execute(
            "UPDATE compliance_filing SET state = 'review' WHERE id = %s",
            [filings[0].id],
        )
        self.env.invalidate_all()
        self.rule.day = 20
        self.assertFalse(self._generate())
        self.assertEqual(filings[0].due_date, date(2026, 1, 15))
        self.assertEqual(filings[1].due_date, date(2026, 2, 20))
        messages = filings[1].message_ids
        self.assertTrue(messages.filtered(lambda message: "02/20/2026" in message.body))
        count = len(messages)
        self._generate()
        self.assertEqual(len(filings[1].message_ids), count)

    def test_an_internal_date_that_somebody_chose_stays(self):
        filing = self._generate()[0]
        filing.internal_date = chosen = date(2026, 1, 12)
        self._generate()
        self.assertEqual(filing.internal_date, chosen)

    def test_what_nobody_touched_goes(self):
        filings = self._generate().sorted("period_start")
        preparer = self._create_user("preparer.dates", "preparer")
        filings[3].with_user(preparer).message_post(body="I am on it")
        filings[4].amount_declared = 5
        self.env["ir.attachment"].create(
            {"name": "a", "res_model": "compliance.filing", "res_id": filings[5].id}
        )
        kept = filings[3:6]
        self.company.country_id = self.env.ref("base.se")
        self._generate()
        self.assertEqual(filings.exists(), kept)
        self.assertTrue(all(kept.mapped("no_longer_due")))
        count = len(kept[0].message_ids)
        self._generate()
        self.assertEqual(len(kept[0].message_ids), count, "told once")
        self.company.country_id = self.usa
        self.assertEqual(len(self._generate()), 10)
        self.assertFalse(any(kept.mapped("no_longer_due")))

    def test_what_is_past_or_in_review_stays(self):
        filings = self._generate().sorted("period_start")
        self.env.cr.execute(
            "UPDATE compliance_filing SET state = 'review' WHERE id = %s",
            [filings[2].id],
        )
        self.env.invalidate_all()
        self.obligation.active = False
        with freeze_time("2026-01-20"):
            self._generate()
        self.assertEqual(filings.exists(), filings[0] | filings[2])

    def test_archived_obligations_are_looked_at_by_default(self):
        self._generate()
        self.obligation.active = False
        self.env["compliance.obligation"]._generate_filings(self.company)
        self.assertFalse(self._filings())

    # --- events ---------------------------------------------------------------------

    def _create_event_obligation(self, event, **rule):
        return self._create_obligation(
            f"DATES-{event.upper()}",
            {
                "trigger": "event",
                "event": event,
                "days": 3,
                "business_days": True,
                **rule,
            },
        )

    def _hire(self, day, **values):
        return self.env["hr.employee"].create(
            {
                "name": "Hired",
                "company_id": self.company.id,
                "date_version": day,
                "contract_date_start": day,
            }
            | values
        )

    def test_hires(self):
        obligation = self._create_event_obligation("hire")
        self._hire("2025-12-26")  # due on 31 December, before the company's start
        self._hire("2026-01-05", employee_type="contractor")
        employee = self._hire("2026-01-09")
        filing = self._generate(obligation)
        self.assertEqual(len(filing), 1)
        self.assertEqual(filing.event_key, f"hr.employee,{employee.id}")
        self.assertEqual(filing.period_start, date(2026, 1, 9))
        self.assertEqual(filing.due_date, date(2026, 1, 14))
        self.assertEqual(filing.internal_date, date(2026, 1, 9))
        self.assertFalse(self._generate(obligation))

    def test_a_hire_moves(self):
        obligation = self._create_event_obligation("hire")
        employee = self._hire("2026-01-09")
        filing = self._generate(obligation)
        employee.version_id.contract_date_start = "2026-01-12"
        self.assertFalse(self._generate(obligation))
        self.assertEqual(filing.period_start, date(2026, 1, 12))
        self.assertEqual(filing.due_date, date(2026, 1, 15))

    def test_departures(self):
        obligation = self._create_event_obligation("departure")
        employee = self._hire("2025-12-01")
        self.assertFalse(self._generate(obligation))
        employee.version_id.departure_date = "2026-01-31"
        filing = self._generate(obligation)
        self.assertEqual(filing.period_start, date(2026, 1, 31))
        self.assertEqual(filing.event_key, f"hr.version,{employee.version_id.id}")

    def test_wage_changes(self):
        obligation = self._create_event_obligation("wage_change")
        employee = self._hire("2025-12-01", wage=1000)
        employee.create_version({"date_version": "2026-01-01"})
        self.assertFalse(self._generate(obligation))
        version = employee.create_version({"date_version": "2026-02-01"})
        version.wage = 1100
        filing = self._generate(obligation)
        self.assertEqual(filing.event_key, f"hr.version,{version.id}")
        self.assertEqual(filing.period_start, date(2026, 2, 1))

    def test_injuries_come_from_add_ons(self):
        obligation = self._create_event_obligation("injury", days=0)
        self.assertFalse(self._generate(obligation))
        happened = [(self.company.id, "injury,1", date(2026, 1, 9))]
        with patch.object(type(obligation), "_get_events", return_value=happened):
            filing = self._generate(obligation)
        self.assertEqual(filing.due_date, date(2026, 1, 9))

    def test_people_of_a_branch(self):
        obligation = self._create_event_obligation("hire")
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self._hire("2026-01-09", company_id=branch.id)
        filing = self._generate(obligation)
        self.assertEqual(filing.company_id, self.company)

    # --- cron, button and queries ---------------------------------------------------

    def test_cron(self):
        with (
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", return_value=60
            ) as progress,
        ):
            self.env["compliance.obligation"]._cron_generate()
        self.assertEqual(len(self._filings()), 13)
        self.assertEqual(progress.call_args.kwargs, {"remaining": 0})
        self.assertEqual(progress.call_count, self.env["res.company"].search_count([]))

    @mute_logger(
        "odoo.addons.back_office_compliance.models.dates.compliance_obligation"
    )
    def test_cron_goes_on_after_an_error(self):
        other = self.env["res.company"].create({"name": "A broken one"})
        generate = type(self.obligation)._generate_filings

        def fail(obligations, companies=None, until=None):
            if companies == other:
                raise ValueError("the archive burns")
            return generate(obligations, companies, until)

        with (
            patch.object(type(self.obligation), "_generate_filings", fail),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", return_value=60
            ),
        ):
            self.env["compliance.obligation"]._cron_generate()
        self.assertEqual(other.compliance_error, "the archive burns")
        self.assertEqual(len(self._filings()), 13)
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=0
        ) as progress:
            self.env["compliance.obligation"]._cron_generate()
        self.assertEqual(progress.call_count, 1, "out of time")
        self.env["compliance.obligation"]._generate_or_record_error(other)
        self.assertFalse(other.compliance_error)

    def test_button(self):
        manager = self._create_user("manager.dates", "manager")
        action = self.obligation.with_user(manager).action_generate()
        self.assertIn("13", action["params"]["message"])
        viewer = self._create_user("viewer.dates", "viewer")
        with self.assertRaises(AccessError):
            self.obligation.with_user(viewer).action_generate()

    def test_queries_do_not_grow(self):
        obligations = self.obligation
        for number in range(3):
            obligations |= self._create_obligation(f"DATES-{number}")
        obligations |= self._create_event_obligation("hire")
        companies = self.env["res.company"].create(
            [
                {
                    "name": f"Company {number}",
                    "country_id": self.usa.id,
                    "compliance_start": "2026-01-01",
                }
                for number in range(12)
            ]
        )
        self._generate(obligations)  # what is cached once for all, such as languages
        counts = []
        for group in (companies[:2], companies[2:]):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            filings = self._generate(obligations, group)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(filings), 4 * 13 * len(group))
        self.assertEqual(*counts)
