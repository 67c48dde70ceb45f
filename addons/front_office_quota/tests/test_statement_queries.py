from odoo.tests import TransactionCase, tagged

from .workflow_common import StatementFixture


@tagged("post_install", "-at_install")
class TestStatementQueries(StatementFixture, TransactionCase):
    """What is done to many statements takes as many queries as for few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_statements()
        people = cls.env["res.users"].create(
            [
                {"name": f"Test {number}", "login": f"s_many_{number}"}
                for number in range(24)
            ]
        )
        cls.env["hr.employee"].create(
            [{"name": user.name, "user_id": user.id} for user in people]
        )
        statements = cls.env["quota.statement"].browse()
        for user in people:
            statements += cls._statement(cls.january, user)
        statements.write({"state": "confirmed"})
        cls.few, cls.many = statements[:4], statements[4:]
        cls.env.flush_all()

    def _count(self, statements, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(statements.with_user(self.admin))
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _assert_same(self, function):
        self._count(self.few, function)  # warms the caches of the registry
        few, many = (self._count(each, function) for each in (self.few, self.many))
        self.assertEqual(few, many)

    def test_list(self):
        names = (
            "display_name",
            "dispute_count",
            "open_dispute_count",
            "can_approve",
            "can_confirm",
            "state",
            "total",
        )
        self._assert_same(lambda each: each.read(names))

    def test_payroll_file(self):
        everything = self.few + self.many
        everything.write({"state": "approved", "approver_id": self.admin.id})
        self._assert_same(lambda each: each._get_payroll_csv())

    def test_explanations(self):
        self._assert_same(lambda each: each.mapped("explanation"))
