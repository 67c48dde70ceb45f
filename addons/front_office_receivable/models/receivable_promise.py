import logging
import random
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)
from odoo.tools import SQL, clean_context

from ..promise import paid_of_each
from ..promise_sql import call_again, change, facts, replace_again
from ..recall_sql import mark_calls

_logger = logging.getLogger(__name__)

STATES = [
    ("open", "Open"),
    ("kept", "Kept"),
    ("broken", "Broken"),
    ("replaced", "Replaced"),
    ("void", "Nothing left to pay"),
]
# Promises that were decided are looked at again for so long: a bank statement may come
# late, and a payment may be taken back.
RECHECK_DAYS = 60
# What only the ledger decides.
PROTECTED = ("state", "settled_on", "deadline")
# What is the call's: nobody promises in somebody else's name.
OF_CALL = ("company_id", "partner_id", "user_id")
# Further ahead nobody promises; it is a slip of the keyboard.
MAX_AHEAD = timedelta(days=5 * 365)


class ReceivablePromise(models.Model):
    """An instalment that a customer promised in a call."""

    _name = "receivable.promise"
    _description = "Promise to Pay"
    _rec_name = "partner_id"
    _order = "date, id"
    _check_company_auto = True

    call_id = fields.Many2one(
        "receivable.call",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="call_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="call_id.currency_id")
    partner_id = fields.Many2one(
        related="call_id.partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index=True,
    )
    user_id = fields.Many2one(
        related="call_id.user_id", string="Called By", store=True, precompute=True
    )
    move_ids = fields.Many2many(
        "account.move",
        compute="_compute_move_ids",
        search="_search_move_ids",
        string="Invoices",
    )
    date = fields.Date(string="Promised For", required=True)
    amount = fields.Monetary(required=True)
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        precompute=True,
        help="The last day on which the payment is in time: the promised date and the "
        "days of grace, in working days.",
    )
    state = fields.Selection(
        STATES, default="open", required=True, readonly=True, copy=False, index=True
    )
    settled_on = fields.Date(
        string="Decided For",
        readonly=True,
        copy=False,
        help="When the payment came, or the deadline that passed without it.",
    )
    amount_paid = fields.Monetary(
        string="Paid",
        compute="_compute_amount_paid",
        help="What has come since the call, the first instalment first.",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "The amount of a promise must be more than 0."
    )
    _open_idx = models.Index("(call_id) WHERE state = 'open'")

    # --- computes ---------------------------------------------------------------------

    @api.depends("partner_id", "amount")
    def _compute_display_name(self):
        for promise in self:
            amount = promise.currency_id.format(promise.amount)
            promise.display_name = f"{promise.partner_id.name or ''} · {amount}"

    @api.depends("date", "company_id")
    def _compute_deadline(self):
        for company, promises in self.grouped("company_id").items():
            # a company's schedule is not for everybody's eyes; sudo reads its days
            grace = company.sudo().receivable_grace_days
            last = fields.Date.context_today(self) + MAX_AHEAD
            days = {day for day in promises.mapped("date") if day and day <= last}
            # as above, sudo for the schedule
            after = company.sudo()._get_receivable_days(days, grace) if company else {}
            for promise in promises:
                promise.deadline = after.get(promise.date, promise.date)

    @api.depends("call_id.move_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_move_ids(self):
        # of an agreement about several people's invoices everybody sees their own;
        # sudo names them all, and those that may be read are kept
        moves = self.sudo().call_id.move_ids.with_env(self.env)
        readable = moves._filtered_access("read")
        for promise in self:
            # sudo as above
            promise.move_ids = readable & promise.sudo().call_id.move_ids

    def _search_move_ids(self, operator, value):
        return [("call_id.move_ids", operator, value)]

    @api.depends("state", "call_id.promise_ids.amount")
    def _compute_amount_paid(self):
        paid = {row["call_id"]: row["paid"] for row in self._read_facts()}
        for promise in self:
            siblings = promise.call_id.promise_ids.sorted(lambda p: (p.date, p.id))
            parts = paid_of_each(
                siblings.mapped("amount"), float(paid.get(promise.call_id.id, 0))
            )
            promise.amount_paid = dict(zip(siblings, parts, strict=True)).get(promise)

    # --- constraints ------------------------------------------------------------------

    @api.constrains("date")
    def _check_date(self):
        last = fields.Date.context_today(self) + MAX_AHEAD
        for promise in self:
            if promise.date > last:
                raise ValidationError(
                    self.env._(
                        "The promise of “%(customer)s” for %(date)s is too far ahead. "
                        "Set Promised For to a day until %(last)s.",
                        customer=promise.partner_id.display_name,
                        date=promise.date,
                        last=last,
                    )
                )

    # --- create and write -------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_by_ledger(vals)
        # defaults of the screen are the call's, and could bring a state with them
        plain = self.with_context(clean_context(self.env.context))
        promises = super(ReceivablePromise, plain).create(vals_list)
        promises = promises.with_env(self.env)
        promises._check_not_logged()
        return promises

    def write(self, vals):
        # the access row says yes, without which no screen lets a promise be typed
        self._check_by_ledger(vals)
        if not self.env.su:
            self._check_not_logged()
        return super().write(vals)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        # sudo: the calls are in memory, and the rule has read their invoices
        self.sudo().call_id.with_env(self.env)._forget_moves()
        return result

    def _check_by_ledger(self, vals):
        """Refuse what the ledger decides, from whomever it comes.

        :raise AccessError: for a state, a date of decision or a deadline, and for
            another customer, caller or company than the call's
        """
        if not self.env.su and vals.keys() & set(OF_CALL):
            raise AccessError(
                self.env._(
                    "The Customer, Called By and Company of a promise are those of its "
                    "call. Leave them out."
                )
            )
        if not self.env.su and vals.keys() & set(PROTECTED):
            raise AccessError(
                self.env._(
                    "The State, Decided For and Deadline of a promise follow from the "
                    "payments in the ledger. Register the payment instead."
                )
            )

    def _check_not_logged(self):
        """Refuse to add to an agreement that was made.

        :raise UserError: for a promise of a call that was logged before
        """
        late = self.filtered("call_id.logged")
        if late:
            raise UserError(
                self.env._(
                    "The call “%s” is logged, and what was agreed in it stays. Log "
                    "another call with the new promises.",
                    late[0].call_id.display_name,
                )
            )

    # --- actions ----------------------------------------------------------------------

    def action_open_call(self):
        """Open the call in which this was promised."""
        self.ensure_one()
        return self.call_id.get_formview_action()

    # --- the ledger decides -----------------------------------------------------------

    def _read_facts(self):
        """Return what the ledger says about these promises, as dictionaries."""
        ids = [promise.id for promise in self._origin if promise.id]
        if not ids:
            return []
        self._flush_ledger()
        return self.env.execute_query_dict(
            facts(SQL("promise.id = ANY(%s)", ids), self._get_today())
        )

    @api.model
    def _flush_ledger(self):
        """Write what is pending in the tables that the statements read."""
        for name in (
            "account.move",
            "account.move.line",
            "account.partial.reconcile",
            "account.payment",
            "receivable.call",
            "receivable.case",
            "receivable.promise",
        ):
            self.env[name].flush_model()

    @api.model
    def _get_today(self):
        """Return the day of the company of ``promise``, for a statement."""
        return self.env["res.company"]._receivable_today(SQL("promise.company_id"))

    @api.model
    def _decide(self, state, condition=None, today=None):
        """Bring promises into a state that the ledger says they are in.

        :param str state: open, kept, broken or void
        :param SQL condition: which ones, about ``promise``; by default all that are
            not decided, or were not long ago
        :param SQL today: the day of the company of ``promise``, for those who decide
            on several states
        :return: list of (promise id, call id, company id) of those that changed
        """
        today = today or self._get_today()
        if condition is None:
            condition = SQL(
                "(promise.state = 'open' OR promise.state IN ('kept', 'broken', 'void')"
                " AND promise.deadline >= %s - %s)",
                today,
                RECHECK_DAYS,
            )
        self._flush_ledger()
        changed = self.env.execute_query(change(state, condition, today))
        if state == "open" and changed:
            self.env.cr.execute(replace_again(row[0] for row in changed))
        self.invalidate_model(["state", "settled_on", "amount_paid"])
        if state == "broken":
            self._plan_calls(changed)
        return changed

    @api.model
    def _plan_calls(self, broken):
        """Set when to call again after promises that were broken.

        :param broken: what ``_decide`` returned
        """
        calls = {}
        for _promise_id, call_id, company_id in broken:
            calls.setdefault(company_id, set()).add(call_id)
        # sudo: somebody who calls again may find a promise broken, and the working
        # days of the company are not for everybody's eyes
        companies = self.env["res.company"].sudo().browse(calls)
        for company_id, day in companies._get_receivable_recall_days().items():
            self.env.cr.execute(call_again(company_id, calls[company_id], day))
        self.env["receivable.case"].invalidate_model(["next_call_date"])
        # the activities come afterwards, in batches
        self.env.cr.execute(mark_calls(call_id for _id, call_id, _company in broken))
        self.env["receivable.call"].invalidate_model(["to_plan"])

    @api.model
    def _retrying(self, step, *args):
        """Do a step of the job; begin anew where somebody logs a call at the same time.

        A job that fails is tried again the next day only, and a request at once: so is
        this, five times, after a random and growing wait.

        :raise psycopg2.OperationalError: where somebody stands in the way each time
        """
        for attempt in range(1, MAX_TRIES_ON_CONCURRENCY_FAILURE):
            # compiling these statements takes longer than they run
            self.env.cr.execute("SET LOCAL jit = off")
            try:
                return step(*args)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                _logger.info("Try %d of %s: %r", attempt, step.__name__, error)
                self.env.cr.rollback()
                self.env.transaction.reset()
                time.sleep(random.uniform(0.0, 2**attempt))
        return step(*args)

    @api.model
    def _resume_paid(self):
        """Go on with invoices that were paid while they were disputed.

        Nobody finds them on the board any more, and their promises would wait for ever.
        """
        # cases are nobody's; sudo, of what has nothing open only
        paused = (
            self.env["receivable.case"]
            .sudo()
            .search(
                [
                    ("paused_on", "!=", False),
                    ("move_id.state", "=", "posted"),
                    ("move_id.amount_residual", "=", 0),
                ]
            )
        )
        paused.move_id._resume_receivable()

    @api.model
    def _cron_decide(self):
        """Let the ledger decide: one statement a state, and progress after each.

        The activities to call again follow in batches. What is left when the time is
        over is done in the next run.
        """
        states = ("void", "kept", "broken", "open")
        cron = self.env["ir.cron"]
        calls = self.env["receivable.call"]
        cron._commit_progress(remaining=len(states) + 1)
        self._retrying(self._resume_paid)
        today = self._get_today()
        for state in states:
            changed = self._retrying(self._decide, state, None, today)
            _logger.info("%d promises are now %s", len(changed), state)
            if not cron._commit_progress(1):
                return
        _logger.info(
            "%d activities have nothing to call about",
            self._retrying(calls._close_activities),
        )
        while self._retrying(calls._plan_activities):
            # one more step, and the one that is always left: to see that all is done
            if not cron._commit_progress(1, remaining=1):
                return
        cron._commit_progress(1, remaining=0)
