from . import applicant_get_refuse_reason
from . import hr_applicant_identify
from . import hr_applicant_adverse_impact
from . import hr_applicant_adverse_impact_line
from . import interview_take_over
from . import interview_take_over_line
