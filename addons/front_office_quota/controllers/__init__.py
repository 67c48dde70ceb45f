from . import payroll_csv
