from . import desk_improvement_check, desk_request_merge, desk_request_say
