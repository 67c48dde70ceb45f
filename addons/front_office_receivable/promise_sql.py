"""The same as ``promise.py``, said in SQL over the ledger.

``tests/test_promise_random.py`` compares both after random histories.
"""

from odoo.tools import SQL

# What a promise's state becomes, in the order in which it is decided. A promise that
# was kept may lose its payment, and a payment may be matched after the deadline that
# came before it: both are decided anew.
CONDITIONS = {
    "void": SQL("fact.target <= 0"),
    "kept": SQL("fact.target > 0 AND fact.paid_in_time >= fact.target"),
    "broken": SQL(
        "fact.target > 0 AND fact.paid_in_time < fact.target"
        " AND fact.deadline < fact.today AND NOT fact.paused"
        " AND fact.paid_in_time + fact.registered_in_time < fact.target"
    ),
    "open": SQL(
        "fact.target > 0 AND fact.paid_in_time < fact.target"
        " AND (fact.deadline >= fact.today OR fact.paused AND fact.state <> 'broken'"
        " OR fact.paid_in_time + fact.registered_in_time >= fact.target)"
    ),
}

# About ``move``, an invoice, and ``payment``: it was registered and has no entry yet,
# so that nothing is matched. Once the bank has confirmed it, there are entries, and
# ``payment_state`` is another one.
IS_REGISTERED = SQL(
    """(payment.move_id IS NULL AND payment.state IN ('in_process', 'paid')
        AND payment.payment_type = 'inbound'
        AND move.payment_state IN ('in_payment', 'paid'))"""
)

# About ``move``, the other side of a matching: whether debt goes by a credit note, and
# with it the exchange difference between the two.
IS_CREDIT = SQL(
    """(move.move_type = 'out_refund' OR EXISTS (
            SELECT FROM account_partial_reconcile cause
              JOIN account_move_line side
                   ON side.id IN (cause.debit_move_id, cause.credit_move_id)
              JOIN account_move refund ON refund.id = side.move_id
                   AND refund.move_type = 'out_refund'
             WHERE cause.exchange_move_id = move.id))"""
)
# Lines that bring nothing: a write-off, a discount, and the taxes on them.
IS_LOSS = SQL(
    """(account.account_type LIKE 'income%%' OR account.account_type LIKE 'expense%%'
        OR line.tax_line_id IS NOT NULL)"""
)


def entries():
    """Return parts of a ``WITH``: what of the entries in ``matched`` brought no money.

    Of a payment that is its write-off or discount; of another entry it is all where
    nothing stands against the debt but a loss.

    :return: ``entry`` with ``id``, ``is_credit`` and ``loss``, a part from 0 to 1
    :rtype: SQL
    """
    return SQL(
        """
        other AS (
            SELECT DISTINCT line.move_id
              FROM matched JOIN account_move_line line ON line.id = matched.other_id
        ), entry AS (
            SELECT move.id, %(is_credit)s AS is_credit,
                   CASE WHEN move.move_type = 'out_refund' OR EXISTS (
                                 SELECT FROM account_partial_reconcile exchange
                                  WHERE exchange.exchange_move_id = move.id) THEN 0
                        WHEN parts.loss <= 0 THEN 0
                        WHEN move.origin_payment_id IS NOT NULL
                             OR move.statement_line_id IS NOT NULL
                        THEN LEAST(parts.loss / NULLIF(parts.settles, 0), 1)
                        WHEN parts.others > 0 THEN 0
                        ELSE 1 END AS loss
              FROM other
              JOIN account_move move ON move.id = other.move_id
        CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(line.balance) FILTER (WHERE %(is_loss)s), 0)
                              AS loss,
                          -SUM(line.balance) FILTER (
                              WHERE account.account_type = 'asset_receivable'
                                    AND line.balance < 0) AS settles,
                          COUNT(*) FILTER (
                              WHERE NOT %(is_loss)s AND line.balance <> 0
                                    AND (account.account_type <> 'asset_receivable'
                                         OR line.balance > 0)) AS others
                     FROM account_move_line line
                     JOIN account_account account ON account.id = line.account_id
                    WHERE line.move_id = move.id) parts
        )""",
        is_credit=IS_CREDIT,
        is_loss=IS_LOSS,
    )


