from . import office_role_gap
