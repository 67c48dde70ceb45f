from . import models
from . import report
from . import role_file
from . import spreadsheet
from . import wizards
