from . import sale_order
from . import training_evidence_rule
