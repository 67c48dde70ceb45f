from . import hr_applicant_refuse_reason
from . import hr_applicant_decision
from . import hr_applicant
from . import hr_applicant_group_dimension
from . import hr_applicant_group
from . import hr_applicant_self_identification
from . import hr_applicant_adverse_impact_release
