from . import training_report
