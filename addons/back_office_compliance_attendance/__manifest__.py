{
    "name": "Back Office Compliance: Attendance",
    "summary": "Working hours, rest and breaks checked every night",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["back_office_compliance", "hr_attendance"],
    "data": [
        "data/compliance_check_hours.xml",
        "data/compliance_check_parameter.xml",
    ],
    "demo": ["demo/hours_demo.xml"],
    "auto_install": True,
}
