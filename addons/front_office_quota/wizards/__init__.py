from . import quota_target_revise
from . import quota_dispute_resolve
from . import quota_statement_pay
from . import quota_plan_override
from . import quota_plan_redraft
