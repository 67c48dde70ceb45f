from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What may still be written, by state; while computed, everything. Nothing leads back.
WRITABLE = {
    "confirmed": {"state", "approver_id", "approved_on"},
    "approved": {"state", "payer_id", "paid_on", "accrual_move_id"},
    "paid": set(),
}
NEXT_STATE = {"computed": "confirmed", "confirmed": "approved", "approved": "paid"}
FIGURES = ("target_amount", "credited", "commission", "adjustment", "total", "terms")
ACTIVITY_CONFIRM = "front_office_quota.mail_activity_type_statement_confirm"
ACTIVITY_APPROVE = "front_office_quota.mail_activity_type_statement_approve"


class QuotaStatement(models.Model):
    """What a person earns in a period of a plan, and how it was calculated."""

    _name = "quota.statement"
    _description = "Commission statement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, user_id, id"
    _rec_names_search = ["period_id", "user_id"]
    # the person has no right to write, but does discuss the statement in its chatter
    _mail_post_access = "read"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "quota.plan",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        readonly=True,
    )
    period_id = fields.Many2one(
        "quota.period",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(related="period_id.date_from", store=True, index=True)
    date_to = fields.Date(related="period_id.date_to", store=True)
    basis = fields.Selection(related="plan_id.basis", store=True)
    target_id = fields.Many2one(
        "quota.target",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        readonly=True,
        help="Empty on a statement that holds adjustments only.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    team_id = fields.Many2one("crm.team", index="btree_not_null", readonly=True)
    commission_plan_id = fields.Many2one(
        "quota.commission.plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("computed", "Computed"),
            ("confirmed", "Confirmed"),
            ("approved", "Approved"),
            ("paid", "Paid"),
        ],
        required=True,
        default="computed",
        readonly=True,
        index=True,
        tracking=True,
    )
    terms = fields.Json(
        readonly=True,
        help="The rates, tiers, cap and target that the figures were calculated from.",
    )
    target_amount = fields.Monetary(readonly=True)
    credited = fields.Monetary(
        readonly=True, help="What counted in the period, without adjustments."
    )
    attainment = fields.Float(readonly=True, aggregator="avg")
    commission = fields.Monetary(
        readonly=True, help="The commission of the period, without adjustments."
    )
    adjustment = fields.Monetary(
        string="Adjustments",
        readonly=True,
        help="What later changes of earlier, frozen periods add or take.",
    )
    total = fields.Monetary(readonly=True, help="Commission plus adjustments.")
    line_ids = fields.One2many("quota.statement.line", "statement_id", readonly=True)
    own_line_ids = fields.One2many(
        "quota.statement.line",
        "statement_id",
        string="Lines of the Period",
        domain=[("origin_statement_id", "=", False)],
        readonly=True,
    )
    adjustment_line_ids = fields.One2many(
        "quota.statement.line",
        "statement_id",
        string="Adjustment Lines",
        domain=[("origin_statement_id", "!=", False)],
        readonly=True,
    )
    computed_on = fields.Datetime(readonly=True)
    confirmed_on = fields.Datetime(readonly=True)
    approver_id = fields.Many2one("res.users", string="Approved by", readonly=True)
    approved_on = fields.Datetime(readonly=True)
    payer_id = fields.Many2one("res.users", string="Paid by", readonly=True)
    paid_on = fields.Date(readonly=True)
    accrual_move_id = fields.Many2one(
        "account.move",
        string="Accrual Entry",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    dispute_ids = fields.One2many("quota.dispute", "statement_id", readonly=True)
    dispute_count = fields.Integer(
        string="Disputes", compute="_compute_dispute_counts", compute_sudo=False
    )
    open_dispute_count = fields.Integer(
        string="Open Disputes", compute="_compute_dispute_counts", compute_sudo=False
    )
    can_confirm = fields.Boolean(compute="_compute_rights")
    can_dispute = fields.Boolean(compute="_compute_rights")
    can_approve = fields.Boolean(compute="_compute_rights")
    can_pay = fields.Boolean(compute="_compute_rights")

    _unique_statement = models.UniqueIndex(
        "(period_id, user_id)", "A person has one statement a period and plan."
    )
    _two_people = models.Constraint(
        "CHECK (approver_id IS NULL OR approver_id != user_id)",
        "Nobody approves their own statement.",
    )
    _paid_by_another = models.Constraint(
        "CHECK (payer_id IS NULL OR payer_id != user_id)",
        "Nobody marks their own statement as paid.",
    )
    _approved_has_approver = models.Constraint(
        "CHECK (state NOT IN ('approved', 'paid') OR approver_id IS NOT NULL)",
        "An approved statement has an approver. Use the button Approve.",
    )

    # --- computes ---------------------------------------------------------------

    @api.depends("period_id.name", "user_id.name")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = (
                f"{statement.period_id.name or ''} · {statement.user_id.name or ''}"
            )

    @api.depends("dispute_ids.state")
    def _compute_dispute_counts(self):
        counts = defaultdict(lambda: [0, 0])
        for statement, state, count in self.env["quota.dispute"]._read_group(
            [("statement_id", "in", self.ids)], ["statement_id", "state"], ["__count"]
        ):
            counts[statement.id][0] += count
            counts[statement.id][1] += count if state == "open" else 0
        for statement in self:
            totals = counts[statement._origin.id]
            statement.dispute_count, statement.open_dispute_count = totals

    @api.depends("state", "user_id", "date_to")
    @api.depends_context("uid", "tz")
    def _compute_rights(self):
        today = fields.Date.context_today(self)
        is_admin = self.env.user.has_group("front_office_quota.group_quota_admin")
        for statement in self:
            own = statement.user_id == self.env.user
            state = statement.state
            ended = bool(statement.date_to) and statement.date_to < today
            statement.can_confirm = own and state == "computed" and ended
            statement.can_dispute = own and state in ("computed", "confirmed")
            statement.can_approve = is_admin and not own and state == "confirmed"
            statement.can_pay = is_admin and not own and state == "approved"

    # --- frozen means frozen ----------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create statements without telling each person that they follow one."""
        quiet = self.with_context(
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_auto_subscribe_no_notify=True,
        )
        return super(QuotaStatement, quiet).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Refuse every change of a frozen figure, whoever asks, and every way back.

        :raise UserError: when a statement is frozen, or a state would be skipped
        """
        self.check_access("write")  # before a sentence says anything about the record
        names = {name for name in vals if not self._is_chatter_field(name)}
        for statement in self if names else ():
            allowed = WRITABLE.get(statement.state)
            if allowed is not None and names - allowed:
                statement._raise_frozen()
            state = vals.get("state", statement.state)
            if state not in (statement.state, NEXT_STATE.get(statement.state)):
                statement._raise_refused(
                    self.env._("a statement is confirmed, then approved, then paid")
                )
            if "accrual_move_id" in vals and statement.accrual_move_id:
                statement._raise_frozen()
        return super().write(vals)

    @api.model
    def _is_chatter_field(self, name):
        """Whether a field belongs to the chatter and the activities."""
        return name.startswith(("message_", "activity_", "website_message_"))

    def _raise_frozen(self):
        self.ensure_one()
        raise UserError(
            self.env._(
                "%(statement)s is frozen since it was %(state)s: its figures and lines "
                "stay as they are. What changed later comes as an adjustment on the "
                "next statement.",
                statement=self.display_name,
                state=self._get_state_label().lower(),
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_computed(self):
        for statement in self:
            if statement.state != "computed":
                statement._raise_frozen()
            if statement.dispute_ids:
                raise UserError(
                    self.env._(
                        "%s has disputes, and what was said in them is kept. It cannot "
                        "be deleted.",
                        statement.display_name,
                    )
                )

    def _get_state_label(self):
        """Return the state of one statement in the user's language."""
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    # --- computing --------------------------------------------------------------

    def action_compute_again(self):
        """Compute the periods of these statements again; frozen ones stay."""
        self._check_admin()
        frozen = self.filtered(lambda statement: statement.state != "computed")
        if frozen:
            frozen[0]._raise_frozen()
        self._recompute_figures()
        return True

    def _recompute_figures(self):
        """Compute the periods of these statements again, for their people."""
        # sudo: the figures come from the invoices, whoever asks; nothing is returned
        engine = self.env["quota.statement.engine"].sudo()
        engine._compute_statements(self.period_id, users=self.user_id)
        self.invalidate_recordset()

    def _get_figures(self):
        """Return what the person agrees to by confirming, for a comparison.

        :return: dict of statement id to the header's figures and the lines as a set
        """
        figures = {values.pop("id"): [values, set()] for values in self.read(FIGURES)}
        for line in self.line_ids:
            figures[line.statement_id.id][1].add(
                (line._get_key(), line.amount, line.rate, line.commission)
            )
        return figures

    # --- the workflow -----------------------------------------------------------

    def action_confirm(self):
        """Freeze one's own statements, the earliest period first.

        They are computed again before. Where a figure changed, it is shown instead of
        confirmed, and so is everything after it.

        :return: an action that says what changed, True when all are confirmed
        :raise UserError: when a statement is not the user's, not computed, its period
            has not ended or an earlier one is not confirmed
        """
        statements = self.sorted(lambda each: (each.date_from, each.id))
        for statement in statements:
            statement._check_confirm()
        # sudo: the person has no right to write; all are their own, checked above
        statements.sudo().lock_for_update()
        before = statements._get_figures()
        statements._recompute_figures()
        statements = statements.exists()
        after = statements._get_figures()
        changed = statements.browse()
        for statement in statements:
            if changed or before[statement.id] != after[statement.id]:
                changed += statement
                continue
            statement._check_earlier_confirmed()
            statement._freeze()
        if not changed:
            return True
        for statement in changed:
            statement._log_changed(before[statement.id][0], after[statement.id][0])
        return changed._notify_changed()

    def _check_confirm(self):
        self.ensure_one()
        problem = None
        if self.user_id != self.env.user:
            problem = self.env._("only %s confirms it", self.user_id.name)
        elif self.state != "computed":
            problem = self.env._("it is %s already", self._get_state_label().lower())
        elif self.date_to >= fields.Date.context_today(self):
            problem = self.env._(
                "its period ends on %s; confirm it after that day",
                fields.Date.to_string(self.date_to),
            )
        if problem:
            self._raise_refused(problem)

    def _check_earlier_confirmed(self):
        """Refuse while an earlier period of the same basis is not confirmed."""
        self.ensure_one()
        earlier = self.search(
            [
                ("user_id", "=", self.user_id.id),
                ("company_id", "=", self.company_id.id),
                ("basis", "=", self.basis),
                ("date_from", "<", self.date_from),
                ("state", "=", "computed"),
            ],
            order="date_from",
            limit=1,
        )
        if earlier:
            self._raise_refused(self.env._("confirm %s first", earlier.period_id.name))

    def _freeze(self):
        # sudo: nobody has the right to write a statement; action_confirm checked
        statement = self.sudo()
        statement.write({"state": "confirmed", "confirmed_on": fields.Datetime.now()})
        statement.activity_feedback([ACTIVITY_CONFIRM])
        statement._remind_approvers()

    def _log_changed(self, before, after):
        """Say in the chatter which figures changed before they could be confirmed."""
        lines = [
            self.env._(
                "%(field)s: %(before)s, now %(after)s",
                field=self._fields[name].string,
                before=self.currency_id.format(before[name]),
                after=self.currency_id.format(after[name]),
            )
            for name in FIGURES
            if name != "terms" and before[name] != after[name]
        ]
        # sudo: the person has no right to write, and the message is the program's
        self.sudo().message_post(
            body=self.env._(
                "Not confirmed: the figures changed since they were shown. %s",
                "; ".join(lines) or self.env._("The lines changed, the sums did not."),
            )
        )

    def _notify_changed(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Not confirmed: the figures have changed"),
                "message": self.env._(
                    "Look at %s again, then confirm.",
                    ", ".join(self.mapped("display_name")),
                ),
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_approve(self):
        """Approve confirmed statements of other people, and book what is due.

        :raise AccessError: when the user is no administrator
        :raise UserError: naming the first statement that cannot be approved
        """
        self._check_admin()
        # sudo: an open dispute counts whoever may read it
        for statement in self.sudo():
            statement._check_two_people()
            if statement.state != "confirmed":
                statement._raise_refused(
                    self.env._(
                        "it is %s, and only confirmed statements are approved",
                        statement._get_state_label().lower(),
                    )
                )
            if statement.dispute_ids.filtered(lambda each: each.state == "open"):
                statement._raise_refused(
                    self.env._("it has an open dispute; resolve it first")
                )
        # sudo: nobody has the right to write a statement; the checks are above
        statements = self.sudo()
        statements.write(
            {
                "state": "approved",
                "approver_id": self.env.user.id,
                "approved_on": fields.Datetime.now(),
            }
        )
        statements.activity_feedback([ACTIVITY_APPROVE])
        statements._book_accrual()
        return True

    def action_open_pay(self):
        """Ask for the day of payment."""
        self._check_admin()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mark as Paid"),
            "res_model": "quota.statement.pay",
            "view_mode": "form",
            "target": "new",
            "context": {"default_statement_ids": self.ids},
        }

    def _pay(self, paid_on):
        """Mark approved statements as paid.

        :param paid_on: the day of payment
        :raise UserError: naming the first statement that cannot be paid
        """
        self._check_admin()
        for statement in self:
            statement._check_two_people()
            if statement.state != "approved":
                statement._raise_refused(
                    self.env._(
                        "it is %s, and only approved statements are paid",
                        statement._get_state_label().lower(),
                    )
                )
        # sudo: nobody has the right to write a statement; the checks are above
        self.sudo().write(
            {"state": "paid", "payer_id": self.env.user.id, "paid_on": paid_on}
        )

    def _check_admin(self):
        """Refuse anybody but an administrator who may read these statements."""
        if not self.env.user.has_group("front_office_quota.group_quota_admin"):
            raise AccessError(
                self.env._("Only a quota administrator approves and pays statements.")
            )
        self.check_access("read")

    def _check_two_people(self):
        self.ensure_one()
        if self.user_id == self.env.user:
            self._raise_refused(self.env._("it is your own; ask another administrator"))

    def _raise_refused(self, problem):
        self.ensure_one()
        raise UserError(
            self.env._(
                "%(statement)s: %(problem)s.",
                statement=self.display_name,
                problem=problem,
            )
        )

    # --- activities -------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Ask the people to confirm what has ended, and the approvers to approve."""
        today = fields.Date.context_today(self)
        self.search(
            [("state", "=", "computed"), ("date_to", "<", today)]
        )._remind_people()
        self.search([("state", "=", "confirmed")])._remind_approvers()

    def _remind_people(self):
        """Give each person the activity to confirm, once."""
        for statement in self._without_activity(ACTIVITY_CONFIRM):
            if statement.user_id.active:
                statement.activity_schedule(
                    ACTIVITY_CONFIRM, user_id=statement.user_id.id
                )

    def _remind_approvers(self):
        """Give an approver the activity to approve, once a statement."""
        for statement in self._without_activity(ACTIVITY_APPROVE):
            if approver := statement._get_approver():
                statement.activity_schedule(ACTIVITY_APPROVE, user_id=approver.id)

    def _without_activity(self, xmlid):
        """Return those of these statements that have no open activity of a type."""
        kind = self.env.ref(xmlid, raise_if_not_found=False)
        if not kind:
            return self.browse()
        having = self.env["mail.activity"]._read_group(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", kind.id),
            ],
            [],
            ["res_id:array_agg"],
        )
        return self - self.browse(having[0][0] or [])

    def _get_approver(self):
        """Return who is asked to approve: who runs the plan, else any administrator.

        :return: ``res.users`` record, never the person, maybe empty
        """
        self.ensure_one()
        group = self.env.ref("front_office_quota.group_quota_admin")
        plan = self.plan_id
        return (plan.approver_id | plan.proposer_id | group.all_user_ids).filtered(
            lambda user: user.active
            and user != self.user_id
            and user != self.env.ref("base.user_root")
            and group in user.all_group_ids
            and self.company_id in user.company_ids
        )[:1]

    # --- disputes ---------------------------------------------------------------

    def action_dispute(self):
        """Open the form in which the person says what is missing."""
        self.ensure_one()
        return self.env["quota.dispute"]._open_form(self)

    def action_view_disputes(self):
        """Open the disputes of this statement."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_quota.quota_dispute_action"
        )
        return {
            **action,
            "domain": [("statement_id", "=", self.id)],
            "context": {"create": False},
        }
