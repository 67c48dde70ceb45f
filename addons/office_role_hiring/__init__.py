from . import match_score
from . import models
from . import report


def _post_init_hook(env):
    """Score the applicants who were there before the add-on."""
    env["office.role.match"]._refresh_all()
