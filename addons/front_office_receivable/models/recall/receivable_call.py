from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...recall_sql import done_with

ACTIVITY_TYPE = "front_office_receivable.mail_activity_type_call_again"
# Calls whose activities are planned between two commits.
PLAN_BATCH = 500


class ReceivableCall(models.Model):
    """The activity that follows a broken promise.

    A statement marks the calls whose promises it broke; the activities are made of the
    marks in batches. Nothing is lost when the work is interrupted between both.
    """

    _inherit = "receivable.call"  # pylint: disable=consider-merging-classes-inherited

    to_plan = fields.Boolean(
        readonly=True,
        copy=False,
        help="A promise was broken, and the activity to call again is still to be "
        "planned.",
    )

    _to_plan_idx = models.Index("(id) WHERE to_plan")

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create([{**vals, "to_plan": False} for vals in vals_list])
        calls._finish_earlier_activities()
        return calls

    def write(self, vals):
        if "to_plan" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "The activity of “%s” is planned by the ledger, when a promise is "
                    "broken. Schedule an activity of your own instead.",
                    self[:1].display_name,
                )
            )
        return super().write(vals)

    # --- planning ---------------------------------------------------------------------

    @api.model
    def _plan_activities(self, limit=PLAN_BATCH):
        """Plan the activities of calls that are marked, one each.

        :param int limit: at most so many calls
        :return: how many calls were looked at; 0: nothing is marked any more
        """
        # sudo: the cron plans for the salespeople of all companies
        calls = self.sudo().search([("to_plan", "=", True)], limit=limit, order="id")
        if not calls:
            return 0
        has_one = set(calls._get_recall_activities().mapped("res_id"))
        # names of the documents are read together here, and not one by one below
        calls.mapped("display_name")
        days = calls.company_id._get_receivable_recall_days()
        activity_type = self.env.ref(ACTIVITY_TYPE)
        # sudo as above; no mail an activity, as the clock on top shows them
        activities = self.env["mail.activity"].sudo()
        activities.with_context(mail_activity_quick_update=True).create(
            [
                call._prepare_recall_activity(activity_type, days[call.company_id.id])
                for call in calls
                if call.id not in has_one
            ]
        )
        calls.write({"to_plan": False})
        return len(calls)

    def _prepare_recall_activity(self, activity_type, day):
        """Return the values of the activity to call this customer again.

        :param activity_type: of the activity
        :param date day: when to call
        """
        self.ensure_one()
        return {
            "activity_type_id": activity_type.id,
            "automated": True,
            "date_deadline": day,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            # names and figures, that need no translation
            "summary": " · ".join(
                (
                    self.partner_id.name or "",
                    self.currency_id.format(self.amount_open),
                    *self.move_ids.mapped("name"),
                )
            ),
            "user_id": self._get_recall_user().id,
        }

    def _get_recall_user(self):
        """Return who calls again: the salesperson of most of what is open.

        Whoever called before does it where that is nobody, or somebody who has left
        or works for other companies. Empty: nobody is left.
        """
        moves = self.move_ids.sorted("amount_residual_signed", reverse=True)
        for user in (*moves.mapped("invoice_user_id"), self.user_id):
            if user.active and not user.share and self.company_id in user.company_ids:
                return user
        return self.env["res.users"]

    # --- and done with ----------------------------------------------------------------

    def _get_recall_activities(self):
        """Return the activities to call again that are open on these calls."""
        # sudo: they are those of the invoices' salespeople
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("activity_type_id", "=", self.env.ref(ACTIVITY_TYPE).id),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                ]
            )
        )

    def _finish_earlier_activities(self):
        """Mark as done what earlier calls left to do: the customer was called again."""
        # sudo: calls of a colleague about the same invoices
        earlier = self.sudo().search(
            [("move_ids", "in", self.move_ids.ids), ("id", "not in", self.ids)]
        )
        marked = earlier.filtered("to_plan")
        if marked:
            marked.write({"to_plan": False})
        activities = earlier._get_recall_activities()
        if activities:
            activities.write({"active": False, "feedback": self.env._("Called again")})

    @api.model
    def _close_activities(self):
        """Drop activities with nothing to call about any more.

        Nothing is open, or all that is is paused, or the payment was only late to be
        matched and the promise was kept.

        :return: how many
        """
        for name in ("account.move", "receivable.case", "receivable.promise"):
            self.env[name].flush_model()
        self.env["mail.activity"].flush_model()
        rows = self.env.execute_query(done_with(self.env.ref(ACTIVITY_TYPE).id))
        # sudo: as they were planned
        activities = self.env["mail.activity"].sudo().browse(row[0] for row in rows)
        activities.unlink()
        return len(activities)

    def _close_paid(self):
        """Drop the activities of those of these calls whose invoices are all paid."""
        paid = self.filtered(
            lambda call: not any(call.move_ids.mapped("amount_residual"))
        )
        marked = paid.filtered("to_plan")
        if marked:
            marked.write({"to_plan": False})
        paid._get_recall_activities().unlink()
