from . import test_hire_training
from . import test_hire_training_tour
