from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import Command
from odoo.tests import new_test_user

USER = "front_office_desk.group_desk_user"
BACK = "front_office_desk.group_desk_back"
MANAGER = "front_office_desk.group_desk_manager"


class DeskFixture:
    """People of both offices, a team and two customers; mix into a test case class."""

    @classmethod
    def _set_up_desk(cls):
        cls.env = cls.env(
            context={
                **cls.env.context,
                "lang": "en_US",
                "tz": "UTC",
                "no_reset_password": True,
            }
        )
        cls.company = cls.env.ref("base.main_company")
        cls.calendar = cls._calendar("UTC")
        cls.rita = cls._user("d_rita", USER, name="Test Rita")
        cls.other_front = cls._user("d_other", USER, name="Test Other Front")
        cls.bo = cls._user("d_bo", BACK, name="Test Bo")
        cls.bea = cls._user("d_bea", BACK, name="Test Bea")
        cls.stranger = cls._user("d_stranger", BACK, name="Test Stranger")
        cls.boss = cls._user("d_boss", MANAGER, name="Test Boss")
        cls.plain = cls._user("d_plain", "base.group_user", name="Test Plain")
        cls.elsewhere_company = cls.env["res.company"].create(
            {"name": "Test elsewhere"}
        )
        cls.elsewhere = cls._user(
            "d_elsewhere",
            MANAGER,
            name="Test Elsewhere",
            company_id=cls.elsewhere_company.id,
            company_ids=[Command.set(cls.elsewhere_company.ids)],
        )
        cls.team = cls.env["desk.team"].create(
            {
                "name": "Test team",
                "company_id": cls.company.id,
                "user_id": cls.boss.id,
                "member_ids": [Command.set((cls.bo + cls.bea).ids)],
                "resource_calendar_id": cls.calendar.id,
                "alias_name": "test-desk",
            }
        )
        cls.complaint = cls._type("complaint")
        cls.other_type = cls._type("other")
        cls.ada, cls.ben = cls.env["res.partner"].create(
            [
                {
                    "name": "Test Ada",
                    "email": "ada@customer.example",
                    "phone": "+34 600 111 222",
                },
                {"name": "Test Ben", "email": "ben@customer.example"},
            ]
        )

    @classmethod
    def _switch_pricelists_on(cls):
        feature = cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user")._apply_group(feature)

    @classmethod
    def _user(cls, login, groups, **vals):
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=vals.pop("company_id", cls.company.id),
            tz="UTC",
            **vals,
        )

    @classmethod
    def _calendar(cls, tz):
        """Return working hours from Monday to Friday, 9 to 17."""
        return cls.env["resource.calendar"].create(
            {
                "name": f"Test {tz}",
                "tz": tz,
                "company_id": cls.company.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 17,
                            "day_period": "morning",
                        }
                    )
                    for day in range(5)
                ],
            }
        )

    @classmethod
    def _type(cls, kind, **vals):
        return cls.env["desk.request.type"].create(
            {
                "name": f"Test {kind}",
                "kind": kind,
                "team_id": cls.team.id,
                "acceptance_hours": 4,
                "answer_hours": 16,
                "warn_share": 0.5,
                **vals,
            }
        )

    @classmethod
    def _request(cls, partner=None, user=None, **vals):
        return (
            cls.env["desk.request"]
            .with_user(user or cls.rita)
            .create(
                {
                    "name": "Chair is broken",
                    "type_id": cls.complaint.id,
                    "partner_id": (partner or cls.ada).id,
                    **vals,
                }
            )
        )

    @classmethod
    def _handed(cls, *args, **vals):
        request = cls._request(*args, **vals)
        request.action_hand_over()
        return request

    @classmethod
    def _answered(cls, *args, **vals):
        request = cls._handed(*args, **vals)
        request.with_user(cls.bo).action_accept()
        request.with_user(cls.bo).action_answer("We send a new one.")
        return request


def local(tz, *args):
    """Return the naive moment in UTC of a local time."""
    moment = datetime(*args, tzinfo=ZoneInfo(tz))
    return moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
