from . import hr_applicant_self_identification
from . import hr_applicant_personal_data
