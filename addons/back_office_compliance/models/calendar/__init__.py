from . import compliance_filing
from . import res_users
