from . import office_role_version
from . import office_role_version_skill
from . import hr_applicant
