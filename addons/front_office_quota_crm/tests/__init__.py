from . import test_forecast
from . import test_opportunities
from . import test_what_if
from . import test_tours
