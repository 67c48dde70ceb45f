"""Parts of statements that several shipped checks share. Plain: no Odoo models here."""

from odoo.tools import SQL

# Entries that somebody typed: no invoice, payment, bank line, cash basis or exchange.
TYPED_BY_HAND = SQL(
    """
    m.move_type = 'entry' AND m.statement_line_id IS NULL
    AND m.origin_payment_id IS NULL AND m.tax_cash_basis_rec_id IS NULL
    AND EXISTS (
        SELECT FROM account_journal j WHERE j.id = m.journal_id AND j.type = 'general'
    )
    """
)
NO_DOCUMENT = SQL(
    """
    NOT EXISTS (
        SELECT FROM ir_attachment f
         WHERE f.res_model = 'account.move' AND f.res_id = m.id
    )
    """
)


def last_state_changes(field_id):
    """Return the last change of state of each entry: ``move_id``, ``uid``, ``moment``.

    Odoo keeps neither when an entry was posted nor by whom; its chatter does. For a
    posted entry the last change of state is its posting. Entries that programs made
    without a chatter are not among them.

    :param int field_id: the id of the field ``state`` of ``account.move``
    :rtype: SQL
    """
    return SQL(
        """
        SELECT DISTINCT ON (message.res_id) message.res_id AS move_id,
               message.create_uid AS uid, message.date AS moment
          FROM mail_tracking_value tracking
          JOIN mail_message message ON message.id = tracking.mail_message_id
         WHERE tracking.field_id = %s AND message.model = 'account.move'
         ORDER BY message.res_id, message.id DESC
        """,
        field_id,
    )


def local_day(moment, tz):
    """Return the day of a moment in a time zone; the database keeps UTC.

    :param SQL moment: a timestamp without time zone
    :param str tz: the name of the time zone
    :rtype: SQL
    """
    return SQL("(%s)::date", local_time(moment, tz))


def local_time(moment, tz):
    """Return a moment on the clock of a time zone.

    :param SQL moment: a timestamp without time zone
    :param str tz: the name of the time zone
    :rtype: SQL
    """
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)", moment, tz)


def account_ids(prefixes, root_company_id):
    """Return the ids of the accounts whose code begins with one of the prefixes.

    :param list[str] prefixes: beginnings of codes
    :param int root_company_id: codes belong to the topmost company
    :rtype: SQL
    """
    return SQL(
        """
        (SELECT a.id FROM account_account a
          WHERE a.code_store ->> %s LIKE ANY(%s))
        """,
        str(root_company_id),
        [f"{prefix}%" for prefix in prefixes],
    )
