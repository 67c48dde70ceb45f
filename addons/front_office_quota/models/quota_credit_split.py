from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

# the invoices whose split a transaction changes, until it commits
CHANGED = "front_office_quota.split"


class QuotaCreditSplit(models.Model):
    """The part of an invoice that counts for one of several people."""

    _name = "quota.credit.split"
    _description = "Credit split of an invoice"
    _order = "move_id, id"
    _check_company_auto = True

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="move_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users", string="Person", required=True, index=True, ondelete="restrict"
    )
    percent = fields.Float(required=True, digits=(5, 2))

    _unique_person = models.UniqueIndex(
        "(move_id, user_id)", "A person has one part of an invoice."
    )
    _percent = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)",
        "A part of an invoice is more than 0 % and at most 100 %.",
    )

    @api.constrains("user_id")
    def _check_person(self):
        if SUPERUSER_ID in self.user_id.ids:
            raise ValidationError(
                self.env._(
                    "OdooBot counts as nobody. Choose a person for each part of the "
                    "credit split."
                )
            )

    @api.constrains("move_id")
    def _check_document(self):
        # sudo: only the type of the document is looked at
        for split in self.sudo():
            if not split.move_id.is_sale_document(include_receipts=True):
                raise ValidationError(
                    self.env._(
                        "%(entry)s is not a customer invoice, so it has no credit to "
                        "split.",
                        entry=split.move_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["account.move"].browse(
            {vals["move_id"] for vals in vals_list if vals.get("move_id")}
        )
        self._begin_change(moves)
        return super().create(vals_list)

    def write(self, vals):
        moves = self.move_id
        if vals.get("move_id"):
            moves |= moves.browse(vals["move_id"])
        self._begin_change(moves)
        return super().write(vals)

    def unlink(self):
        self._begin_change(self.move_id)
        return super().unlink()

    @api.model
    def _begin_change(self, moves):
        """Do what precedes each change of the split of ``moves``.

        :param moves: the invoices
        :raises UserError: when one is not a draft and the user is no administrator of
            quotas
        """
        # sudo: a quota administrator may share credit without a right to invoices
        fixed = moves.sudo().filtered(lambda move: move.state != "draft")
        if (
            fixed
            and not self.env.su
            and not self.env.user.has_group("front_office_quota.group_quota_admin")
        ):
            raise UserError(
                self.env._(
                    "%(invoice)s is not a draft any more: only a quota administrator "
                    "changes its credit split.",
                    invoice=fixed[0].display_name,
                )
            )
        self.env["quota.credit.delta"]._watch_moves(moves.ids)
        precommit = self.env.cr.precommit
        if CHANGED not in precommit.data:
            precommit.data[CHANGED] = {}
            precommit.add(self._end_changes)
        for move in moves:
            precommit.data[CHANGED].setdefault(move.id, move in fixed)

    @api.model
    def _end_changes(self):
        """Check and record, when a transaction ends, the splits that it has changed.

        Only then the parts are complete: an edit of two parts is two writes.

        :raises ValidationError: when the parts of an invoice are not 100 %
        """
        changed = self.env.cr.precommit.data.pop(CHANGED, {})
        # sudo: whoever may change the split need not have a right to the invoice
        moves = self.env["account.move"].sudo().browse(changed).exists()
        moves._check_quota_split()
        moves = moves.filtered(lambda move: changed[move.id])
        if not moves:
            return
        # Two transactions that change the split and the payments of an invoice at the
        # same time must notice each other; a payment writes the invoice as well.
        self.env.execute_query(
            SQL(
                """UPDATE account_move SET write_date = %s WHERE id = ANY(%s)
                RETURNING id""",
                self.env.cr.now(),
                moves.ids,
            )
        )
        moves.invalidate_recordset(["write_date"])
        for move in moves:
            move.message_post(
                author_id=self.env.user.partner_id.id,
                body=move._get_quota_split_message(),
            )
