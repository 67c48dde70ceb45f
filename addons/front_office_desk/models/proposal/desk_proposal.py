from datetime import datetime, time, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import plaintext2html

from ...back_plan import latest_day

ACTIVITY = "front_office_desk.mail_activity_type_proposal_part"
PROTECTED = {"state", "sent_on", "sent_by_id"}
OPEN = ("draft", "running")
# what stays once the customer has the proposal
OPEN_ONLY = {"date_submission", "template_id", "partner_id", "request_id"}


class DeskProposal(models.Model):
    _name = "desk.proposal"
    _description = "Proposal"
    _inherit = [
        "desk.protected",
        "desk.mail.guard",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_submission, id"
    _check_company_auto = True
    _desk_protected = frozenset(PROTECTED)

    name = fields.Char(string="About", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    request_id = fields.Many2one(
        "desk.request",
        index="btree_not_null",
        check_company=True,
        copy=False,
        help="The customer's request for this proposal.",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        index="btree_not_null",
        check_company=True,
        domain="[('type', '=', 'opportunity')]",
        help="Is won or lost with the proposal.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    template_id = fields.Many2one(
        "desk.proposal.template", string="Checklist", check_company=True
    )
    date_submission = fields.Date(string="Hand in on", tracking=True)
    part_ids = fields.One2many("desk.proposal.part", "proposal_id", string="Parts")
    question_ids = fields.One2many(
        "desk.proposal.question", "proposal_id", string="Questions to the customer"
    )
    state = fields.Selection(
        [
            ("draft", "To plan"),
            ("running", "In work"),
            ("sent", "Handed in"),
            ("won", "Won"),
            ("lost", "Lost"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    sent_on = fields.Datetime(string="Handed in", readonly=True, copy=False)
    sent_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    part_count = fields.Integer(compute="_compute_part_count")
    part_done_count = fields.Integer(compute="_compute_part_count", string="Ready")

    _once = models.UniqueIndex(
        "(request_id) WHERE request_id IS NOT NULL",
        "This request has a proposal already.",
    )

    # --- computes ----------------------------------------------------------------

    @api.depends("part_ids.is_done")
    def _compute_part_count(self):
        for proposal in self:
            proposal.part_count = len(proposal.part_ids)
            proposal.part_done_count = len(proposal.part_ids.filtered("is_done"))

    def _get_back_plan(self, days):
        """Return the function that gives the day for a number of working days before.

        :param days: the most that will be asked for
        """
        self.ensure_one()
        team = self.request_id.team_id
        calendar = team.resource_calendar_id or self.company_id.resource_calendar_id
        deadline = self.date_submission
        # three times as many days, and four weeks for holidays, are enough
        start = datetime.combine(deadline - timedelta(days=days * 3 + 28), time.min)
        stop = datetime.combine(deadline, time.max)
        intervals = calendar._desk_intervals(start, stop) if calendar else []
        working_days = {begin.date() for begin, _end in intervals}
        return partial(self._latest_day, deadline, working_days)

    @staticmethod
    def _latest_day(deadline, working_days, days_before):
        return latest_day(deadline, days_before, working_days)

    # --- create and write ----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Plan proposals, with the parts of their checklists."""
        proposals = super().create(vals_list)
        proposals._check_links({"lead_id", "request_id"})
        proposals.filtered(lambda each: not each.part_ids)._add_parts()
        return proposals

    def write(self, vals):
        """Change proposals; a checklist brings its parts, and states have buttons.

        :raise UserError: when a state is written, or one is handed in already
        """
        if not self.env.su:
            if PROTECTED & vals.keys():
                raise UserError(
                    self.env._(
                        "%s: whether it is handed in or won is said with the buttons.",
                        ", ".join(self.mapped("name")),
                    )
                )
            if OPEN_ONLY & vals.keys():
                self._check_open()
        result = super().write(vals)
        self._check_links(vals)
        if vals.get("template_id"):
            self.filtered(lambda each: not each.part_ids)._add_parts()
        if "date_submission" in vals:
            # sudo: the reminders of colleagues
            self.sudo()._write_reminders()
        return result

    def _check_links(self, names):
        """Refuse opportunities and requests that people may not work with.

        The buttons write in them later as superuser.

        :param names: the fields that were written
        """
        if self.env.su:
            return
        if "lead_id" in names and self.lead_id:
            self.lead_id.check_access("read")
        if "request_id" in names and self.request_id:
            self.request_id.check_access("write")

    @api.constrains("request_id", "partner_id")
    def _check_request_customer(self):
        for proposal in self.filtered("request_id"):
            # sudo: whoever may not read the request is told no more than this
            customer = proposal.sudo().request_id.partner_id
            if (
                customer.commercial_partner_id
                != proposal.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%s is for another customer than its request. Choose the same.",
                        proposal.name,
                    )
                )

    def _check_open(self):
        """Refuse what would change a proposal that the customer has.

        :raise UserError: naming it
        """
        for proposal in self:
            if proposal.state not in OPEN:
                raise UserError(
                    self.env._("%s is handed in and stays as it is.", proposal.name)
                )

    def _add_parts(self):
        """Make the parts of the checklists."""
        self.env["desk.proposal.part"].create(
            [
                {
                    "proposal_id": proposal.id,
                    "name": part.name,
                    "office": part.office,
                    "days_before": part.days_before,
                    "is_required": part.is_required,
                }
                for proposal in self
                for part in proposal.template_id.part_ids
            ]
        )

    # --- actions -------------------------------------------------------------------

    def action_start(self):
        """Begin the work, and remind each person of their parts.

        :raise UserError: without a day, without parts, or when one has no person
        """
        self.check_access("write")
        for proposal in self:
            if proposal.state != "draft":
                raise UserError(self.env._("%s is in work already.", proposal.name))
            if not proposal.date_submission or not proposal.part_ids:
                raise UserError(
                    self.env._(
                        "%s: say when it is handed in, and add its parts.",
                        proposal.name,
                    )
                )
            if free := proposal.part_ids.filtered(lambda part: not part.user_id):
                raise UserError(
                    self.env._(
                        "%(proposal)s: choose who does %(parts)s.",
                        proposal=proposal.name,
                        parts=", ".join(free.mapped("name")),
                    )
                )
        # sudo: states are written by the buttons only
        proposals = self.sudo()
        proposals.state = "running"
        proposals._write_reminders()
        return True

    def action_ask(self):
        """Send the customer the questions that weren't asked yet.

        :raise UserError: when there are none
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        questions = self.question_ids.filtered(lambda each: not each.asked_on)
        if not questions:
            raise UserError(
                self.env._("%s: write a question to the customer first.", self.name)
            )
        text = "\n".join(questions.mapped("name"))
        # sudo: the times are noted by the button; the customer is asked in the name
        # of the user, on the request that they follow
        questions.sudo().asked_on = fields.Datetime.now()
        (self.request_id or self).sudo()._ask_customer(text)
        return True

    def _ask_customer(self, text):
        """Send a text to the customer where there is no request to follow."""
        self.message_post(
            body=plaintext2html(text),
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.env.user.partner_id.id,
        )

    def action_send(self):
        """Say that the proposal is handed in.

        :raise UserError: when needed parts are missing
        """
        self.check_access("write")
        # sudo: states are written by the buttons only
        self.sudo()._hand_in()
        return True

    def _hand_in(self):
        """Write that the customer has the proposals now.

        :raise UserError: when needed parts are missing
        """
        for proposal in self:
            if proposal.state != "running":
                raise UserError(
                    self.env._("%s is not in work: start it first.", proposal.name)
                )
            missing = proposal.part_ids.filtered(
                lambda part: part.is_required and not part.is_done
            )
            if missing:
                raise UserError(
                    self.env._(
                        "%(proposal)s: not ready yet: %(parts)s",
                        proposal=proposal.name,
                        parts=", ".join(missing.mapped("name")),
                    )
                )
        self.write(
            {
                "state": "sent",
                "sent_on": fields.Datetime.now(),
                "sent_by_id": self.env.uid,
            }
        )
        self._write_reminders()

    def action_won(self):
        """Say that the customer took it; the opportunity is won with it."""
        self.check_access("write")
        # sudo: states are written by the buttons only, and whoever is responsible for
        # the proposal tells its opportunity, which may be a colleague's
        self.sudo()._close("won").action_set_won()
        return True

    def action_lost(self):
        """Say that the customer did not take it; the opportunity is lost with it."""
        self.check_access("write")
        # sudo: as above
        self.sudo()._close("lost").action_set_lost()
        return True

    def _close(self, state):
        """Write how proposals ended.

        :param state: ``won`` or ``lost``
        :return: their opportunities
        :raise UserError: when one was not handed in
        """
        for proposal in self:
            if proposal.state != "sent":
                raise UserError(self.env._("%s: hand it in first.", proposal.name))
        self.state = state
        return self.lead_id

    # --- reminders -----------------------------------------------------------------

    def _write_reminders(self):
        """Keep a reminder for each part that is missing, and no other."""
        today = fields.Date.context_today(self)
        for proposal in self:
            wanted = {
                (part.user_id.id, part.name, part.date_due or today)
                for part in proposal.part_ids
                if proposal.state == "running" and not part.is_done and part.user_id
            }
            kind = self.env.ref(ACTIVITY)
            present = proposal.activity_ids.filtered(
                lambda each, kind=kind: each.activity_type_id == kind
            )
            keys = {
                activity: (
                    activity.user_id.id,
                    activity.summary,
                    activity.date_deadline,
                )
                for activity in present
            }
            present.filtered(lambda each, k=keys, w=wanted: k[each] not in w).unlink()
            for user, name, day in sorted(wanted - set(keys.values())):
                proposal.activity_schedule(
                    ACTIVITY, date_deadline=day, summary=name, user_id=user
                )
