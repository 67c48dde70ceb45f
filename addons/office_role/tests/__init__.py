from . import test_catalogue
from . import test_hr_employee
from . import test_hr_job
from . import test_office_role
from . import test_office_role_gap
from . import test_office_role_skill
from . import test_security
from . import test_tours
