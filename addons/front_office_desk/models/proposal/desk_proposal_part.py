from odoo import api, fields, models
from odoo.exceptions import UserError

from .desk_proposal_template_part import OFFICES

PROTECTED = {"is_done", "done_on", "done_by_id"}


class DeskProposalPart(models.Model):
    _name = "desk.proposal.part"
    _description = "Part of a proposal"
    _inherit = ["desk.protected"]
    _order = "date_due, id"
    _check_company_auto = True
    _desk_protected = frozenset(PROTECTED)

    proposal_id = fields.Many2one(
        "desk.proposal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="proposal_id.company_id", store=True, index=True, precompute=True
    )
    state = fields.Selection(related="proposal_id.state")
    name = fields.Char(string="Part", required=True)
    office = fields.Selection(OFFICES, required=True, default="back")
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    days_before = fields.Integer(string="Working days before", default=1)
    is_required = fields.Boolean(string="Needed", default=True)
    date_due = fields.Date(
        string="Ready by",
        compute="_compute_date_due",
        store=True,
        help="Counted back from the submission, in working days.",
    )
    is_done = fields.Boolean(string="Ready", readonly=True, copy=False)
    done_on = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _days_before_positive = models.Constraint(
        "CHECK (days_before >= 0)",
        "A part is ready on the day of the submission or some days before.",
    )

    @api.depends("days_before", "proposal_id.date_submission")
    def _compute_date_due(self):
        for proposal, parts in self.grouped("proposal_id").items():
            if not proposal.date_submission:
                parts.date_due = False
                continue
            plan = proposal._get_back_plan(max(parts.mapped("days_before")))
            for part in parts:
                part.date_due = plan(part.days_before)

    @api.model_create_multi
    def create(self, vals_list):
        """Add parts; that one is ready is said with its button."""
        parts = super().create(vals_list)
        parts.proposal_id._check_open()
        return parts

    def write(self, vals):
        """Change parts as long as the proposal isn't handed in.

        :raise UserError: when it is, or what the button notes is written
        """
        if not self.env.su:
            self.proposal_id._check_open()
            if PROTECTED & vals.keys() or "proposal_id" in vals:
                raise UserError(
                    self.env._(
                        "%s: that a part is ready is said with its button.",
                        ", ".join(self.mapped("name")),
                    )
                )
        result = super().write(vals)
        if {"user_id", "days_before"} & vals.keys():
            self._remind()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_in(self):
        self.proposal_id._check_open()

    def action_done(self):
        """Say that parts are ready.

        :raise UserError: before the work has begun or by somebody else than its person
        """
        self.check_access("read")
        is_manager = self.env.user.has_group("front_office_desk.group_desk_manager")
        for part in self:
            allowed = part.user_id | part.proposal_id.user_id
            if part.state != "running":
                raise UserError(
                    self.env._("%s: start the proposal first.", part.proposal_id.name)
                )
            if self.env.user not in allowed and not is_manager:
                raise UserError(
                    self.env._(
                        "%(part)s is ready when %(people)s says so.",
                        part=part.name,
                        people=", ".join(allowed.mapped("name")),
                    )
                )
        # sudo: that a part is ready is written by the button only
        self.sudo().write(
            {
                "is_done": True,
                "done_on": fields.Datetime.now(),
                "done_by_id": self.env.uid,
            }
        )
        self._remind()
        return True

    def _remind(self):
        """Keep one reminder for each person and day that something is missing."""
        # sudo: the reminders of colleagues
        for proposal in self.proposal_id.sudo():
            proposal._write_reminders()
