from odoo import http
from odoo.exceptions import ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common import DeskFixture


@tagged("post_install", "-at_install")
class TestWebForm(DeskFixture, HttpCase):
    """What customers write on their page comes to a team."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_desk()
        cls.customer = new_test_user(
            cls.env, "d_portal", "base.group_portal", partner_id=cls.ada.id
        )
        cls.web_team, cls.foreign_team = cls.env["desk.team"].create(
            [
                {
                    "name": "Test web",
                    "company_id": company.id,
                    "member_ids": [(4, cls.bea.id)],
                    "resource_calendar_id": company.resource_calendar_id.id,
                }
                for company in (cls.company, cls.elsewhere_company)
            ]
        )
        cls.company.desk_web_team_id = False
        kinds = cls.env["desk.request.type"].search([("kind", "=", "other")])
        (kinds - cls.other_type).active = False

    def _write_to_us(self):
        """Send the form and return the contact that it made."""
        contacts = self.env["desk.contact"]
        before = contacts.search([])
        self.authenticate("d_portal", "d_portal")
        self.url_open(
            "/my/requests/new",
            data={"csrf_token": http.Request.csrf_token(self), "subject": "Chair"},
        )
        return contacts.search([]) - before

    def _board(self, user):
        """Return what a user sees on the board with the filter of their teams."""
        action = self.env.ref("front_office_desk.desk_contact_action_today")
        search = self.env.ref("front_office_desk.desk_contact_view_search")
        self.assertIn('name="my_teams"', search.arch)
        contacts = self.env["desk.contact"].with_user(user)
        domain = [
            "|",
            ("team_id.member_ids", "in", user.id),
            ("team_id.user_id", "=", user.id),
        ]
        self.assertTrue(action.domain)
        return contacts.search([*domain, ("state", "=", "open")])

    def test_team_of_the_type_other(self):
        contact = self._write_to_us()
        self.assertEqual(contact.team_id, self.team)
        for user in (self.bo, self.bea, self.boss):
            self.assertIn(contact, self._board(user))
        self.assertNotIn(contact, self._board(self.stranger))
        self.assertNotIn(contact, self._board(self.elsewhere))

    def test_team_of_the_settings_goes_first(self):
        form = Form(self.env["res.config.settings"])
        form.desk_web_team_id = self.web_team
        form.save().execute()
        contact = self._write_to_us()
        self.assertEqual(contact.team_id, self.web_team)
        self.assertIn(contact, self._board(self.bea))
        self.assertNotIn(contact, self._board(self.bo))

    def test_team_that_is_gone(self):
        self.company.desk_web_team_id = self.web_team
        self.web_team.active = False
        self.assertEqual(self._write_to_us().team_id, self.team)
        self.web_team.active = True
        self.web_team.write(
            {
                "company_id": self.elsewhere_company.id,
                "resource_calendar_id": self.foreign_team.resource_calendar_id.id,
            }
        )
        self.assertEqual(self._write_to_us().team_id, self.team)
        self.team.active = False
        self.assertFalse(self._write_to_us().team_id)

    def test_no_team_of_another_company(self):
        with self.assertRaises(ValidationError) as caught:
            self.company.desk_web_team_id = self.foreign_team
        self.assertIn("one of another company", str(caught.exception))
        self.other_type.with_company(self.elsewhere_company).team_id = self.foreign_team
        self.assertEqual(self._write_to_us().team_id, self.team)
        found = self.elsewhere_company._desk_get_web_team()
        self.assertEqual(found, self.foreign_team)
