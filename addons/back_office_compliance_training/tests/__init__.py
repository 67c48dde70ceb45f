from . import test_check_training
