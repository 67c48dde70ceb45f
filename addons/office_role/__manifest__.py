{
    "name": "Office Roles",
    "summary": "Roles of the front and back office, their skills, and who lacks them",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Employees",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["hr_skills"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "data/hr_skill_data.xml",
        "data/office_role_data.xml",
        "data/office_role_skill_data.xml",
        "views/office_role_views.xml",
        "views/office_role_skill_views.xml",
        "views/office_role_gap_views.xml",
        "views/hr_job_views.xml",
        "views/hr_employee_views.xml",
        "views/hr_skill_type_views.xml",
        "views/menus.xml",
    ],
    "demo": [
        "demo/office_role_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "office_role/static/tests/tours/**/*",
        ],
    },
    "application": True,
}
