import csv
import doctest
import io

from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from .. import payroll_csv
from .workflow_common import StatementFixture


@tagged("post_install", "-at_install")
class TestPayrollCsvModule(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(payroll_csv)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @given(st.lists(st.text(), min_size=1, max_size=5))
    def test_no_cell_is_a_formula_and_none_is_lost(self, cells):
        text = payroll_csv.render([cells])
        self.assertTrue(text.startswith(payroll_csv.BYTE_ORDER_MARK))
        stream = io.StringIO(text[1:], newline="")
        (row,) = csv.reader(stream)
        self.assertEqual(len(row), len(cells))
        for cell, original in zip(row, cells, strict=True):
            self.assertFalse(cell.startswith(payroll_csv.FORMULA_SIGNS))
            self.assertIn(cell, (original, f"'{original}"))

    @given(st.integers(-(10**12), 10**12), st.integers(0, 3))
    def test_money_is_read_back(self, units, digits):
        text = payroll_csv.money(units / 10**digits, digits)
        self.assertEqual(round(float(text) * 10**digits), units)


@tagged("post_install", "-at_install")
class TestStatementPayroll(StatementFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_statements()
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Test Anna",
                "user_id": cls.anna.id,
                "company_id": cls.company.id,
                "barcode": "B100",
            }
        )
        cls.bert.name = '=HYPERLINK("http://x","Bert")'
        cls.both = cls.statement + cls.foreign

    def test_file(self):
        self.foreign.write({"adjustment": -10.5, "total": -0.5})
        self._approve(*self.both)
        self.env.flush_all()
        self.authenticate("s_admin", "s_admin")
        action = self.both.with_user(self.admin).action_payroll_csv()
        response = self.url_open(action["url"])
        self.assertEqual(response.status_code, 200)
        self.assertIn("text/csv", response.headers["Content-Type"])
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertTrue(response.content.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        by_name = {row["Name"]: row for row in rows}
        self.assertEqual(
            by_name["Test Anna"],
            {
                "Employee ID": str(self.employee.id),
                "Badge ID": "B100",
                "Name": "Test Anna",
                "E-mail": self.anna.email,
                "Period": "2025-01",
                "Commission": "30.00",
                "Adjustments": "0.00",
                "Total": "30.00",
                "Currency": self.company.currency_id.name,
            },
        )
        other = by_name["'" + self.bert.name]
        self.assertEqual(other["Total"], "-0.50", "an amount stays an amount")
        self.assertEqual(other["Employee ID"], "")

    def test_others_are_refused_by_name(self):
        self._approve(self.statement)
        with self.assertRaisesRegex(UserError, "2025-01 · =HYPERLINK"):
            self.both.with_user(self.admin).action_payroll_csv()
        self.statement.with_user(self.admin)._pay("2025-03-01")
        with self.assertRaisesRegex(UserError, "it is paid"):
            self.statement.with_user(self.admin).action_payroll_csv()

    def test_nobody_else_downloads(self):
        self._approve(self.statement)
        self.env.flush_all()
        url = f"/quota/payroll.csv?ids={self.statement.id}"
        for user in (self.anna, self.boss, self.elsewhere):
            with self.assertRaises(AccessError):
                self.statement.with_user(user).action_payroll_csv()
            self.authenticate(user.login, user.login)
            with mute_logger("odoo.http"):
                response = self.url_open(url)
            self.assertEqual(response.status_code, 403, user.login)
            self.assertNotIn("Test Anna", response.text)
        self.authenticate(None, None)
        response = self.url_open(url, allow_redirects=False)
        self.assertIn("/web/login", response.headers.get("Location", ""))

    def test_strange_ids(self):
        self.authenticate("s_admin", "s_admin")
        for ids in ("", "x", "999999999", "²", "9" * 40):
            with mute_logger("odoo.http"):
                response = self.url_open(f"/quota/payroll.csv?ids={ids}")
            self.assertIn(response.status_code, (200, 400, 403, 404), ids)
            self.assertNotIn("Test", response.text)
