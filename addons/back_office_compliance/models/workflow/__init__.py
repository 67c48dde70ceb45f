from . import compliance_filing
