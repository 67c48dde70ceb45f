from . import office_role_match
from . import hr_applicant
from . import hr_applicant_skill
from . import hr_job
from . import hr_skill_level
from . import office_role
from . import office_role_skill
from . import version
