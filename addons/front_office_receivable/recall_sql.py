"""The statements about calling again after a broken promise."""

from odoo.tools import SQL


def mark_calls(call_ids):
    """Return the statement that marks the calls whose promises were broken.

    A call after which an invoice was agreed on anew is history, and not marked.

    :param call_ids: ids of the calls in which they were made
    :rtype: SQL
    """
    return SQL(
        """
        UPDATE receivable_call SET to_plan = TRUE
         WHERE id = ANY(%s) AND EXISTS (
               SELECT FROM receivable_case known
                WHERE known.promise_call_id = receivable_call.id)
        """,
        list(call_ids),
    )


def done_with(activity_type_id):
    """Return the query for open activities with nothing to call about any more.

    :param int activity_type_id: of the activities to call again
    :rtype: SQL
    """
    return SQL(
        """
        SELECT activity.id
          FROM mail_activity activity
         WHERE activity.activity_type_id = %s
               AND activity.res_model = 'receivable.call'
               AND activity.active
               AND (NOT EXISTS (
                        SELECT FROM receivable_promise promise
                         WHERE promise.call_id = activity.res_id
                               AND promise.state = 'broken')
                    OR NOT EXISTS (
                        SELECT FROM receivable_call_move_rel rel
                          JOIN account_move move ON move.id = rel.move_id
                               AND move.state = 'posted'
                               AND move.amount_residual_signed <> 0
                     LEFT JOIN receivable_case known ON known.move_id = move.id
                         WHERE rel.call_id = activity.res_id
                               AND known.paused_on IS NULL))
         ORDER BY activity.id
        """,
        activity_type_id,
    )
