from . import compliance_calendar_feed
from . import compliance_filing_reason
from . import compliance_pack_verify
from . import compliance_finding_decision
