from . import controllers
from . import models


def uninstall_hook(env):
    """Turn the quizzes of people's checklists into steps that are ticked by hand.

    The checklists take their kinds from the steps of programmes and have no
    ``ondelete`` of their own. The programmes are published again without quizzes.
    """
    env["training.enrolment.step"].search([("kind", "=", "quiz")]).write(
        {"kind": "acknowledge"}
    )
    env["training.programme"]._remove_quizzes()
