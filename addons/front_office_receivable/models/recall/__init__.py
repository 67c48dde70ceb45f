from . import account_move
from . import receivable_call
