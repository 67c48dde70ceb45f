from . import quota_plan
from . import quota_period
from . import quota_target
