from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

ADDONS = (
    "back_office_compliance",
    "back_office_compliance_attendance",
    "back_office_compliance_training",
)


@tagged("post_install", "-at_install")
class TestParameterLabels(TransactionCase):
    """The labels of shipped parameters can be translated."""

    def test_every_label_is_exported(self):
        installed = self.env["ir.module.module"].search(
            [("name", "in", ADDONS), ("state", "=", "installed")]
        )
        for addon in installed.mapped("name"):
            checks = self.env["ir.model.data"].search(
                [("module", "=", addon), ("model", "=", "compliance.check")]
            )
            labels = self.env["compliance.check.parameter"].search(
                [
                    ("check_id", "in", checks.mapped("res_id")),
                    ("company_id", "=", False),
                ]
            )
            exported = {
                term
                for _module, kind, name, _res_id, term, *_rest in (
                    TranslationModuleReader(self.env.cr, modules=[addon])
                )
                if (kind, name) == ("model", "compliance.check.parameter,label")
            }
            with self.subTest(addon=addon):
                self.assertTrue(labels)
                self.assertEqual(set(labels.mapped("label")), exported)

    def test_ids_are_given_once(self):
        Parameter = self.env["compliance.check.parameter"]
        data = self.env["ir.model.data"]
        domain = [("model", "=", Parameter._name)]
        before = data.search_count(domain)
        Parameter._give_ids("back_office_compliance")
        self.assertEqual(data.search_count(domain), before)

    def test_ids_of_own_parameters(self):
        """What a company sets for itself, and its own checks, belong to no add-on."""
        check = self.env.ref("back_office_compliance.compliance_check_labour_ending")
        own = self.env["compliance.check.parameter"].create(
            {
                "check_id": check.id,
                "name": "days",
                "value": 5,
                "company_id": self.env.company.id,
            }
        )
        added = own.copy({"name": "added", "company_id": False})
        own._give_ids("back_office_compliance")
        self.assertFalse(own.get_external_id()[own.id])
        self.assertEqual(
            added.get_external_id()[added.id],
            "back_office_compliance.compliance_check_labour_ending_added",
        )

    def test_a_translation_is_kept(self):
        self.env["res.lang"]._activate_lang("es_ES")
        label = self.env.ref(
            "back_office_compliance.compliance_check_labour_ending_days"
        )
        label.with_context(lang="es_ES").label = "Días"
        self.assertEqual(label.with_context(lang="es_ES").label, "Días")
        self.assertEqual(label.label, "Days before a contract ends")
