from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

PROTECTED = {
    "state",
    "done_on",
    "done_by_id",
    "checked_by_id",
    "checked_on",
    "effect_note",
}


class DeskImprovement(models.Model):
    _name = "desk.improvement"
    _description = "Improvement after a complaint"
    _inherit = ["desk.protected", "mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"
    _check_company_auto = True
    _desk_protected = frozenset(PROTECTED)

    name = fields.Char(
        string="What is done", required=True, help="So that it won't happen again."
    )
    request_id = fields.Many2one(
        "desk.request",
        string="Complaint",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True, precompute=True
    )
    cause_id = fields.Many2one(related="request_id.cause_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    date_due = fields.Date(string="Due", required=True, tracking=True)
    check_days = fields.Integer(
        string="Check after (days)",
        required=True,
        default=30,
        help="So long after it was done somebody else looks whether it helped.",
    )
    state = fields.Selection(
        [
            ("open", "To do"),
            ("done", "Done, effect to check"),
            ("effective", "It helped"),
            ("ineffective", "It didn't help"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
        copy=False,
        tracking=True,
    )
    done_on = fields.Date(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_check = fields.Date(
        string="Check on",
        compute="_compute_date_check",
        store=True,
        index="btree_not_null",
    )
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    checked_on = fields.Date(readonly=True, copy=False)
    effect_note = fields.Text(string="What was seen", readonly=True, copy=False)

    _check_days_positive = models.Constraint(
        "CHECK (check_days > 0)",
        "An improvement is checked at least one day after it was done.",
    )
    _two_people = models.Constraint(
        "CHECK (checked_by_id IS NULL OR checked_by_id != user_id)",
        "Somebody else than the owner of an improvement checks whether it helped.",
    )
    _two_people_do_and_check = models.Constraint(
        "CHECK (checked_by_id IS NULL OR done_by_id IS NULL"
        " OR checked_by_id != done_by_id)",
        "Somebody else than who did an improvement checks whether it helped.",
    )
    _checked_by_somebody = models.Constraint(
        "CHECK (state NOT IN ('effective', 'ineffective')"
        " OR (checked_by_id IS NOT NULL AND effect_note > ''))",
        "Whether an improvement helped is said by somebody, with what was seen.",
    )

    @api.depends("done_on", "check_days")
    def _compute_date_check(self):
        for improvement in self:
            improvement.date_check = improvement.done_on and (
                improvement.done_on + timedelta(days=improvement.check_days)
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Plan improvements and remind their owners."""
        improvements = super().create(vals_list)
        for improvement in improvements.filtered(lambda each: each.state == "open"):
            improvement.activity_schedule(
                "front_office_desk.mail_activity_type_improvement",
                date_deadline=improvement.date_due,
                user_id=improvement.user_id.id,
            )
        return improvements

    def write(self, vals):
        """Change a plan; what was done and seen has its buttons.

        :raise UserError: when a field of a button is written, or the effect is known
        """
        if not self.env.su:
            for improvement in self:
                if PROTECTED & vals.keys() or improvement.checked_by_id:
                    raise UserError(
                        self.env._(
                            "%s: what was done and whether it helped is said with "
                            "the buttons, once.",
                            improvement.name,
                        )
                    )
                if "request_id" in vals or (
                    {"user_id", "check_days"} & vals.keys() and improvement.done_on
                ):
                    raise UserError(
                        self.env._(
                            "%s: its complaint stays, and its owner too once it is "
                            "done, and when it is checked.",
                            improvement.name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for improvement in self:
            if improvement.state != "open" or improvement.request_id.state == "closed":
                raise UserError(
                    self.env._(
                        "%s is what a complaint was closed with; it is kept.",
                        improvement.name,
                    )
                )

    def action_done(self):
        """Say that it is done; somebody else checks the effect later.

        :raise UserError: when it is done already, or belongs to somebody else
        """
        self.check_access("write")
        for improvement in self:
            if improvement.state != "open":
                raise UserError(self.env._("%s is done already.", improvement.name))
        # sudo: the state is written by the buttons only
        self.sudo().write(
            {
                "state": "done",
                "done_on": fields.Date.context_today(self),
                "done_by_id": self.env.uid,
            }
        )
        for improvement in self:
            leader = improvement.request_id.team_id.user_id
            checker = leader - improvement.user_id - self.env.user
            # sudo: reminders of the owner and of the leader
            reminded = improvement.sudo()
            reminded.activity_feedback(
                ["front_office_desk.mail_activity_type_improvement"]
            )
            if checker:
                reminded.activity_schedule(
                    "front_office_desk.mail_activity_type_effect",
                    date_deadline=improvement.date_check,
                    user_id=checker.id,
                )
        return True

    def _check_effect(self, helped, note):
        """Say whether an improvement helped.

        :param helped: whether it did
        :param note: what was seen
        :raise UserError: too early, without words, or by the owner
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "done":
            raise UserError(
                self.env._("%s is not done, or was checked already.", self.name)
            )
        if not self.env.user.has_group("front_office_desk.group_desk_back"):
            raise UserError(
                self.env._("%s: the back office checks the effect.", self.name)
            )
        self._refuse_own_check()
        today = fields.Date.context_today(self)
        if today < self.date_check:
            raise UserError(
                self.env._(
                    "%(name)s: the effect is checked from %(date)s on.",
                    name=self.name,
                    date=self.date_check,
                )
            )
        if not (note or "").strip():
            raise UserError(self.env._("%s: write what you have seen.", self.name))
        # sudo: the state is written by the buttons only
        improvement = self.sudo()
        improvement.write(
            {
                "state": "effective" if helped else "ineffective",
                "checked_by_id": self.env.uid,
                "checked_on": today,
                "effect_note": note.strip(),
            }
        )
        improvement.activity_feedback(["front_office_desk.mail_activity_type_effect"])

    def _refuse_own_check(self):
        """Refuse that people check what they own or have done."""
        if self.env.user == self.user_id:
            raise UserError(
                self.env._(
                    "%s: you own it, so somebody else checks the effect.", self.name
                )
            )
        if self.env.user == self.done_by_id:
            raise UserError(
                self.env._(
                    "%s: you said that it is done, so somebody else checks the effect.",
                    self.name,
                )
            )

    def action_effective(self, note):
        """Say that it helped."""
        self._check_effect(True, note)
        return True

    def action_ineffective(self, note):
        """Say that it didn't help."""
        self._check_effect(False, note)
        return True
