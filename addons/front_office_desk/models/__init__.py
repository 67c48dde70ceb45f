from . import desk_mail_guard, desk_protected  # the others build on it

# isort: split
from . import (
    calendar_event,
    clock,
    customer,
    desk_cause,
    desk_contact,
    desk_improvement,
    desk_request,
    desk_request_pause,
    desk_request_type,
    desk_team,
    mail_thread,
    merge,
    newcomer,
    playbook,
    price,
    proposal,
    rating_rating,
    res_partner,
    resource_calendar,
    way,
    web_form,
)
