from . import hr_skill_level
from . import office_role
from . import office_skill_line_mixin
from . import office_role_skill
from . import hr_job
from . import hr_version
from . import hr_employee
from . import profile
