from odoo import api, fields, models
from odoo.exceptions import UserError


class QuotaStatementLine(models.Model):
    """One invoice (or payment) on a statement, or one adjustment of an earlier one."""

    _name = "quota.statement.line"
    _description = "Line of a commission statement"
    _order = "statement_id, origin_statement_id desc, date, move_id, id"
    _check_company_auto = True
    _log_access = False

    statement_id = fields.Many2one(
        "quota.statement",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="statement_id.user_id", store=True, index=True)
    state = fields.Selection(related="statement_id.state", related_sudo=False)
    origin_statement_id = fields.Many2one(
        "quota.statement",
        string="Adjusts",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        readonly=True,
        help="The frozen statement that this line corrects; empty on a line of the "
        "statement's own period.",
    )
    date = fields.Date(readonly=True)
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index=True,
        ondelete="set null",
        check_company=True,
        readonly=True,
    )
    move_name = fields.Char(string="Number", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    partial_id = fields.Integer(
        string="Payment",
        readonly=True,
        help="The reconciliation that was credited; a number, not a link, because "
        "unreconciling deletes it.",
    )
    rate_id = fields.Many2one(
        "quota.commission.category",
        string="Rate of Category",
        ondelete="restrict",
        readonly=True,
    )
    amount = fields.Monetary(string="Credited", readonly=True)
    rate = fields.Float(
        digits=(16, 6),
        readonly=True,
        help="The base rate, or that of the product category.",
    )
    commission = fields.Monetary(
        readonly=True,
        help="The line's part of the statement's commission, tiers and cap included.",
    )
    dispute_ids = fields.One2many(
        "quota.dispute", "line_id", string="Disputes", readonly=True
    )
    dispute_state = fields.Selection(
        selection=lambda self: self.env["quota.dispute"]._fields["state"].selection,
        string="Dispute",
        compute="_compute_dispute_state",
        compute_sudo=False,
        help="What became of the last dispute of this line.",
    )
    can_dispute = fields.Boolean(related="statement_id.can_dispute", related_sudo=False)

    @api.depends("statement_id.display_name")
    def _compute_display_name(self):
        # no amounts: Odoo shows a name also to those who may not read the record
        for line in self:
            line.display_name = line.statement_id.display_name

    @api.depends("dispute_ids.state")
    def _compute_dispute_state(self):
        for line in self:
            line.dispute_state = line.dispute_ids.sorted("id")[-1:].state

    # --- frozen means frozen ----------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines, on statements that are not frozen."""
        lines = super().create(vals_list)
        lines._check_not_frozen()
        return lines

    def write(self, vals):
        """Write lines, of and to statements that are not frozen."""
        self.check_access("write")
        self._check_not_frozen()
        result = super().write(vals)
        if "statement_id" in vals:
            self._check_not_frozen()
        return result

    @api.ondelete(at_uninstall=False)
    def _check_not_frozen(self):
        for statement in self.statement_id:
            if statement.state != "computed":
                statement._raise_frozen()

    # --- actions ----------------------------------------------------------------

    def action_dispute(self):
        """Open the form in which the person says what is wrong with this line."""
        self.ensure_one()
        return self.env["quota.dispute"]._open_form(self.statement_id, self)

    def action_open_move(self):
        """Open the invoice, for those who may read it.

        :raise UserError: a sentence instead of an access error for all others
        """
        self.ensure_one()
        # A salesperson without invoicing reads the invoice, but not the payments that
        # its form shows.
        groups = "account.group_account_readonly,account.group_account_invoice"
        if (
            not self.move_id
            or not self.env.user.has_groups(groups)
            or not self.move_id.has_access("read")
        ):
            raise UserError(
                self.env._(
                    "You may not open the invoice %s. Ask the accounting department "
                    "for a copy.",
                    self.move_name or "",
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def _get_key(self):
        """Return what stays the same when the line is computed again."""
        self.ensure_one()
        parts = (
            self.origin_statement_id.id,
            self.move_id.id,
            self.partial_id,
            self.rate_id.id,
        )
        return "/".join(str(part or 0) for part in parts)
