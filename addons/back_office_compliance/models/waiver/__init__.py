from . import compliance_finding
