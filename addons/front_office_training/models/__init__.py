from . import training_programme
from . import training_step
from . import training_enrolment
from . import training_enrolment_step
from . import training_attempt
from . import hr_employee
from . import office_role
