from . import office_file_import
from . import office_role_export
from . import office_role_import
