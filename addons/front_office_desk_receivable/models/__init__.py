from . import account_move
from . import desk_request
from . import receivable_call
