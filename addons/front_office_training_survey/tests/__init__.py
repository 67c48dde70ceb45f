from . import test_content
from . import test_pages
from . import test_quiz
from . import test_quiz_file
from . import test_quiz_security
from . import test_shipped_quizzes
from . import test_tours
