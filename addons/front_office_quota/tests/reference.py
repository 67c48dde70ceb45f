"""What counts, a second time: plain Python over records, no SQL, no hurry.

Written from the rules, not from ``credit_sql``, to judge it. Tests only.
"""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from odoo import SUPERUSER_ID

TYPES = ("out_invoice", "out_refund", "out_receipt")


def exact(amount):
    """Return a float of the ORM as the decimal number that it was meant to be."""
    return Decimal(repr(round(amount, 6)))


def rounded(amount, currency):
    unit = exact(currency.rounding)
    with localcontext() as context:
        context.prec = 50
        return (amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


def parts(amount, weights, currency):
    """Share an amount by weights that sum to 100, so that the parts sum to it."""
    result, weight_so_far, given = [], Decimal(0), Decimal(0)
    for weight in weights:
        weight_so_far += weight
        upto = rounded(amount * weight_so_far / 100, currency)
        result.append(upto - given)
        given = upto
    return result


class Reference:
    """The credits of a ledger, as ``(move, date, amount, user, team)``."""

    def __init__(self, env, company):
        self.company = company.sudo()
        self.currency = self.company.currency_id
        env = env(su=True, context={"allowed_company_ids": company.ids})
        self.documents = env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "posted"),
                ("move_type", "in", TYPES),
            ]
        )
        partials = env["account.partial.reconcile"].search(
            [("exchange_move_id", "!=", False)]
        )
        self.exchange_moves = partials.exchange_move_id

    def whose(self, move):
        """Return the move that says whose this one is: itself or what it reverses."""
        nobody = not move.invoice_user_id or move.invoice_user_id.id == SUPERUSER_ID
        if (
            nobody
            and move.move_type == "out_refund"
            and move.reversed_entry_id
            and not move.quota_split_ids
        ):
            return move.reversed_entry_id
        return move

    def amounts(self, basis, move):
        """Return ``[(date, amount)]`` of a document before it is split."""
        untaxed = exact(move.amount_untaxed_signed)
        if basis == "invoiced":
            return [(move.invoice_date, untaxed)]
        if basis == "margin":
            cost = sum(exact(line.quota_cost) for line in move.line_ids)
            return [(move.invoice_date, untaxed - cost)]
        matched = []
        for line in move.line_ids:
            if line.display_type != "payment_term":
                continue
            for partial in line.matched_credit_ids:
                matched.append((partial, partial.credit_move_id, 1))
            for partial in line.matched_debit_ids:
                matched.append((partial, partial.debit_move_id, -1))
        total = exact(move.amount_total_signed)
        result, paid, given = [], Decimal(0), Decimal(0)
        for partial, other, sign in sorted(matched, key=lambda item: item[0].id):
            if (
                other.move_id in self.exchange_moves
                or other.move_id == move
                or other.move_id.state != "posted"
                or not total
            ):
                continue
            paid += sign * exact(partial.amount)
            with localcontext() as context:
                context.prec = 50
                upto = rounded(untaxed * paid / total, self.currency)
            result.append((partial.max_date, upto - given))
            given = upto
        return result

    def credits(self, basis):
        """Yield ``(move, date, amount, user, team)``, one a person."""
        for move in self.documents:
            source = self.whose(move)
            split = source.quota_split_ids.sorted("id")
            user = source.invoice_user_id
            if user.id == SUPERUSER_ID:
                user = user.browse()
            for date, amount in self.amounts(basis, move):
                if not split:
                    yield move, date, amount, user, source.team_id
                    continue
                shares = parts(
                    amount, [exact(part.percent) for part in split], self.currency
                )
                for part, share in zip(split, shares, strict=True):
                    yield move, date, share, part.user_id, source.team_id

    def achieved(self, targets):
        """Return ``{target id: amount}`` of targets of this company."""
        found = {
            basis: list(self.credits(basis)) for basis in set(targets.mapped("basis"))
        }
        result = {}
        for target in targets:
            result[target.id] = sum(
                (
                    amount
                    for _move, date, amount, user, team in found[target.basis]
                    if target.date_from <= date <= target.date_to
                    and (
                        user == target.user_id
                        if target.user_id
                        else team == target.team_id
                    )
                ),
                Decimal(0),
            )
        return result
