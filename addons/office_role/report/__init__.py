from . import office_role_gap
from . import office_role_market
