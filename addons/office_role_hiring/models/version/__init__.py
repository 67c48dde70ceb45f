from . import office_role_version
from . import office_role_version_skill
from . import office_role
from . import hr_applicant
from . import hr_job
