from unittest.mock import patch

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from .workflow_common import StatementFixture

MODELS = ("quota.statement", "quota.statement.line", "quota.dispute")


@tagged("post_install", "-at_install")
class TestStatementSecurity(StatementFixture, TransactionCase):
    """As real users, through what the web client and RPC call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_statements()
        Dispute = cls.env["quota.dispute"]
        for statement in (cls.statement, cls.foreign):
            Dispute.with_user(statement.user_id).create(
                {
                    "statement_id": statement.id,
                    "line_id": statement.line_ids[0].id,
                    "reason": "amount",
                    "note": f"Note of {statement.user_id.name}",
                }
            )
        cls.attachment = cls.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"secret",
                "res_model": "quota.statement",
                "res_id": cls.foreign.id,
            }
        )
        cls.env.flush_all()
        for user in cls.anna + cls.boss + cls.elsewhere + cls.bert:
            user.group_ids += cls.env.ref("base.group_allow_export")

    def _of(self, statement, model):
        return {
            "quota.statement": statement,
            "quota.statement.line": statement.line_ids,
            "quota.dispute": statement.dispute_ids,
        }[model]

    def _rpc(self, user, model, method, *args, **kwargs):
        """Call as a browser does: nothing is in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        return call_kw(self.env[model].with_user(user), method, args, kwargs)

    def test_what_each_sees(self):
        annas = self.statement + self.later
        everything = annas + self.foreign
        for user, expected in (
            (self.anna, annas),
            (self.bert, self.foreign),
            (self.boss, annas),
            (self.other_boss, self.foreign),
            (self.admin, everything),
            (self.elsewhere, everything.browse()),
        ):
            for model in MODELS:
                domain = [("company_id", "=", self.company.id)]
                rows = self._rpc(user, model, "search_read", domain, ["display_name"])
                self.assertEqual(
                    {row["id"] for row in rows} & set(self._of(everything, model).ids),
                    set(self._of(expected, model).ids),
                    f"{user.login}: {model}",
                )

    def test_plain_employee_sees_nothing(self):
        plain = self._user("s_plain", "base.group_user")
        for model in MODELS:
            with self.assertRaises(AccessError):
                self._rpc(plain, model, "search_read", [], ["display_name"])

    def test_manager_through_the_employee(self):
        """Also without the team: whose employee reports to them."""
        employees = self.env["hr.employee"].create(
            [
                {"name": user.name, "user_id": user.id, "company_id": self.company.id}
                for user in (self.other_boss, self.anna)
            ]
        )
        employees[1].parent_id = employees[0]
        for model in MODELS:
            rows = self._rpc(self.other_boss, model, "search_read", [], ["id"])
            self.assertLessEqual(
                set(self._of(self.statement, model).ids), {row["id"] for row in rows}
            )

    def test_stranger_reads_exports_and_browses_nothing(self):
        for user in (self.anna, self.boss, self.elsewhere):
            for model in MODELS:
                ids = self._of(self.foreign, model).ids
                for method, *args in (
                    ("read", ids, ["display_name"]),
                    ("web_read", ids, {"display_name": {}}),
                    ("export_data", ids, ["id", "company_id/name"]),
                ):
                    with (
                        self.subTest(f"{user.login}: {model}.{method}"),
                        self.assertRaises(AccessError),
                    ):
                        self._rpc(user, model, method, *args)
            found = self._rpc(user, "quota.statement", "name_search", "Test Bert")
            self.assertNotIn(self.foreign.id, [row[0] for row in found])

    def test_groups_show_no_others(self):
        for user in (self.anna, self.boss):
            for model, group, field in (
                ("quota.statement", "user_id", "total:sum"),
                ("quota.statement", "team_id", "total:sum"),
                ("quota.statement", "date_from:month", "total:sum"),
                ("quota.statement.line", "user_id", "commission:sum"),
                ("quota.statement.line", "statement_id", "commission:sum"),
                ("quota.statement.line", "partner_id", "commission:sum"),
                ("quota.dispute", "user_id", "__count"),
                ("quota.dispute", "statement_id", "__count"),
            ):
                rows = self._rpc(
                    user, model, "formatted_read_group", [], [group], [field]
                )
                text = repr(rows)
                self.assertNotIn("Test Bert", text, f"{user.login}: {model} {group}")
                self.assertNotIn("Test other team", text)
                own = self._of(self.statement + self.later, model)
                if field != "__count":
                    name = field.split(":")[0]
                    self.assertAlmostEqual(
                        sum(row[field] for row in rows), sum(own.mapped(name))
                    )

    def test_search_on_related_fields_tells_nothing(self):
        """Whether a foreign figure is above a number must not decide what is found."""
        for domain in (
            [("period_id.target_ids.user_id", "=", self.bert.id)],
            [("line_ids.user_id", "=", self.bert.id)],
            [("dispute_ids.note", "ilike", "Note of Test Bert")],
            [("line_ids.origin_statement_id.user_id", "=", self.bert.id)],
        ):
            found = self._rpc(self.anna, "quota.statement", "search", domain)
            self.assertFalse(found, domain)
        target = self.env["quota.target"].create(
            {
                "plan_id": self.plan.id,
                "period_id": self.january.id,
                "user_id": self.bert.id,
                "full_amount": 777,
            }
        )
        target.flush_recordset()
        domain = [("period_id.target_ids.full_amount", "=", 777)]
        self.assertFalse(self._rpc(self.anna, "quota.statement", "search", domain))
        self.assertIn(
            self.foreign.id, self._rpc(self.admin, "quota.statement", "search", domain)
        )

    def test_one2many_in_a_warm_cache(self):
        """What an administrator has read before does not come to a salesperson."""
        period = self.january
        self.assertTrue(self.foreign.with_user(self.admin).line_ids.mapped("amount"))
        mine = self.env["quota.statement"].with_user(self.anna)
        found = mine.search([("period_id", "=", period.id)])
        self.assertEqual(found, self.statement)
        self.assertEqual(found.line_ids.statement_id, self.statement)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.anna).line_ids.mapped("amount")

    def test_chatter_activities_and_attachments(self):
        self.foreign.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.bert.id, summary="Secret"
        )
        messages = self.foreign.message_ids + self.foreign.dispute_ids.message_ids
        self.assertTrue(messages)
        for user in (self.anna, self.boss, self.elsewhere):
            self.assertFalse(
                self._rpc(
                    user,
                    "mail.message",
                    "search",
                    [("model", "in", MODELS), ("res_id", "=", self.foreign.id)],
                )
            )
            for model, records in (
                ("mail.message", messages),
                ("mail.activity", self.foreign.activity_ids),
                ("ir.attachment", self.attachment),
            ):
                with (
                    self.subTest(f"{user.login}: {model}"),
                    self.assertRaises(AccessError),
                ):
                    self._rpc(user, model, "read", records.ids, [])
            with self.assertRaises(AccessError):
                self._rpc(
                    user, "quota.statement", "message_post", self.foreign.ids, body="x"
                )
        self.assertTrue(
            self._rpc(self.bert, "ir.attachment", "read", self.attachment.ids, ["name"])
        )

    def test_actions_on_foreign_statements(self):
        for user in (self.anna, self.boss, self.elsewhere):
            for method in (
                "action_confirm",
                "action_approve",
                "action_open_pay",
                "action_payroll_csv",
                "action_compute_again",
            ):
                with (
                    self.subTest(f"{user.login}: {method}"),
                    self.assertRaises(UserError),  # AccessError is one of them
                ):
                    self._rpc(user, "quota.statement", method, self.foreign.ids)
        self.assertEqual(self.foreign.state, "computed")
        wizard = {"statement_ids": [(6, 0, self.foreign.ids)], "paid_on": "2025-03-01"}
        with self.assertRaises(AccessError):
            self.env["quota.statement.pay"].with_user(self.boss).create(wizard)
        with self.assertRaises(AccessError):
            self.env["quota.dispute.resolve"].with_user(self.boss).create(
                {"dispute_id": self.foreign.dispute_ids.id, "resolution": "Yes"}
            ).action_accept()

    def _onchange(self, user, model, values):
        """Return what a form shows that is not saved."""
        names = list(values)
        answer = self._rpc(
            user, model, "onchange", [], values, names[:1], {name: {} for name in names}
        )
        return answer["value"]

    def test_dialogs_show_nothing_of_others(self):
        """A form that is not saved must not fetch what its user may not read."""
        dispute = self.foreign.dispute_ids
        wizard = {
            "dispute_id": dispute.id,
            **dict.fromkeys(("note", "subject", "reason", "statement_state"), False),
        }
        of_statement = {"statement_id": self.foreign.id}
        line = {"own_line_ids": [(4, self.foreign.line_ids[0].id)]}
        for user, model, values in (
            (self.boss, "quota.dispute.resolve", wizard),
            (self.anna, "quota.dispute", of_statement | {"statement_state": False}),
            (self.anna, "quota.statement.line", of_statement | {"state": False}),
            (self.anna, "quota.statement", line | {"explanation": False}),
        ):
            with self.subTest(model):
                try:
                    shown = self._onchange(user, model, values)
                except AccessError:
                    continue
                self.assertNotIn("125", repr(shown), "the amount of the line")
                del shown[next(iter(values))]
                shown.pop("explanation", None)
                self.assertFalse([value for value in shown.values() if value])
        shown = self._onchange(self.other_boss, "quota.dispute.resolve", wizard)
        self.assertEqual(shown["note"], "Note of Test Bert")

    def test_private_methods_are_no_rpc(self):
        for model, method in (
            ("quota.statement", "_freeze"),
            ("quota.statement", "_pay"),
            ("quota.statement", "_book_accrual"),
            ("quota.statement", "_get_payroll_csv"),
            ("quota.dispute", "_resolve"),
            ("quota.statement.engine", "_compute_statements"),
        ):
            with self.assertRaises(AccessError):
                self._rpc(self.admin, model, method, [])

    def test_number_instead_of_an_error_without_invoicing_rights(self):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "company_id": self.company.id,
            }
        )
        line = self.statement.line_ids[0]
        line.move_id = move
        row = self._rpc(
            self.anna,
            "quota.statement.line",
            "web_read",
            line.ids,
            {"move_name": {}, "partner_id": {"fields": {"display_name": {}}}},
        )[0]
        self.assertEqual(row["move_name"], "INV/2025-01/1")
        with self.assertRaisesRegex(UserError, "INV/2025-01/1"):
            line.with_user(self.anna).action_open_move()
        self.anna.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        with self.assertRaisesRegex(UserError, "INV/2025-01/1"):
            line.with_user(self.anna).action_open_move()
        self.admin.group_ids += self.env.ref("account.group_account_invoice")
        action = line.with_user(self.admin).action_open_move()
        self.assertEqual(action["res_id"], move.id)


