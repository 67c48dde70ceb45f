from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

GROUP = "office_role_hiring.group_background_check"
CLOSED = ("done", "cancelled")
OPEN = ("todo", "asked", "consented", "ordered", "adverse")
REPORT = ("ordered", "adverse")
# what may be written by hand, and in which states; the rest belongs to the actions
EDITABLE = {
    "consent_date": ("todo", "asked"),
    "consent_document": ("todo", "asked"),
    "consent_filename": ("todo", "asked"),
    "provider_id": OPEN[:4],
    "provider_reference": OPEN[:4],
    "due_date": OPEN[:4],
    "note": OPEN,
    "valid_until": ("ordered",),
    "report_file": REPORT,
    "report_filename": REPORT,
    "attach_report": REPORT,
    "attach_rights": REPORT,
    "notice_by_post": OPEN,
    "decision_reason": ("adverse",),
}
# at any time: a court case may begin long after the check
ALWAYS = {"legal_hold"}
PERSON = {"applicant_id", "employee_id", "type_id"}


class HrBackgroundCheck(models.Model):
    """A check of an applicant or employee, from the consent to the result.

    The steps are actions; database constraints keep their order whatever the route.
    A closed check stays as it is. What others may know, that a check is missing, is on
    the applicant; nothing here is for anybody outside the group.
    """

    _name = "hr.background.check"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Background Check"
    _order = "id desc"
    _check_company_auto = True

    applicant_id = fields.Many2one(
        "hr.applicant",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    person_name = fields.Char(
        string="Person",
        compute="_compute_person_name",
        compute_sudo=True,
        store=True,
    )
    type_id = fields.Many2one(
        "hr.background.check.type",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
        string="Check",
    )
    is_sensitive = fields.Boolean(related="type_id.is_sensitive")
    type_description = fields.Text(related="type_id.description")
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        compute_sudo=True,
        store=True,
        precompute=True,
        required=True,
        index=True,
        help="The company that asked for consent: it stays the same.",
    )
    state = fields.Selection(
        [
            ("todo", "To do"),
            ("asked", "Consent asked"),
            ("consented", "Consented"),
            ("ordered", "Ordered"),
            ("adverse", "Adverse process"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="todo",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    asked_on = fields.Date(string="Consent asked on", readonly=True, copy=False)
    consent_date = fields.Date(
        string="Consent given on",
        copy=False,
        help="Nothing is ordered before the person has agreed in writing.",
    )
    consent_document = fields.Binary(
        string="Signed consent", attachment=True, copy=False
    )
    consent_filename = fields.Char(string="Name of the consent", copy=False)
    provider_id = fields.Many2one(
        "res.partner",
        help="Who makes the check. Leave empty where your own staff does.",
    )
    provider_reference = fields.Char(string="Reference of the provider", copy=False)
    ordered_on = fields.Date(string="Ordered on", readonly=True, copy=False)
    ordered_by_id = fields.Many2one(
        "res.users", string="Ordered by", readonly=True, copy=False
    )
    due_date = fields.Date(string="Result due", copy=False)
    result = fields.Selection(
        [
            ("clear", "Clear"),
            ("adverse", "Adverse"),
            ("inconclusive", "Inconclusive"),
        ],
        readonly=True,
        copy=False,
        help="Empty while it is pending, and after it was deleted.",
    )
    result_date = fields.Date(string="Result on", readonly=True, copy=False)
    valid_until = fields.Date(
        string="Valid until",
        copy=False,
        help="Empty before the result: follows from the type of the check.",
    )
    report_file = fields.Binary(string="Report", attachment=True, copy=False)
    report_filename = fields.Char(string="Name of the report", copy=False)
    note = fields.Text(copy=False)
    closed_on = fields.Date(string="Ended on", readonly=True, copy=False)
    is_frozen = fields.Boolean(compute="_compute_is_frozen", compute_sudo=True)

    _one_open = models.UniqueIndex(
        "(applicant_id, type_id, company_id) WHERE state NOT IN ('done', 'cancelled')",
        "This applicant already has an open background check of this type. Finish or "
        "cancel that one first.",
    )
    _person_given = models.Constraint(
        "CHECK (applicant_id IS NOT NULL OR employee_id IS NOT NULL)",
        "A background check is about an applicant or an employee: choose one.",
    )
    _consent_first = models.Constraint(
        "CHECK (ordered_on IS NULL OR "
        "(consent_date IS NOT NULL AND consent_date <= ordered_on))",
        "A background check is ordered on or after the day of the consent, never "
        "before it.",
    )
    _ordered_state = models.Constraint(
        "CHECK (state NOT IN ('ordered', 'adverse', 'done') OR ordered_on IS NOT NULL)",
        "A background check has no result before it was ordered.",
    )
    _due_after_order = models.Constraint(
        "CHECK (due_date IS NULL OR ordered_on IS NULL OR due_date >= ordered_on)",
        "The day on which the result of a background check is due lies before the day "
        "of the order. Correct Result due.",
    )
    _result_after_order = models.Constraint(
        "CHECK (result_date IS NULL OR "
        "(ordered_on IS NOT NULL AND result_date >= ordered_on))",
        "The result of a background check comes on or after the day of the order.",
    )
    _valid_after_result = models.Constraint(
        "CHECK (valid_until IS NULL OR result_date IS NULL "
        "OR valid_until >= result_date)",
        "The result of a background check expires after the day of the result. Correct "
        "Valid until.",
    )

    # --- constraints and computes -----------------------------------------------------

    @api.constrains("state", "consent_date", "consent_document")
    def _check_consent(self):
        today = fields.Date.context_today(self)
        for check in self:
            if check.consent_date and check.consent_date > today:
                raise ValidationError(
                    self.env._(
                        "Consent given on of %s lies in the future. Enter the day on "
                        "the signed document.",
                        check.display_name,
                    )
                )
            if check.state in ("consented", "ordered", "adverse", "done"):
                check._require_consent()

    def _require_consent(self):
        """:raise ValidationError: the date or the document of the consent is missing"""
        self.ensure_one()
        if not self._is_erased() and not (self.consent_date and self.consent_document):
            raise ValidationError(
                self.env._(
                    "Nothing can be ordered without consent. Enter Consent given on "
                    "and attach the Signed consent of %s first.",
                    self.display_name,
                )
            )

    @api.depends("applicant_id.partner_name", "employee_id.name")
    def _compute_person_name(self):
        for check in self:
            check.person_name = (
                check.applicant_id.partner_name or check.employee_id.name
            )

    @api.depends("applicant_id", "employee_id")
    def _compute_company_id(self):
        for check in self:
            check.company_id = (
                check.company_id
                or check.applicant_id.company_id
                or check.employee_id.company_id
                or self.env.company
            )

    @api.depends("type_id", "person_name")
    def _compute_display_name(self):
        for check in self:
            name = check.type_id.name or self.env._("Background check")
            check.display_name = f"{name}: {check.person_name or '…'}"

    @api.depends("state", "erased_on")
    def _compute_is_frozen(self):
        for check in self:
            check.is_frozen = check.state in CLOSED and not check._is_erased()

    # --- what may be written ----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        checks = super().create(vals_list)
        if not self.env.su:
            checks._check_new()
        for state, found in checks.grouped("state").items():
            if state not in CLOSED:
                found._plan_activity(self._get_next_step(state))
        return checks

    @api.model
    def _get_next_step(self, state):
        """Return what comes next in a state; says nothing of a result."""
        return {
            "todo": self.env._("Ask for consent"),
            "asked": self.env._("Record the consent"),
            "consented": self.env._("Order the check"),
            "ordered": self.env._("Record the result"),
            "adverse": self.env._("Decide what follows"),
        }[state]

    def _check_new(self):
        """Refuse a check that begins anywhere but at its beginning.

        Defaults in the context and imports come this way too.

        :raise UserError: names the check and the field
        """
        allowed = {name for name, states in EDITABLE.items() if "todo" in states}
        steps = self._get_step_fields() - allowed
        for check in self:
            filled = [name for name in sorted(steps) if check[name]]
            if check.state != "todo" or filled:
                field = self._fields[filled[0] if filled else "state"]
                raise UserError(
                    self.env._(
                        "%(check)s begins without %(field)s. Leave that out, and use "
                        "the buttons of the check.",
                        check=check.display_name,
                        field=field._description_string(self.env),
                    )
                )

    @api.model
    def _get_step_fields(self):
        """Return the fields that the steps of a check fill."""
        return {
            "asked_on",
            "ordered_on",
            "ordered_by_id",
            "result",
            "result_date",
            "valid_until",
            "report_file",
            "closed_on",
        }

    def write(self, vals):
        self._check_writable(vals)
        return super().write(vals)

    def _check_writable(self, vals):
        """Refuse what is closed, and what belongs to the actions.

        :raise UserError: names the check and the field
        """
        names = {
            name
            for name in vals
            if name not in ALWAYS and not name.startswith(("activity_", "message_"))
        }
        for check in self if names else ():
            if check.state in CLOSED:
                raise UserError(
                    self.env._(
                        "%s is closed and stays as it is. Make a new check instead.",
                        check.display_name,
                    )
                )
            for name in () if self.env.su else sorted(names):
                if check.state not in EDITABLE.get(name, ()):
                    raise UserError(
                        self.env._(
                            "%(field)s of %(check)s cannot be changed by hand while "
                            "its state is %(state)s. Use the buttons of the check.",
                            field=self._fields[name]._description_string(self.env),
                            check=check.display_name,
                            state=check._get_state_label(),
                        )
                    )

    def _set(self, vals):
        """Write what only an action may write; the caller has checked the rights."""
        # past our own write, which refuses that
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for check in self:
            if check.state != "todo":
                raise UserError(
                    self.env._(
                        "%s cannot be deleted: that it was begun stays on record. "
                        "Cancel it, or let the retention time delete its result.",
                        check.display_name,
                    )
                )

    def _get_state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    # --- actions ----------------------------------------------------------------------

    def _require_state(self, *states):
        """Check that the user may write and that the action fits the state.

        :raise UserError: names the check, its state and the states that fit
        """
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for check in self:
            if check.state not in states:
                raise UserError(
                    self.env._(
                        "This is not possible for %(check)s, whose state is %(state)s. "
                        "It has to be: %(states)s.",
                        check=check.display_name,
                        state=labels[check.state],
                        states=", ".join(labels[state] for state in states),
                    )
                )

    def action_record_consent(self):
        """Consent was given: the date and the document are on the check."""
        self._require_state("todo", "asked")
        for check in self:
            check._require_consent()
        self._set({"state": "consented"})
        self._plan_activity(self._get_next_step("consented"))

    def action_order(self):
        """Order the checks today."""
        self._require_state("consented")
        for check in self:
            check._require_consent()
        self._set(
            {
                "state": "ordered",
                "ordered_on": fields.Date.context_today(self),
                "ordered_by_id": self.env.uid,
            }
        )
        for due_date, checks in self.grouped("due_date").items():
            checks._plan_activity(self._get_next_step("ordered"), due_date)

    def action_result_clear(self):
        """Nothing was found: the check is done."""
        self._record_result("clear")

    def action_result_inconclusive(self):
        """No conclusion: the check is done, and does not count."""
        self._record_result("inconclusive")

    def action_result_adverse(self):
        """Something was found: the adverse process begins."""
        self._record_result("adverse")

    def _record_result(self, result):
        self._require_state("ordered")
        today = fields.Date.context_today(self)
        for check in self:
            months = check.type_id.validity_months
            check._set(
                {
                    "result": result,
                    "result_date": today,
                    # whatever the result, so that the date does not tell it
                    "valid_until": check.valid_until
                    or (months and today + relativedelta(months=months)),
                    "state": "adverse" if result == "adverse" else "done",
                    "closed_on": False if result == "adverse" else today,
                }
            )
        self._drop_activities()
        if result == "adverse":
            self._plan_activity(self._get_next_step("adverse"))

    def action_cancel(self):
        """Stop the checks, for instance because consent was withdrawn."""
        self._require_state("todo", "asked", "consented", "ordered")
        today = fields.Date.context_today(self)
        self._set({"state": "cancelled", "closed_on": today})
        self._drop_activities()

    # --- activities and mail: nothing leaves the group --------------------------------

    def _plan_activity(self, summary, deadline=None):
        """Replace the activities by one for whoever orders the checks.

        :param summary: what to do; never says a result
        :param deadline: date, today where there is none
        """
        self._drop_activities()
        todo = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id(self._name)
        values = []
        for check in self:
            user = check._get_responsible()
            if user:
                values.append(
                    {
                        "activity_type_id": todo.id,
                        "res_model_id": model_id,
                        "res_id": check.id,
                        "user_id": user.id,
                        "summary": summary,
                        "date_deadline": deadline or fields.Date.context_today(self),
                        "automated": True,
                    }
                )
        # no e-mail an activity: many checks are prepared at once
        quick = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        # sudo: whose activity it is, and what it says, is fixed above
        quick.sudo().create(values)

    def _get_responsible(self):
        """Return who orders the check: of the group, and in its company, or nobody."""
        self.ensure_one()
        # sudo: anybody's company and rights are looked at
        users = self.sudo().company_id.background_responsible_id + self.env.user.sudo()
        return users.filtered(
            lambda user: user.active
            and user.has_group(GROUP)
            and self.company_id in user.company_ids
        )[:1]

    def _drop_activities(self):
        """Remove the activities that the steps planned."""
        # sudo: they may be a colleague's
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("automated", "=", True),
            ]
        ).unlink()

    def _get_allowed_partners(self, partner_ids, persons=False):
        """Return those of the partners who belong to the group.

        :param persons: whether those who are checked may be told too
        """
        # sudo: the rights of other users are looked at
        checks = self.sudo()
        partners = checks.env["res.partner"].browse(partner_ids)
        allowed = partners.filtered(
            lambda partner: any(user.has_group(GROUP) for user in partner.user_ids)
        )
        if persons:
            checked = checks.applicant_id.partner_id
            allowed |= partners & (checked + checks.employee_id.work_contact_id)
        return allowed

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Only the group follows a check."""
        allowed = self._get_allowed_partners(partner_ids or []).ids
        return super().message_subscribe(allowed, subtype_ids)

    def message_post(self, **kwargs):
        """Write to the group and to the person, and to nobody else.

        :raise UserError: names the others
        """
        partners = self.env["res.partner"].browse(kwargs.get("partner_ids") or ())
        others = partners - self._get_allowed_partners(partners.ids, persons=True)
        if others:
            raise UserError(
                self.env._(
                    "%(names)s may not be told of %(check)s. Write to people with the "
                    "right Background Checks, or to the person who is checked.",
                    names=", ".join(others.mapped("display_name")),
                    check=self.display_name,
                )
            )
        return super().message_post(**kwargs)

    def _message_create(self, values_list):
        """Nobody else is a recipient of any other message."""
        for values in values_list:
            if partner_ids := values.get("partner_ids"):
                allowed = self._get_allowed_partners(partner_ids, persons=True)
                values["partner_ids"] = allowed.ids
        return super()._message_create(values_list)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Who has left the group is told nothing more, follower or not."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        allowed = self._get_allowed_partners(
            [each["id"] for each in recipients], persons=True
        )
        return [each for each in recipients if each["id"] in allowed.ids]