def ledger(agreement):
    """Return parts of a ``WITH``: what the ledger has on the invoices of calls.

    :param SQL agreement: a table with the column ``call_id``
    :return: ``covered`` with a row a due date of an invoice, and ``settled`` with a
        row for everything that is matched with it: what of it was ``paid``,
        ``credited`` or ``lost``
    :rtype: SQL
    """
    return SQL(
        """
        covered AS (
            SELECT rel.call_id, line.id AS line_id, line.move_id, line.balance
              FROM %(agreement)s agreement
              JOIN receivable_call_move_rel rel ON rel.call_id = agreement.call_id
              JOIN account_move_line line ON line.move_id = rel.move_id
                   AND line.display_type = 'payment_term'
                   AND line.parent_state = 'posted'
        ), matched AS (
            SELECT covered.call_id, part.max_date, part.amount,
                   part.credit_move_id AS other_id
              FROM covered
              JOIN account_partial_reconcile part
                   ON part.debit_move_id = covered.line_id
             UNION ALL
            SELECT covered.call_id, part.max_date, -part.amount, part.debit_move_id
              FROM covered
              JOIN account_partial_reconcile part
                   ON part.credit_move_id = covered.line_id
        ), %(entries)s, settled AS (
            SELECT matched.call_id, matched.max_date,
                   CASE WHEN entry.is_credit THEN 0
                        ELSE matched.amount * (1 - entry.loss) END AS paid,
                   CASE WHEN entry.is_credit THEN matched.amount ELSE 0 END AS credited,
                   CASE WHEN entry.is_credit THEN 0
                        ELSE matched.amount * entry.loss END AS lost
              FROM matched
              JOIN account_move_line line ON line.id = matched.other_id
              JOIN entry ON entry.id = line.move_id
        )""",
        agreement=agreement,
        entries=entries(),
    )


def in_time():
    """Return parts of a ``WITH``: what came until each deadline, and what is coming.

    They follow ``ledger`` and ``instalment``, with a row a promise.

    :return: ``in_time`` with what was paid and lost, and ``registered_in_time``
        with the payments for which the bank has still to come
    :rtype: SQL
    """
    return SQL(
        """
        in_time AS (
            SELECT instalment.id, SUM(settled.paid) AS paid, SUM(settled.lost) AS lost,
                   MAX(settled.max_date) FILTER (WHERE settled.paid > 0) AS last_paid
              FROM instalment
              JOIN settled ON settled.call_id = instalment.call_id
                   AND settled.max_date <= instalment.deadline
             GROUP BY instalment.id
        ), registered AS (
            SELECT DISTINCT covered.call_id, payment.id, payment.date,
                   payment.amount_company_currency_signed AS amount
              FROM covered
              JOIN account_move__account_payment rel ON rel.invoice_id = covered.move_id
              JOIN account_move move ON move.id = covered.move_id
              JOIN account_payment payment ON payment.id = rel.payment_id
                   AND %s
        ), registered_in_time AS (
            SELECT instalment.id, SUM(registered.amount) AS amount
              FROM instalment
              JOIN registered ON registered.call_id = instalment.call_id
                   AND registered.date <= instalment.deadline
             GROUP BY instalment.id
        )""",
        IS_REGISTERED,
    )


def facts(condition, today):
    """Return what the ledger says about promises.

    What is matched with an invoice counts as paid, exchange differences with the
    payment that they belong to. Credit notes lower what there is to pay; what is
    written off does so until the deadline, and is nothing after it. What was paid when
    the agreement was made is taken off. A payment that is registered without an entry
    is not paid: the promise waits for the bank.

    :param SQL condition: about ``promise``, the promises; the other instalments of
        the same agreements are read as well
    :param SQL today: the day that has just begun for ``promise.company_id``
    :return: a query with one row a promise: ``id``, ``call_id``, ``state``,
        ``deadline``, ``amount``, ``upto`` (it and what was promised before it),
        ``target`` (what has to be paid until the deadline), ``paid_in_time``,
        ``registered_in_time`` (by payments for which the bank has still to come),
        ``paid`` (until now), ``last_paid`` (when the last of it came in time),
        ``paused``, ``today``
    :rtype: SQL
    """
    return SQL(
        """
        WITH agreement AS (SELECT DISTINCT promise.call_id
                             FROM receivable_promise promise WHERE %(condition)s
        ), %(ledger)s, total AS (
            SELECT call_id, SUM(balance) AS amount FROM covered GROUP BY call_id
        ), gone AS (
            SELECT call_id,
                   SUM(paid) AS paid, SUM(credited) AS credited
              FROM settled GROUP BY call_id
        ), instalment AS (
            SELECT promise.*, SUM(promise.amount) OVER (
                       PARTITION BY promise.call_id ORDER BY promise.date, promise.id
                   ) AS upto
              FROM receivable_promise promise
              JOIN agreement ON agreement.call_id = promise.call_id
        ), %(in_time)s
        SELECT promise.id, promise.call_id, promise.company_id, promise.state,
               promise.deadline, promise.amount, promise.upto,
               LEAST(promise.upto,
                     COALESCE(total.amount, 0) - COALESCE(gone.credited, 0)
                     - COALESCE(in_time.lost, 0) - call.paid_before) AS target,
               COALESCE(in_time.paid, 0) - call.paid_before AS paid_in_time,
               COALESCE(registered_in_time.amount, 0) AS registered_in_time,
               COALESCE(gone.paid, 0) - call.paid_before AS paid,
               in_time.last_paid,
               EXISTS (SELECT FROM covered
                         JOIN receivable_case known ON known.move_id = covered.move_id
                              AND known.paused_on IS NOT NULL
                        WHERE covered.call_id = promise.call_id) AS paused,
               %(today)s AS today
          FROM instalment promise
          JOIN receivable_call call ON call.id = promise.call_id
     LEFT JOIN total ON total.call_id = promise.call_id
     LEFT JOIN gone ON gone.call_id = promise.call_id
     LEFT JOIN in_time ON in_time.id = promise.id
     LEFT JOIN registered_in_time ON registered_in_time.id = promise.id
         WHERE %(condition)s
        """,
        condition=condition,
        today=today,
        ledger=ledger(SQL("agreement")),
        in_time=in_time(),
    )


