from . import test_applicability
from . import test_data
from . import test_deposit