@tagged("post_install", "-at_install")
class TestStatementReportSecurity(StatementFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_statements()

    def test_report_route(self):
        for user, allowed in (
            (self.anna, True),
            (self.boss, True),
            (self.admin, True),
            (self.bert, False),
            (self.other_boss, False),
            (self.elsewhere, False),
        ):
            self.authenticate(user.login, user.login)
            for kind in ("html", "pdf"):
                url = f"/report/{kind}/front_office_quota.report_quota_statement"
                with mute_logger("odoo.http"):
                    response = self.url_open(f"{url}/{self.statement.id}")
                if allowed:
                    self.assertEqual(response.status_code, 200, user.login)
                else:
                    self.assertEqual(response.status_code, 403, user.login)
                    self.assertNotIn("INV/2025-01/1", response.text)

    def test_nothing_of_others_in_a_batch(self):
        self.authenticate("s_anna", "s_anna")
        url = "/report/html/front_office_quota.report_quota_statement"
        with mute_logger("odoo.http"):
            response = self.url_open(f"{url}/{self.statement.id},{self.foreign.id}")
        self.assertEqual(response.status_code, 403)

    def test_print_adds_up(self):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.anna)
            ._render_qweb_html(
                "front_office_quota.report_quota_statement", self.statement.ids
            )
        )
        page = html.fromstring(content)
        text = " ".join(page.text_content().split())
        for words in (
            "Commission statement 2025-01",
            "Credited: $ 1,200.00 of a target of $ 1,000.00",
            "an attainment of 120 %",
            "Tier: on the part above 100 % of the target",
            "INV/2025-01/2",
            "Test customer",
        ):
            self.assertIn(words, text)
        results = [
            " ".join(cell.text_content().replace("\ufeff", "").split())
            for cell in page.xpath(
                "//table[contains(@class, 'o_quota_explanation')]//td[last()]"
            )
        ]
        self.assertEqual(results, ["$ 24.00", "$ 6.00", "$ 30.00", "$ 0.00", "$ 30.00"])

    def test_adjustments_stand_apart(self):
        self._confirm(self.statement)
        self.env["quota.statement.line"].create(
            {
                "statement_id": self.later.id,
                "origin_statement_id": self.statement.id,
                "move_name": "RINV/1",
                "date": "2025-02-10",
                "amount": -100,
                "commission": -5,
            }
        )
        self.later.write({"adjustment": -5, "total": 25})
        self.assertEqual(len(self.later.own_line_ids), 2)
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "front_office_quota.report_quota_statement", self.later.ids
        )
        page = html.fromstring(content)
        row = page.xpath("//tr[td[contains(., 'RINV/1')]]")[0]
        self.assertEqual(row[0].text_content().strip(), "2025-01")
        texts = [
            " ".join(cell.text_content().replace("\ufeff", "").split())
            for cell in page.xpath(
                "//table[contains(@class, 'o_quota_explanation')]//td[last()]"
            )
        ]
        self.assertEqual(texts[-3:], ["$ 30.00", "$ -5.00", "$ 25.00"])

    def test_without_terms(self):
        """A statement of adjustments only has nothing to explain but its sum."""
        self.later.write({"terms": False, "credited": 0, "commission": 0, "total": 0})
        self.later.line_ids.unlink()
        self.assertEqual(self.later._get_explanation(), {"intro": [], "steps": []})
        self.assertIn("Total", self.later.explanation)

    def test_every_kind_of_step(self):
        rate = self.env["quota.commission.category"]
        terms = {
            "target": "1000",
            "base_rate": "0.02",
            "tiers": [{"threshold": "1", "rate": "0.0525", "accelerator": "1.5"}],
            "categories": [{"id": 5, "rate": "0.1", "name": "Services"}],
            "cap": "40",
            "minimum": "0",
            "rounding": "0.01",
        }
        self.later.terms = terms
        credited = patch.object(
            type(self.later),
            "_get_credited_by_rate",
            lambda statement: {None: 1100, 5: 100},
        )
        with credited:
            steps = self.later._get_explanation()["steps"]
        self.assertFalse(rate.browse(5).exists())
        labels = " | ".join(step["label"] for step in steps).replace("\xa0", " ")
        for words in (
            "Base rate",
            "product category Services",
            "Tier: on the part above 100 %",
            "multiplied by 1.5",
            "at most $ 40.00",
        ):
            self.assertIn(words, labels)
        self.assertEqual(
            steps[2]["calculation"].replace("\xa0", " "), "$ 200.00 × 3.25 %"
        )
        terms |= {"minimum": "2", "cap": "0"}
        self.later.terms = dict(terms)
        with credited:
            steps = self.later._get_explanation()["steps"]
        self.assertIn("from an attainment of 200 %", steps[-1]["label"])
        terms |= {"target": "0"}
        self.later.terms = dict(terms)
        with credited:
            intro = self.later._get_explanation()["intro"]
        self.assertIn("There was no target", intro[0])
