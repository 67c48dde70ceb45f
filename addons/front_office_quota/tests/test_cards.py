import re

from lxml import etree

from odoo.tests import TransactionCase, tagged

RECORD = re.compile(r"\brecord\.(\w+)\.")


@tagged("post_install", "-at_install")
class TestCards(TransactionCase):
    """Telephones show cards instead of lists, so every list has cards that open."""

    def _get_cards(self):
        views = self.env["ir.ui.view"].search(
            [("model", "=like", "quota.%"), ("type", "=", "kanban")]
        )
        return {view: etree.fromstring(view.get_combined_arch()) for view in views}

    def test_cards_have_the_fields_that_they_ask_for(self):
        cards = self._get_cards()
        self.assertTrue(cards)
        for view, arch in cards.items():
            has = set(arch.xpath("//field/@name"))
            asked = {
                name
                for value in arch.xpath("//@*")
                for name in RECORD.findall(str(value))
            }
            self.assertLessEqual(asked, has, view.display_name)

    def test_what_a_card_lacks_is_found(self):
        arch = etree.fromstring(
            "<kanban><div t-if=\"record.a.raw_value != 'b'\"/></kanban>"
        )
        self.assertEqual(RECORD.findall(arch.xpath("string(//@t-if)")), ["a"])

    def test_every_list_of_the_menu_has_cards(self):
        root = self.env.ref("front_office_quota.quota_menu_root")
        menus = self.env["ir.ui.menu"].search([("id", "child_of", root.id)])
        actions = [
            menu.action
            for menu in menus
            if menu.action and menu.action._name == "ir.actions.act_window"
        ]
        lists = [
            action
            for action in actions
            if action.view_mode.startswith("list")
            # rows that are typed into one below the other
            and action.res_model != "quota.share"
        ]
        self.assertTrue(lists)
        for action in lists:
            self.assertIn("kanban", action.view_mode.split(","), action.name)
