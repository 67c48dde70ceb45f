from . import compliance_on_time_report
