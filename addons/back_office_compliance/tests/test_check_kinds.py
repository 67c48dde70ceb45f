from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.back_office_compliance.check_types import CheckScope

from .common_check import CheckFixture


@tagged("post_install", "-at_install")
class TestCheckKinds(CheckFixture):
    """Domains, groups and methods: each becomes the same rows."""

    def test_domain_uses_parameters(self):
        partners = self._make_partners(2)
        partners[0].color = 7
        self.check.parameter_ids = [
            Command.create({"name": "limit", "value": 3}),
        ]
        self.check.domain = "[('ref', '=', 'bad'), ('color', '>', limit)]"
        self._run()
        self.assertEqual(self._findings().mapped("res_id"), partners[0].ids)

    def test_parameter_created_with_its_check(self):
        domain = "[('create_date', '<', today - relativedelta(days=days))]"
        days = Command.create({"name": "days", "value": 3})
        self._make_partners()
        check = self._make_check("TEST-DAYS", domain=domain, parameter_ids=[days])
        self.assertEqual(self._run(check).line_ids.result, "pass")
        with self.assertRaisesRegex(
            ValidationError, "TEST-NONE.*'days' is not defined"
        ):
            self._make_check("TEST-NONE", domain=domain)

    def test_parameter_of_the_company(self):
        self.check.parameter_ids = [
            Command.create({"name": "limit", "value": 3}),
            Command.create(
                {"name": "limit", "value": 9, "company_id": self.company.id}
            ),
        ]
        self.assertEqual(self.check._get_parameters(self.company), {"limit": 9.0})
        self.assertEqual(
            self.check._get_parameters(self.stranger_company), {"limit": 3.0}
        )

    def test_shared_and_foreign_records(self):
        shared = self._make_partners()
        shared.company_id = False
        self._make_partners(company=self.stranger_company)
        self._run()
        self.assertEqual(self._findings().mapped("res_id"), shared.ids)

    def test_archived_records_are_left_out(self):
        self._make_partners(active=False)
        self._run()
        self.assertFalse(self._findings())

    def test_aggregate(self):
        check = self._make_check(
            "TEST-AGGREGATE",
            kind="aggregate",
            group_by="parent_id, ref",
            aggregate="color:sum",
            having="[('color:sum', '>', 10)]",
            domain="[('parent_id', '!=', False)]",
        )
        parents = self._make_partners(2, ref=False)
        self._make_partners(2, parent_id=parents[0].id, color=6)
        self._make_partners(2, parent_id=parents[1].id, color=5)
        self._run(check)
        finding = self._findings(check)
        self.assertEqual(finding.res_model, "res.partner")
        self.assertEqual(finding.res_id, parents[0].id)
        self.assertEqual(finding.key, "bad")
        self.assertEqual(finding.sudo().values["color:sum"], 12)

    def test_aggregate_without_record(self):
        check = self._make_check(
            "TEST-AGGREGATE",
            kind="aggregate",
            group_by="ref",
            aggregate="__count",
            having="[('__count', '>', 1)]",
        )
        self._make_partners(2)
        self._run(check)
        finding = self._findings(check)
        self.assertEqual((finding.res_model, finding.res_id), (False, 0))
        self.assertEqual(finding.key, "bad")

    def test_method_drops_foreign_records(self):
        own = self._make_partners()
        foreign = self._make_partners(company=self.stranger_company)

        def every_bad_partner(self, company, parameters, scope):
            return SQL(
                "SELECT id AS res_id, ref AS key, NULL AS date,"
                " jsonb_build_object('color', color) AS values"
                " FROM res_partner WHERE ref = 'bad'"
            )

        with self._as_method(self.check, every_bad_partner):
            line = self._run().line_ids
        self.assertEqual((line.count, line.dropped_count), (1, len(foreign)))
        self.assertIn("another company", line.error)
        self.assertEqual(self._findings().mapped("res_id"), own.ids)

    def test_method_names_a_key_twice(self):
        partner = self._make_partners()

        def twice(self, company, parameters, scope):
            return SQL(
                "SELECT %s AS res_id, '' AS key, NULL AS date,"
                " jsonb_build_object('n', n) AS values"
                " FROM generate_series(1, 2) n",
                partner.id,
            )

        with self._as_method(self.check, twice):
            self.assertEqual(self._run().line_ids.count, 1)
            self.assertEqual(self._run().line_ids.new_count, 0)
        self.assertEqual(self._findings().sudo().values, {"n": 1})

    def _ask_january(self):
        run = self.env["compliance.run"]._start(self.company, self.check)
        return self.check._ask(run, CheckScope(date(2020, 1, 1), date(2020, 1, 31)))

    def test_scope_of_a_date(self):
        """A date field narrows an aggregate down; its group's day is the finding's."""
        check = self._make_check(
            "TEST-MONTHS",
            model_id=self.env["ir.model"]._get_id("res.currency.rate"),
            kind="aggregate",
            date_field="name",
            domain="[]",
            group_by="currency_id, name:month",
            aggregate="rate:max, company_id:array_agg",
            having="[('rate:max', '>', 5)]",
        )
        currency = self.env.ref("base.GBP")
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": currency.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": 6,
                }
                for day in ("2020-01-31", "2020-02-01")
            ]
        )
        run = self.env["compliance.run"]._start(self.company, check)
        check._ask(run, CheckScope(date(2020, 1, 1), date(2020, 1, 31)))
        finding = self._findings(check)
        self.assertEqual(finding.res_id, currency.id)
        self.assertEqual(finding.date, date(2020, 1, 1))
        self.assertEqual(finding.key, "2020-01-01")
        self.assertEqual(finding.sudo().values["rate:max"], 6)

    def test_dates_of_a_domain(self):
        check = self._make_check(
            "TEST-RATES",
            model_id=self.env["ir.model"]._get_id("res.currency.rate"),
            date_field="name",
            domain="[('rate', '=', 6)]",
            value_fields="rate",
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.GBP").id,
                "company_id": self.company.id,
                "name": "2020-01-31",
                "rate": 6,
            }
        )
        self._run(check)
        self.assertEqual(self._findings(check).date, date(2020, 1, 31))

    def test_companies_and_models_without_one(self):
        companies = self._make_check(
            "TEST-COMPANIES",
            model_id=self.env["ir.model"]._get_id("res.company"),
            domain="[]",
            value_fields="name",
        )
        countries = self._make_check(
            "TEST-COUNTRIES",
            model_id=self.env["ir.model"]._get_id("res.country"),
            domain="[('code', '=', 'SE')]",
            value_fields="name",
        )
        self._run(companies | countries)
        self.assertEqual(self._findings(companies).res_id, self.company.id)
        sweden = self.env.ref("base.se")
        self.assertEqual(self._findings(countries).res_id, sweden.id)

    def test_method_without_an_add_on(self):
        with self._as_method(self.check, lambda *args: SQL("SELECT 1")):
            self.check._validate_method()
        with self.assertRaisesRegex(ValidationError, "no installed add-on.*test"):
            self.check._validate_method()

    def test_scope_resolves_only_within(self):
        self.check.date_field = "create_date"
        partners = self._make_partners(2)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET create_date = %s WHERE id = %s",
                date(2020, 1, 15),
                partners[0].id,
            )
        )
        self._run()
        by_id = {finding.res_id: finding for finding in self._findings()}
        self.assertEqual(by_id[partners[0].id].date, date(2020, 1, 15))
        partners.ref = "good"
        self._ask_january()
        self.assertEqual(by_id[partners[0].id].state, "resolved")
        self.assertEqual(by_id[partners[1].id].state, "open")

    def test_scope_finds_only_within(self):
        self.check.date_field = "create_date"
        self._make_partners()
        self._ask_january()
        self.assertFalse(self._findings())

    @mute_logger("odoo.sql_db")
    def test_refused(self):
        """What could not be asked is refused in a sentence that names the field."""
        aggregate = {"kind": "aggregate", "group_by": "ref", "aggregate": "color:sum"}
        cases = [
            ({"domain": "[('no_such_field', '=', 1)]"}, "Domain"),
            ({"domain": "[('ref', '='"}, "Domain"),
            ({"domain": "__import__('os')"}, "Domain"),
            ({"value_fields": "no_such_field"}, "Fields to Show"),
            ({"value_fields": "display_name"}, "Fields to Show"),
            ({"date_field": "ref"}, "Date Field"),
            ({"kind": "method"}, "Method"),
            ({**aggregate, "group_by": "no_such_field"}, "Group By"),
            ({**aggregate, "group_by": False}, "Group By"),
            ({**aggregate, "aggregate": "color:no_such"}, "Aggregate"),
            ({**aggregate, "having": "[('name:sum', '>', 1)]"}, "Having"),
            (
                {"model_id": self.env["ir.model"]._get_id("mail.thread")},
                "Model",
            ),
        ]
        for values, label in cases:
            with self.subTest(values=values):
                with self.assertRaises(ValidationError) as refused:
                    self._make_check("TEST-BAD", **values)
                self.assertRegex(str(refused.exception), f"TEST-BAD.*“{label}”")

    def test_refused_parameter(self):
        for values in ({"name": "days", "value": -1}, {"name": "two words"}):
            with self.subTest(values=values):
                with self.assertRaises(ValidationError) as refused:
                    self.check.parameter_ids = [Command.create({"value": 1, **values})]
                self.assertIn("TEST-DOMAIN", str(refused.exception))
