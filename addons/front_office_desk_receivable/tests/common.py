from odoo.tests import Form

from odoo.addons.front_office_desk.tests.common import BACK, MANAGER, USER, DeskFixture
from odoo.addons.front_office_receivable.tests.common import ReceivableFixture

RECEIVABLE = "front_office_receivable.group_receivable_user"


class DisputeFixture(DeskFixture, ReceivableFixture):
    """Both offices of one company, and who calls about its money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref(MANAGER)
        cls.calendar = cls._calendar("UTC")
        cls.rita = cls._user("dr_rita", USER, name="Test Rita")
        cls.bo = cls._user("dr_bo", BACK, name="Test Bo")
        cls.boss = cls._user("dr_boss", MANAGER, name="Test Boss")
        # calls about money, and works at the desk as well
        cls.both = cls._user("dr_both", f"{USER},{RECEIVABLE}", name="Test Both")
        cls.team = cls.env["desk.team"].create(
            {
                "name": "Test disputes",
                "company_id": cls.company.id,
                "user_id": cls.boss.id,
                "member_ids": [(6, 0, cls.bo.ids)],
                "resource_calendar_id": cls.calendar.id,
            }
        )
        # before those that were there
        cls.types = {
            kind: cls._type(kind, sequence=-1, company_id=cls.company.id)
            for kind in ("complaint", "invoice_line", "other")
        }
        cls.complaint = cls.types["complaint"]
        cls.cause = cls.env["desk.cause"].create({"name": "Test thin box"})

    @classmethod
    def _dispute(cls, moves, user=None, **values):
        """Log a call in which invoices are disputed."""
        values = {"reason": "disputed", "note": "Two came scratched", **values}
        return cls._call(moves, user=user, **values)

    @classmethod
    def _open(cls, call, user=None, **values):
        """Open a request as a user does; return it, as superuser."""
        before = cls.env["desk.request"].search([])
        call = call.with_user(user or call.user_id)
        action = call.action_open_request()
        form = Form(
            cls.env[action["res_model"]]
            .with_user(call.env.user)
            .with_context(**action["context"])
        )
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_open()
        cls.env.invalidate_all()
        return cls.env["desk.request"].search([]) - before

    @classmethod
    def _close(cls, request):
        """Let both offices bring a request to its end."""
        if request.state in ("new", "returned"):
            request.with_user(request.front_user_id).action_hand_over()
        request.with_user(cls.bo).action_accept()
        request.with_user(cls.bo).action_answer("We take two back.")
        request.cause_id = cls.cause
        request.no_improvement_reason = "It was the carrier."
        request.with_user(request.front_user_id).action_close()
        cls.env.invalidate_all()

    def _is_paused(self, move):
        return self._item(move).paused
