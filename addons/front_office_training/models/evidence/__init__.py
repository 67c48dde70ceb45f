from . import training_evidence_rule
from . import training_step
from . import training_enrolment_step