def change(state, condition, today):
    """Return the statement that brings promises into a state.

    :param str state: a key of ``CONDITIONS``
    :param SQL condition: which promises are looked at, about ``promise``
    :param SQL today: the day that has just begun for ``promise.company_id``
    :return: the statement; it returns the promises that it changed
    :rtype: SQL
    """
    return SQL(
        """
        UPDATE receivable_promise
           SET state = %(state)s,
               settled_on = CASE %(state)s
                   WHEN 'kept' THEN fact.last_paid
                   WHEN 'broken' THEN fact.deadline
                   WHEN 'void' THEN fact.today END,
               write_date = NOW() AT TIME ZONE 'UTC'
          FROM (%(facts)s) fact
         WHERE fact.id = receivable_promise.id
               AND fact.state NOT IN (%(state)s, 'replaced') AND %(meets)s
     RETURNING receivable_promise.id, receivable_promise.call_id,
               receivable_promise.company_id
        """,
        state=state,
        facts=facts(condition, today),
        meets=CONDITIONS[state],
    )


def take_figures(call_ids):
    """Return the statement that stores what is due, and what has been paid, on calls.

    :param call_ids: ids of calls that have just been logged
    :rtype: SQL
    """
    return SQL(
        """
        WITH agreement AS (
            SELECT id AS call_id FROM receivable_call WHERE id = ANY(%(call_ids)s)
        ), %(ledger)s, due AS (
            SELECT covered.call_id, SUM(line.amount_residual) AS amount
              FROM covered JOIN account_move_line line ON line.id = covered.line_id
             GROUP BY covered.call_id
        ), gone AS (
            SELECT call_id, SUM(paid) AS amount FROM settled GROUP BY call_id
        )
        UPDATE receivable_call
           SET logged = TRUE,
               amount_due = COALESCE(due.amount, 0),
               paid_before = COALESCE(gone.amount, 0)
          FROM agreement
     LEFT JOIN due ON due.call_id = agreement.call_id
     LEFT JOIN gone ON gone.call_id = agreement.call_id
         WHERE receivable_call.id = agreement.call_id
        """,
        call_ids=list(call_ids),
        ledger=ledger(SQL("agreement")),
    )


def earlier_promises(call_ids):
    """Return a condition about ``promise``: open, and agreed before on an invoice.

    :param call_ids: ids of calls with a new agreement on the same invoices
    :rtype: SQL
    """
    return SQL(
        """(promise.state = 'open' AND promise.call_id IN (
            SELECT earlier.call_id
              FROM receivable_call_move_rel now
              JOIN receivable_call_move_rel earlier ON earlier.move_id = now.move_id
                   AND earlier.call_id < now.call_id
             WHERE now.call_id = ANY(%s)))""",
        list(call_ids),
    )


def promises_of(move_ids):
    """Return a condition about ``promise``: open, and about one of these invoices.

    :param move_ids: ids of invoices
    :rtype: SQL
    """
    return SQL(
        """(promise.state = 'open' AND promise.call_id IN (
            SELECT call_id FROM receivable_call_move_rel WHERE move_id = ANY(%s)))""",
        list(move_ids),
    )


