from . import test_check_hours
