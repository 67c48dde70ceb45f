from . import desk_proposal, desk_request, sale_order
