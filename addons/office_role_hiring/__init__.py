from . import adverse_impact
from . import interview_plan
from . import interview_rating
from . import match_score
from . import controllers
from . import models
from . import report
from . import wizards
from .hooks import post_init_hook, uninstall_hook
