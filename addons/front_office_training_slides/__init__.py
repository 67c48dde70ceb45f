from . import models


def uninstall_hook(env):
    """Turn the courses of people's checklists into steps that are ticked by hand.

    The steps of programmes are turned by ``ondelete`` of their kind; the checklists
    take their kinds from there and have no ``ondelete`` of their own.
    """
    env["training.enrolment.step"].search([("kind", "=", "course")]).write(
        {"kind": "acknowledge"}
    )
