from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, tagged

from .common import DeskFixture

LOG = "front_office_desk.desk_contact_view_log"


@tagged("post_install", "-at_install")
class TestNewcomer(DeskFixture, TransactionCase):
    """Nobody is made a second time because of a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls.company.country_id = cls.env.ref("base.es")

    def _contact(self, name, reach, **vals):
        return self._contacts([{"new_name": name, "new_reach": reach, **vals}])

    def _contacts(self, vals_list):
        return (
            self.env["desk.contact"]
            .with_user(self.rita)
            .create([{"name": "Where is my chair?", **vals} for vals in vals_list])
        )

    def _partners(self):
        return self.env["res.partner"].with_context(active_test=False).search([])

    def _form(self, name, reach):
        form = Form(self.env["desk.contact"].with_user(self.rita), LOG)
        form.name = "Broken"
        form.new_name = name
        form.new_reach = reach
        return form

    def test_who_is_known_is_taken(self):
        before = self._partners()
        for reach in (
            "600 111 222",
            "0034-600-111-222",
            "+34600111222",
            "ADA@customer.example",
            "Ada <ada@customer.example>",
        ):
            contact = self._contact("Somebody", reach)
            self.assertEqual(contact.partner_id, self.ada, reach)
        self.assertEqual(self._partners(), before)

    def test_who_is_unknown_is_made(self):
        contact = self._contact(" Test  Cleo ", " 600 111 223 ")
        self.assertEqual(contact.partner_id.name, "Test Cleo")
        self.assertEqual(contact.partner_id.phone, "600 111 223")
        again = self._contact("Cleo", "+34 600111223")
        self.assertEqual(again.partner_id, contact.partner_id)

    def test_a_person_decides_between_several(self):
        twin = self.env["res.partner"].create(
            {"name": "Test Twin", "phone": "0600 111222"}
        )
        before = self._partners()
        contact = self._contact("Test Cleo", "600111222")
        self.assertFalse(contact.partner_id)
        self.assertEqual(contact.known_partner_ids, self.ada + twin)
        self.assertFalse(contact.known_partner_id)
        # the same name as well is somebody certain
        self.assertEqual(self._contact("test twin", "600111222").partner_id, twin)
        self.assertEqual(self._partners(), before)

    def test_a_name_alone_decides_nothing(self):
        before = self._partners()
        contact = self._contact("TEST ADA", "600 999 999")
        self.assertFalse(contact.partner_id)
        self.assertEqual(contact.known_partner_ids, self.ada)
        self.assertEqual(self._partners(), before)
        contact.is_somebody_new = True
        self.assertEqual(self._partners() - before, contact.partner_id)
        self.assertEqual(contact.partner_id.phone, "600 999 999")

    def test_somebody_new_with_a_known_telephone(self):
        contact = self._contact("Test Son", "600111222", is_somebody_new=True)
        self.assertNotEqual(contact.partner_id, self.ada)
        self.assertEqual(contact.partner_id.name, "Test Son")

    def test_quick_screen_says_who_it_is(self):
        form = self._form("Ada", "600111222")
        self.assertEqual(form.partner_id, self.ada)
        self.assertEqual(form.known_partner_id, self.ada)
        contact = form.save()
        self.assertEqual(contact.partner_id, self.ada)
        self.assertFalse(contact.known_partner_ids)

    def test_quick_screen_takes_it_back(self):
        before = self._partners()
        form = self._form("Test Son", "600111222")
        form.is_somebody_new = True
        self.assertFalse(form.partner_id)
        made = form.save().partner_id
        self.assertEqual(self._partners() - before, made)

    def test_quick_screen_asks(self):
        before = self._partners()
        form = self._form("Test Ada", "600 999 999")
        self.assertFalse(form.partner_id)
        form.known_choice_id = self.ada
        self.assertEqual(form.partner_id, self.ada)
        self.assertEqual(form.save().partner_id, self.ada)
        self.assertEqual(self._partners(), before)

    def test_it_is_asked_again_when_it_is_opened(self):
        contact = self._contact("Test Ada", "600 999 999")
        form = Form(contact)
        self.assertEqual(form.known_partner_ids.ids, self.ada.ids)
        form.known_choice_id = self.ada
        self.assertEqual(form.save().partner_id, self.ada)

    def test_quick_screen_with_somebody_new(self):
        form = self._form("Test Cleo", "600 999 999")
        self.assertFalse(form.known_partner_ids or form.partner_id)
        self.assertEqual(form.save().partner_id.name, "Test Cleo")

    def test_who_does_not_count(self):
        self.ada.company_id = self.elsewhere_company
        made = self._contact("Test Cleo", "600111222").partner_id
        self.assertNotEqual(made, self.ada)
        self.ben.active = False
        self.assertNotEqual(
            self._contact("Test Cleo", "ben@customer.example").partner_id, self.ben
        )
        self.env["res.partner"].create(
            {
                "name": "Goods in",
                "type": "delivery",
                "parent_id": self.ada.id,
                "email": "goods@customer.example",
            }
        )
        contact = self._contact("Test Goods", "goods@customer.example")
        self.assertEqual(contact.partner_id.name, "Test Goods")

    def test_one_who_is_named_twice_at_once(self):
        contacts = self._contacts(
            [
                {"new_name": "Test Cleo", "new_reach": "600 999 999"},
                {"new_name": "Cleo", "new_reach": "600999999"},
            ]
        )
        self.assertEqual(len(contacts.partner_id), 1)

    def test_wild_cards_are_letters(self):
        before = self._partners()
        contact = self._contact("Test_Ada%", "%@%")
        self.assertEqual(contact.partner_id, self._partners() - before)

    def test_many_are_compared_in_as_many_queries_as_one(self):
        people = [("Somebody", "600111222", self.company)]
        partners = self.env["res.partner"].with_user(self.rita)

        def count(number):
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            found = partners._desk_find_known(people * number)
            self.assertEqual(len(found), number)
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(100), count(1))

    def test_who_may_not_log(self):
        with self.assertRaises(AccessError):
            self.env["desk.contact"].with_user(self.plain).create(
                {"name": "x", "new_name": "Test Cleo", "new_reach": "600999999"}
            )
