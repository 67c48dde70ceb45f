from . import office_role_comparison
from . import office_role_match
from . import hr_applicant
from . import hr_employee
