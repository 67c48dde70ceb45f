from . import office_role_export
from . import office_role_import
