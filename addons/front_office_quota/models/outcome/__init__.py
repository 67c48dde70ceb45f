from . import quota_statement
from . import quota_statement_engine
