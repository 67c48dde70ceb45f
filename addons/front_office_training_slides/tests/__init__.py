from . import test_course
from . import test_course_file
from . import test_course_security
from . import test_tours
