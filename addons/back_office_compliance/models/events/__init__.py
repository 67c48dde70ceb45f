from . import compliance_event
from . import compliance_due_rule
from . import compliance_obligation
from . import compliance_filing
