from . import training_enrol
from . import training_step_review
from . import training_enrolment_cancel
