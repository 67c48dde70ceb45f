import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .evidence_common import EvidenceFixture


@tagged("post_install", "-at_install")
class TestEvidenceRule(EvidenceFixture, TransactionCase):
    """A rule is a model, a domain and two fields; anything else is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()

    def _assert_refused(self, text, **vals):
        with self.assertRaises(ValidationError) as caught:
            self._rule(code="bad", name="Bad rule", **vals)
        message = str(caught.exception)
        self.assertIn("“Bad rule”", message)
        self.assertIn(text, message)

    def test_unknown_model(self):
        for model in ("no.model", "mail.thread", "training.enrol"):
            self._assert_refused(f"there is no model “{model}”", model_name=model)

    def test_unknown_field(self):
        for field in ("user_field", "date_field", "distinct_field"):
            label = self.rule._fields[field].string
            self._assert_refused(f"field “{label}”", **{field: "nonsense"})
            self._assert_refused("has no field “nonsense”", **{field: "nonsense"})

    def test_field_of_another_kind(self):
        self._assert_refused("“name” is not a link to one user", user_field="name")
        self._assert_refused(
            "“parent_id” is not a link to one user", user_field="parent_id"
        )
        self._assert_refused("“name” is not a date or a time", date_field="name")

    def test_field_that_is_not_stored(self):
        self._assert_refused("“user_ids” is not stored", user_field="user_ids")
        self._assert_refused("is not stored", date_field="my_activity_date_deadline")
        self._assert_refused("is not stored", distinct_field="child_ids")

    def test_domain_holds_values_only(self):
        for domain in (
            "[('user_id', '=', uid)]",
            "[('create_date', '>', time.strftime('%Y'))]",
            "[('name', '=', __import__('os').name)]",
            "[(",
            "{'a': 1}",
            "'text'",
            "[('color', '=', 1 + 1)]",
        ):
            with self.subTest(domain):
                self._assert_refused("not a list of literal values", domain=domain)

    def test_domain_over_stored_fields_only(self):
        self._assert_refused("no field 'nonsense'", domain="[('nonsense', '=', 1)]")
        self._assert_refused(
            "no field 'nonsense'", domain="[('parent_id.nonsense', '=', 1)]"
        )
        self._assert_refused(
            "no field 'nonsense'",
            domain="[('child_ids', 'any', [('nonsense', '=', 1)])]",
        )
        self._assert_refused(
            "is not stored", domain="[('activity_state', '=', 'today')]"
        )

    def test_domain_that_odoo_or_the_database_refuses(self):
        for domain in (
            "['&', ('name', '=', 'a')]",
            "[('name', 'nonsense', 'a')]",
            "[('create_date', '=', 'nonsense')]",
            "['nonsense']",
        ):
            with self.subTest(domain), mute_logger("odoo.sql_db"):
                self._assert_refused("does not work", domain=domain)

    def test_what_works(self):
        for domain in (
            "",
            "[]",
            "[('create_date', '>=', 'today -30d')]",
            "['|', ('parent_id.country_id.code', '=', 'SE'), ('active', '=', False)]",
            "[('create_date.month_number', '=', 3)]",
            "[('child_ids', 'any', [('name', '!=', False)])]",
        ):
            self.rule.domain = domain or "[]"
        self.rule.write({"date_field": "write_date", "distinct_field": "parent_id"})

    def test_code_is_unique(self):
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
        ):
            self._rule()
            self.env.flush_all()

    def test_a_step_of_real_work_names_its_rule(self):
        self.programme.action_revise()
        step = self.step_counted
        with self.assertRaisesRegex(ValidationError, "Make two contacts.*counted"):
            step.evidence_rule_id = False
        step.write({"kind": "practice", "evidence_rule_id": False})
        with self.assertRaises(psycopg2.errors.CheckViolation):
            with mute_logger("odoo.sql_db"):
                step.evidence_count = 0
                self.env.flush_all()

    def test_a_rule_in_use_is_not_deleted(self):
        with (
            self.assertRaises(psycopg2.errors.ForeignKeyViolation),
            mute_logger("odoo.sql_db"),
        ):
            self.rule.unlink()

    def test_only_an_administrator_writes_rules(self):
        admin = self._user("t_admin", "base.group_system")
        self.rule.with_user(admin).description = "By the administrator"
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            rule = self.rule.with_user(user)
            self.assertEqual(
                rule.read(["name", "model_label"])[0]["name"], "Contacts made"
            )
            for method, args in (
                ("write", [{"domain": "[]"}]),
                ("copy", [{"code": "copied"}]),
                ("unlink", []),
            ):
                with self.assertRaises(AccessError):
                    getattr(rule, method)(*args)
            result = (
                self.env["training.evidence.rule"]
                .with_user(user)
                .load(["name", "code", "model_name"], [["x", "x", "res.partner"]])
            )
            self.assertFalse(result["ids"])

    def test_an_administrator_adds_a_rule_in_the_form(self):
        admin = self._user("t_admin", "base.group_system")
        form = Form(self.env["training.evidence.rule"].with_user(admin))
        form.name = "Activities planned"
        form.code = "test_activities"
        form.model_id = self.env["ir.model"]._get("mail.activity")
        form.date_field = "date_deadline"
        rule = form.save()
        self.assertEqual(rule.model_name, "mail.activity")
        self.assertEqual(rule.model_label, "Activity")
        with self.assertRaisesRegex(ValidationError, "no field “date_deadline”"):
            with Form(rule) as form:
                form.model_id = self.env["ir.model"]._get("res.partner")

    def test_rule_of_another_company(self):
        other = self.env["res.company"].create({"name": "Test elsewhere"})
        self.rule.company_id = other
        with self.assertRaises(AccessError):
            self.rule.with_user(self.manager_user).read(["name"])
        self.programme.company_id = self.company
        self.programme.action_revise()
        with self.assertRaises(UserError):
            self.step_counted.evidence_rule_id = self.rule
