from . import (
    desk_proposal,
    desk_proposal_part,
    desk_proposal_question,
    desk_proposal_template,
    desk_proposal_template_part,
    desk_request,
)
