from . import desk_request
