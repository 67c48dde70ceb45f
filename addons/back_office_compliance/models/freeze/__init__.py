from . import compliance_filing
from . import ir_attachment
