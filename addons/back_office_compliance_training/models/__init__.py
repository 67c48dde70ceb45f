from . import compliance_check
