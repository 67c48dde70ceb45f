from . import office_role_match
