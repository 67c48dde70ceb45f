from . import compliance_filing
from . import compliance_filing_line
