from . import office_role
from . import office_role_file
