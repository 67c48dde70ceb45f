from . import desk_cause_report
