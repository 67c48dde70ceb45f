from . import test_match_score
from . import test_match
from . import test_match_refresh
from . import test_match_security
from . import test_match_tour
