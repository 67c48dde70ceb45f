from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

ACTIVITY_RESOLVE = "front_office_quota.mail_activity_type_dispute"
# what the person says; all else is set by the program
RAISED_FIELDS = ("statement_id", "line_id", "move_id", "reason", "note")


class QuotaDispute(models.Model):
    _name = "quota.dispute"
    _description = "Dispute of a statement line"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    statement_id = fields.Many2one(
        "quota.statement",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    line_id = fields.Many2one(
        "quota.statement.line",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Empty where something is missing from the statement.",
    )
    line_key = fields.Char(
        readonly=True,
        help="Finds the line again after the statement was computed anew.",
    )
    subject = fields.Char(
        readonly=True, help="The line as it was when the dispute was raised."
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", index="btree_not_null", check_company=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    statement_state = fields.Selection(
        related="statement_id.state",
        related_sudo=False,
        string="State of the statement",
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one(related="statement_id.user_id", store=True, index=True)
    reason = fields.Selection(
        [
            ("missing", "An invoice or payment is missing"),
            ("amount", "The amount is wrong"),
            ("rate", "The rate is wrong"),
            ("person", "The credit belongs to somebody else"),
            ("other", "Something else"),
        ],
        required=True,
    )
    note = fields.Text(required=True)
    state = fields.Selection(
        [("open", "Open"), ("accepted", "Accepted"), ("refused", "Refused")],
        required=True,
        default="open",
        readonly=True,
        index=True,
        tracking=True,
    )
    raised_by_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    resolved_by_id = fields.Many2one("res.users", readonly=True)
    resolved_on = fields.Datetime(readonly=True)
    resolution = fields.Text(readonly=True)
    can_resolve = fields.Boolean(compute="_compute_can_resolve")

    _two_people = models.Constraint(
        "CHECK (resolved_by_id IS NULL OR resolved_by_id != raised_by_id)",
        "Somebody else than the person who raised a dispute has to resolve it.",
    )
    _not_the_person = models.Constraint(
        "CHECK (resolved_by_id IS NULL OR resolved_by_id != user_id)",
        "Somebody else than the person of the statement has to resolve a dispute.",
    )
    _resolved_has_answer = models.Constraint(
        "CHECK (state = 'open' OR (resolved_by_id IS NOT NULL AND resolution > ''))",
        "A resolved dispute has an answer and somebody who gave it. "
        "Use the button Resolve.",
    )
    # --- computes ---------------------------------------------------------------

    @api.depends("statement_id.display_name")
    def _compute_display_name(self):
        # no amounts: Odoo shows a name also to those who may not read the record
        for dispute in self:
            dispute.display_name = dispute.statement_id.display_name

    @api.depends("state", "user_id", "raised_by_id")
    @api.depends_context("uid")
    def _compute_can_resolve(self):
        is_manager = self.env.user.has_group("front_office_quota.group_quota_manager")
        for dispute in self:
            dispute.can_resolve = (
                is_manager
                and dispute.state == "open"
                and self.env.user not in dispute.user_id + dispute.raised_by_id
            )

    # --- raising ----------------------------------------------------------------

    @api.model
    def _open_form(self, statement, line=None):
        """Return the dialog in which a dispute is raised.

        :param statement: ``quota.statement`` record
        :param line: ``quota.statement.line`` record, none when something is missing
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What is wrong?")
            if line
            else self.env._("What is missing?"),
            "res_model": self._name,
            "view_mode": "form",
            "view_id": self.env.ref("front_office_quota.quota_dispute_view_raise").id,
            "target": "new",
            "context": {
                "default_statement_id": statement.id,
                "default_line_id": line.id if line else False,
                "default_reason": "amount" if line else "missing",
            },
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Raise disputes of one's own statements.

        :raise AccessError: when a statement is somebody else's
        :raise UserError: when a statement is approved or paid, or the line is not its
        """
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in RAISED_FIELDS if name in vals}
                for vals in vals_list
            ]
        disputes = super().create(vals_list)
        for dispute in disputes:
            dispute._check_raise()
        # sudo: the person may raise a dispute, and not write it afterwards
        disputes.sudo()._after_raise()
        return disputes

    def _check_raise(self):
        statement = self.statement_id
        if not self.env.su and self.env.user != statement.user_id:
            raise AccessError(
                self.env._(
                    "Only %(person)s disputes %(statement)s.",
                    person=statement.user_id.name,
                    statement=statement.display_name,
                )
            )
        if statement.state not in ("computed", "confirmed"):
            raise UserError(
                self.env._(
                    "%(statement)s is %(state)s and cannot be disputed any more. "
                    "Talk to your manager: a correction comes as an adjustment.",
                    statement=statement.display_name,
                    state=statement._get_state_label().lower(),
                )
            )
        if self.line_id and self.line_id.statement_id != statement:
            raise UserError(
                self.env._("The line is not one of %s.", statement.display_name)
            )
        if self.line_id and self._has_twin():
            raise UserError(
                self.env._(
                    "%s: this line has an open dispute already.",
                    statement.display_name,
                )
            )
        if self.move_id and self.move_id != self.line_id.move_id:
            # else the name of any invoice could be read through a dispute
            self.move_id.check_access("read")

    def _has_twin(self):
        """Whether another dispute of the same line is open."""
        self.ensure_one()
        return bool(
            self.search_count(
                [
                    ("id", "!=", self.id),
                    ("statement_id", "=", self.statement_id.id),
                    ("line_key", "=", self.line_id._get_key()),
                    ("state", "=", "open"),
                ],
                limit=1,
            )
        )

    def _after_raise(self):
        """Remember the line, tell the chatter of the statement and who resolves."""
        for dispute in self:
            if line := dispute.line_id:
                amount = dispute.currency_id.format(line.amount)
                dispute.write(
                    {
                        "line_key": line._get_key(),
                        "subject": f"{line.move_name or ''}: {amount}",
                        "move_id": line.move_id.id,
                    }
                )
            dispute.statement_id.message_post(
                body=self.env._(
                    "Dispute raised. %(reason)s. %(subject)s %(note)s",
                    reason=dispute._get_label("reason"),
                    subject=dispute.subject or "",
                    note=dispute.note,
                )
            )
            if resolver := dispute._get_resolver():
                dispute.activity_schedule(ACTIVITY_RESOLVE, user_id=resolver.id)

    def _get_label(self, name):
        """Return the label of a selection's value in the user's language."""
        self.ensure_one()
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _get_resolver(self):
        """Return who is asked: the team's leader, the person's manager, an approver."""
        self.ensure_one()
        statement = self.statement_id
        employees = statement.user_id.employee_ids.filtered(
            lambda employee: employee.company_id == statement.company_id
        )
        candidates = statement.team_id.user_id | employees.parent_id.user_id
        return (
            candidates.filtered(
                lambda user: user not in statement.user_id + self.raised_by_id
                and user.has_group("front_office_quota.group_quota_manager")
                and statement.company_id in user.company_ids
            )[:1]
            or statement._get_approver()
        )

    # --- a trace stays ----------------------------------------------------------

    def write(self, vals):
        """Refuse to change what was said, and a dispute that is resolved.

        :raise UserError: in both cases
        """
        self.check_access("write")
        names = {
            name
            for name in vals
            if not self.env["quota.statement"]._is_chatter_field(name)
        } - {"line_id"}
        if "statement_id" in names and self._goes_with_line(vals):
            names.discard("statement_id")
        if names & {"statement_id", "reason", "note", "raised_by_id"}:
            self._raise_kept()
        if names:
            self.filtered(lambda dispute: dispute.state != "open")._raise_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _raise_kept(self):
        if self:
            raise UserError(
                self.env._(
                    "%s: what was said in a dispute is kept as it is. Write in the "
                    "chatter instead.",
                    ", ".join(self.mapped("display_name")),
                )
            )

    # --- resolving --------------------------------------------------------------

    def action_open_resolve(self):
        """Ask for the answer."""
        self.ensure_one()
        self._check_resolve()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve the Dispute"),
            "res_model": "quota.dispute.resolve",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

    def _check_resolve(self):
        """Refuse all but a manager of the person, or an administrator."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("front_office_quota.group_quota_manager"):
            raise AccessError(
                self.env._("Only a manager or a quota administrator resolves disputes.")
            )
        if self.env.user in self.user_id + self.raised_by_id:
            raise UserError(
                self.env._(
                    "%s: somebody else has to resolve your dispute.", self.display_name
                )
            )
        if self.state != "open":
            raise UserError(
                self.env._(
                    "%(dispute)s was resolved by %(person)s already.",
                    dispute=self.display_name,
                    person=self.resolved_by_id.name,
                )
            )

    def _resolve(self, state, resolution):
        """Answer a dispute; an accepted one has a computed statement computed again.

        :param state: ``accepted`` or ``refused``
        :param resolution: the answer, not empty
        :raise UserError: when the answer is empty or the user is a part of the dispute
        """
        self._check_resolve()
        if not (resolution or "").strip():
            raise UserError(
                self.env._("%s: write an answer for the person.", self.display_name)
            )
        # sudo: nobody has the right to write a dispute; _check_resolve has checked
        dispute = self.sudo()
        dispute.write(
            {
                "state": state,
                "resolution": resolution.strip(),
                "resolved_by_id": self.env.user.id,
                "resolved_on": fields.Datetime.now(),
            }
        )
        dispute.activity_feedback([ACTIVITY_RESOLVE])
        dispute._post_resolution()
        if state == "accepted" and dispute.statement_id.state == "computed":
            dispute.statement_id._recompute_figures()

    def _post_resolution(self):
        """Leave the answer in both chatters, and tell who raised the dispute."""
        body = self.env._(
            "Dispute %(state)s. %(resolution)s",
            state=self._get_label("state").lower(),
            resolution=self.resolution,
        )
        self.message_post(body=body, partner_ids=self.raised_by_id.partner_id.ids)
        self.statement_id.message_post(
            body=f"{self.subject}. {body}" if self.subject else body
        )

    # --- after the lines were made anew -----------------------------------------

    @api.model
    def _relink_lines(self, companies, users=None):
        """Find the lines of disputes again after statements were computed anew.

        A dispute of an adjustment goes with it to another open statement of the
        person. One whose line is not there any more stays where it is, without it.

        :param companies: ``res.company`` records whose statements were computed
        :param users: only the disputes of these people; None: all
        """
        domain = Domain("company_id", "in", companies.ids) & Domain(
            "line_key", "!=", False
        )
        # what is frozen keeps its lines
        domain &= Domain("statement_id.state", "=", "computed") | Domain(
            "line_id", "=", False
        )
        if users is not None:
            domain &= Domain("user_id", "in", users.ids)
        disputes = self.search(domain)
        lines = {
            (line.statement_id.id, line._get_key()): line
            for line in disputes.statement_id.line_ids
        }
        elsewhere = disputes._find_moved_lines(lines)
        for dispute in disputes:
            dispute._link_line(
                lines.get((dispute.statement_id.id, dispute.line_key))
                or elsewhere.get(dispute)
                or dispute.line_id.browse()
            )

    def _find_moved_lines(self, lines):
        """Return the adjustments that now stand on another open statement.

        :param lines: what was found on the statements of the disputes themselves
        :return: dict of dispute to ``quota.statement.line``
        """
        lost = self.filtered(
            lambda dispute: dispute.statement_id.state == "computed"
            and dispute._get_origin_id()
            and (dispute.statement_id.id, dispute.line_key) not in lines
        )
        origin_ids = [dispute._get_origin_id() for dispute in lost]
        found = {
            line._get_key(): line
            for line in self.env["quota.statement.line"].search(
                [
                    ("origin_statement_id", "in", origin_ids),
                    ("statement_id.state", "=", "computed"),
                ]
            )
        }
        return {
            dispute: found[dispute.line_key]
            for dispute in lost
            if dispute.line_key in found
        }

    def _get_origin_id(self):
        """Return the id of the statement that the line adjusts, 0 if it does not."""
        return int(self.line_key.partition("/")[0])

    def _link_line(self, line):
        """Point the dispute at its line; say so where that is on another statement.

        :param line: ``quota.statement.line`` record, none if it is not there any more
        """
        self.ensure_one()
        before = self.statement_id
        if line and line.statement_id != before:
            self.write({"line_id": line.id, "statement_id": line.statement_id.id})
            for statement in before + line.statement_id:
                statement.message_post(
                    body=self.env._(
                        "The adjustment %(line)s, on which there is a dispute, now "
                        "stands on %(statement)s. The dispute went with it.",
                        line=line.move_name or "",
                        statement=line.statement_id.display_name,
                    )
                )
        elif self.line_id != line:
            self.line_id = line

    def _goes_with_line(self, vals):
        """Whether a change takes the disputes along with their line, and no more."""
        line = self.env["quota.statement.line"].browse(vals.get("line_id") or None)
        return (
            self.env.su
            and bool(line)
            and vals["statement_id"] == line.statement_id.id
            and all(
                dispute.line_key == line._get_key()
                and dispute._get_origin_id()
                and dispute.user_id == line.user_id
                for dispute in self
            )
        )