def replace_earlier(call_ids):
    """Return the statement that ends what was agreed before about the same invoices.

    :param call_ids: ids of calls with a new agreement
    :rtype: SQL
    """
    return SQL(
        """
        UPDATE receivable_promise promise
           SET state = 'replaced', write_date = NOW() AT TIME ZONE 'UTC'
         WHERE %s
        """,
        earlier_promises(call_ids),
    )


def replace_again(promise_ids):
    """Return the statement that ends promises that came back after a new agreement.

    One that was kept when the customer agreed anew is open again where its payment is
    taken back.

    :param promise_ids: ids of promises that have just become open
    :rtype: SQL
    """
    return SQL(
        """
        UPDATE receivable_promise promise
           SET state = 'replaced', write_date = NOW() AT TIME ZONE 'UTC'
         WHERE promise.id = ANY(%s) AND EXISTS (
               SELECT FROM receivable_call_move_rel rel
                 JOIN receivable_call_move_rel later ON later.move_id = rel.move_id
                      AND later.call_id > rel.call_id
                 JOIN receivable_promise agreed ON agreed.call_id = later.call_id
                WHERE rel.call_id = promise.call_id)
        """,
        list(promise_ids),
    )


def update_cases(call_ids):
    """Return the statement that tells each invoice its last call.

    :param call_ids: ids of calls that have just been logged
    :rtype: SQL
    """
    return SQL(
        """
        INSERT INTO receivable_case AS known (
            move_id, company_id, call_id, promise_call_id, reason, next_call_date,
            create_date, write_date)
        SELECT DISTINCT ON (rel.move_id)
               rel.move_id, call.company_id, call.id, (
                   SELECT MAX(promise.call_id) FROM receivable_promise promise
                    WHERE promise.call_id = call.id),
               call.reason, call.next_call_date,
               NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
          FROM receivable_call call
          JOIN receivable_call_move_rel rel ON rel.call_id = call.id
         WHERE call.id = ANY(%(call_ids)s)
         ORDER BY rel.move_id, call.id DESC
            ON CONFLICT (move_id) DO UPDATE
           SET call_id = EXCLUDED.call_id,
               promise_call_id = COALESCE(
                   EXCLUDED.promise_call_id, known.promise_call_id),
               reason = COALESCE(EXCLUDED.reason, known.reason),
               next_call_date = EXCLUDED.next_call_date,
               write_date = EXCLUDED.write_date
        """,
        call_ids=list(call_ids),
    )


def call_again(company_id, call_ids, day):
    """Return the statement that sets the next call after broken promises.

    :param call_ids: ids of the calls in which they were made
    :param date day: when to call again; an earlier call that is planned stays
    :rtype: SQL
    """
    return SQL(
        """
        UPDATE receivable_case
           SET next_call_date = LEAST(next_call_date, %(day)s::date),
               write_date = NOW() AT TIME ZONE 'UTC'
         WHERE promise_call_id = ANY(%(call_ids)s) AND company_id = %(company_id)s
        """,
        company_id=company_id,
        call_ids=list(call_ids),
        day=day,
    )


def extend_deadlines(company_id, move_ids, day):
    """Return the statement that gives open promises time after a pause.

    :param move_ids: ids of the invoices that were paused
    :param date day: the deadline of what would have been due before it
    :rtype: SQL
    """
    return SQL(
        """
        UPDATE receivable_promise promise
           SET deadline = %(day)s, write_date = NOW() AT TIME ZONE 'UTC'
         WHERE promise.state = 'open' AND promise.deadline < %(day)s
               AND promise.company_id = %(company_id)s AND %(theirs)s
        """,
        company_id=company_id,
        theirs=promises_of(move_ids),
        day=day,
    )


def pause(move_ids, day, reason):
    """Return the statement that pauses invoices; those that are stay as they are.

    :param move_ids: ids of invoices
    :param SQL day: since when, for ``company_id``
    :param str reason: why
    :rtype: SQL
    """
    return SQL(
        """
        INSERT INTO receivable_case AS known (
            move_id, company_id, paused_on, pause_reason, create_date, write_date)
        SELECT id, company_id, %(day)s, %(reason)s,
               NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
          FROM account_move WHERE id = ANY(%(move_ids)s)
            ON CONFLICT (move_id) DO UPDATE
           SET paused_on = EXCLUDED.paused_on, pause_reason = EXCLUDED.pause_reason,
               write_date = EXCLUDED.write_date
         WHERE known.paused_on IS NULL
        """,
        move_ids=list(move_ids),
        day=day,
        reason=reason,
    )
