from . import (
    crm_lead,
    crm_stage,
    desk_playbook,
    desk_playbook_answer,
    desk_playbook_option,
    desk_playbook_question,
)
