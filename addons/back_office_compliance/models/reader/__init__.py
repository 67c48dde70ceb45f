from . import compliance_check
from . import compliance_finding
from . import compliance_filing
