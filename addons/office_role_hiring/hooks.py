from odoo.tools import SQL


def post_init_hook(env):
    """Score the applicants and employees who were there before the add-on."""
    env["office.role.match"]._refresh_all()


def uninstall_hook(env):
    """Drop the function of the trigger that protects the log of decisions.

    The trigger itself goes with its table; with it goes what refuses to empty the log.
    """
    env.cr.execute(
        SQL("DROP FUNCTION IF EXISTS hr_applicant_decision_refuse_change() CASCADE")
    )
