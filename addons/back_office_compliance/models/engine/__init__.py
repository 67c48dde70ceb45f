from . import compliance_check
from . import compliance_finding
