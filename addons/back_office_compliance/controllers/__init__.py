from . import compliance_calendar
from . import compliance_pack
