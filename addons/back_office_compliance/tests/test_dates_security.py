import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common_dates import DatesFixture

MODELS = [
    "compliance.jurisdiction",
    "compliance.holiday",
    "compliance.authority",
    "compliance.obligation",
    "compliance.due.rule",
    "compliance.published.date",
    "compliance.scope",
]


@tagged("post_install", "-at_install")
@freeze_time("2026-01-10")
class TestDatesSecurity(DatesFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_dates()
        cls.other = cls.env["res.company"].create(
            {
                "name": "Foreign dates",
                "country_id": cls.usa.id,
                "compliance_start": "2026-01-01",
            }
        )
        cls.users = {
            group: cls._create_user(f"{group}.dates", group)
            for group in ("viewer", "preparer", "reviewer", "manager", "auditor")
        }
        cls.users["stranger"] = cls._create_user("stranger.dates")
        cls.users["foreign"] = cls._create_user(
            "foreign.dates", "manager", company=cls.other
        )
        cls.records = {
            "compliance.jurisdiction": cls.federal,
            "compliance.authority": cls.authority,
            "compliance.obligation": cls.obligation,
            "compliance.due.rule": cls.rule,
            "compliance.holiday": cls.env["compliance.holiday"].create(
                {
                    "jurisdiction_id": cls.federal.id,
                    "date": "2026-07-03",
                    "name": "Closed",
                    "company_id": cls.company.id,
                }
            ),
            "compliance.published.date": cls.env["compliance.published.date"].create(
                {
                    "rule_id": cls.rule.id,
                    "period_start": "2026-01-01",
                    "due_date": "2026-02-17",
                    "source": "Test",
                }
            ),
            "compliance.scope": cls.env["compliance.scope"].create(
                {"company_id": cls.company.id, "obligation_id": cls.obligation.id}
            ),
        }
        cls.env.flush_all()

    def _as(self, group, model):
        user = self.users[group]
        record = self.records[model].with_user(user)
        return record.with_context(allowed_company_ids=user.company_ids.ids)

    def test_readers(self):
        for group in ("viewer", "preparer", "reviewer", "manager", "auditor"):
            for model in MODELS:
                with self.subTest(group=group, model=model):
                    record = self._as(group, model)
                    self.assertTrue(record.has_access("read"))
                    self.assertIn(record, record.search([]))
                    self.assertTrue(record.export_data(["id"])["datas"])
                    record.formatted_read_group([], ["create_uid"], ["__count"])

    def test_a_stranger_reads_nothing(self):
        for model in MODELS:
            with self.subTest(model=model):
                record = self._as("stranger", model)
                with self.assertRaises(AccessError):
                    record.read(["display_name"])
                with self.assertRaises(AccessError):
                    record.search([])
                with self.assertRaises(AccessError):
                    record.export_data(["display_name"])
                with self.assertRaises(AccessError):
                    record.formatted_read_group([], ["create_uid"], ["__count"])

    def test_only_a_manager_writes(self):
        for model in MODELS:
            for group in ("viewer", "preparer", "reviewer", "auditor", "stranger"):
                with self.subTest(group=group, model=model):
                    record = self._as(group, model)
                    for operation in ("write", "create", "unlink"):
                        self.assertFalse(record.has_access(operation))
            for operation in ("write", "create", "unlink"):
                self.assertTrue(self._as("manager", model).has_access(operation))

    def test_a_manager_of_another_company(self):
        """What is shared is seen by all; what is a company's own is not."""
        for model in ("compliance.scope", "compliance.holiday"):
            record = self._as("foreign", model)
            self.assertFalse(record.has_access("read"))
            self.assertNotIn(record, record.search([]))
        self.assertTrue(self._as("foreign", "compliance.obligation").has_access("read"))
        self.obligation.company_id = self.company
        self.env.flush_all()
        for model in (
            "compliance.obligation",
            "compliance.due.rule",
            "compliance.published.date",
        ):
            record = self._as("foreign", model)
            record.invalidate_recordset()
            self.assertFalse(record.has_access("read"), model)
            with self.assertRaises(AccessError):
                record.write({"create_date": False})

    def test_companies_do_not_mix(self):
        office = self.authority.copy({"company_id": self.company.id})
        with self.assertRaises(UserError):
            self.obligation.write(
                {"authority_id": office.id, "company_id": self.other.id}
            )

    def test_filings_of_a_shared_obligation_are_each_company_s_own(self):
        filings = self.obligation._generate_filings(self.company | self.other)
        self.assertEqual(filings.company_id, self.company | self.other)
        seen = self.env["compliance.filing"].with_user(self.users["viewer"])
        seen = seen.search([("id", "in", filings.ids)])
        self.assertEqual(seen.sudo().company_id, self.company)

    def test_why_tells_no_figures(self):
        """A viewer sees that the turnover is too low, never what it is."""
        self.company.compliance_turnover = 123_456
        self.obligation.write(
            {"turnover_from": 999_999, "currency_id": self.company.currency_id.id}
        )
        obligation = self._as("viewer", "compliance.obligation")
        self.assertIn("999,999", obligation.applies_why)
        self.assertNotIn("123", obligation.applies_why)

    def test_the_company_s_facts_are_not_for_everybody(self):
        facts = ["compliance_turnover", "compliance_headcount", "compliance_error"]
        for group in ("viewer", "auditor"):
            self.company.with_user(self.users[group]).read(facts)
        for name in facts:
            with self.subTest(name), self.assertRaises(AccessError):
                self.company.with_user(self.users["stranger"]).read([name])

    def test_generation_is_no_route(self):
        """Generating is not callable from outside but by the manager's button."""
        for group in ("viewer", "preparer", "reviewer", "auditor", "stranger"):
            with self.subTest(group=group), self.assertRaises(AccessError):
                self._as(group, "compliance.obligation").action_generate()
        self._as("manager", "compliance.obligation").action_generate()
        self.assertTrue(self._filings())
        self.assertFalse(self._filings(company=self.other))

    def test_a_manager_generates_for_own_companies_only(self):
        foreign = self._as("foreign", "compliance.obligation")
        foreign.action_generate()
        self.assertTrue(self._filings(company=self.other))
        self.assertFalse(self._filings())

    def test_import(self):
        obligations = self.env["compliance.obligation"].with_user(self.users["manager"])
        self.env["ir.model.data"].create(
            {
                "module": "dates_test",
                "name": "office",
                "model": "compliance.authority",
                "res_id": self.authority.id,
            }
        )
        names = [
            "id",
            "code",
            "name",
            "kind",
            "authority_id/id",
            "rule_ids/id",
            "rule_ids/date_from",
            "rule_ids/period",
            "rule_ids/months",
            "rule_ids/day_rule",
            "rule_ids/day",
        ]
        rows = [
            ["dates_test.one", "IMP-1", "One", "Tax return", "dates_test.office"]
            + ["dates_test.one_2020", "2020-01-01", "Month", "1"]
            + ["A day of that month", "15"],
            ["", "", "", "", ""]
            + ["dates_test.one_2026", "2026-01-01", "Quarter", "1"]
            + ["A day of that month", "20"],
            ["dates_test.two", "IMP-2", "Two", "labour_report", "dates_test.office"]
            + ["dates_test.two_2020", "2020-01-01", "year", "3", "month_end", "0"],
        ]
        result = obligations.load(names, rows)
        self.assertFalse(result["messages"])
        one, two = obligations.browse(result["ids"])
        self.assertEqual(set(one.rule_ids.mapped("period")), {"quarter", "month"})
        self.assertEqual(two.kind, "labour_report")
        rows[0][2] = "Renamed"
        again = obligations.load(names, rows)
        self.assertEqual(again["ids"], result["ids"])
        self.assertEqual(one.name, "Renamed")
        self.assertEqual(len(one.rule_ids), 2)

    @mute_logger("odoo.sql_db")
    def test_import_refuses_what_a_form_refuses(self):
        names = ["obligation_id/.id", "date_from", "day_rule", "day"]
        rows = [[str(self.obligation.id), "2021-01-01", "day", "42"]]
        rules = self.env["compliance.due.rule"].with_user(self.users["manager"])
        result = rules.load(names, rows)
        self.assertFalse(result["ids"])
        self.assertIn("between 1 and 31", result["messages"][0]["message"])

    @mute_logger("odoo.sql_db")
    def test_codes_are_unique(self):
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self._create_obligation(self.obligation.code)

    def test_copy_takes_the_rules_along(self):
        copy = self.obligation.copy({"code": "DATES-COPY"})
        self.assertEqual(copy.rule_ids.day, 15)
        self.assertFalse(copy.rule_ids.published_ids)
        self.assertFalse(copy.scope_ids)

    def test_scope_of_two_people(self):
        scope = self.records["compliance.scope"].with_user(self.users["manager"])
        scope.preparer_id = self.users["preparer"]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
        ):
            scope.reviewer_id = self.users["preparer"]
            self.env.flush_all()

    def test_scope_of_users_of_the_company(self):
        scope = self.records["compliance.scope"]
        with self.assertRaises(UserError):
            scope.preparer_id = self.users["foreign"]
        scope.write({"preparer_id": self.users["preparer"].id})
        self.assertFalse(
            self.env["compliance.scope"].create(
                {
                    "company_id": self.other.id,
                    "obligation_id": self.obligation.id,
                    "preparer_id": False,
                }
            )
            == scope
        )

    def test_rules_inline(self):
        self.obligation.with_user(self.users["manager"]).write(
            {"rule_ids": [Command.update(self.rule.id, {"day": 18})]}
        )
        self.assertEqual(self.rule.day, 18)
