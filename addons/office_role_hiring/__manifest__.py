{
    "name": "Office Roles: Hiring",
    "summary": "Applicants scored against the role of the job, with the reasons",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Recruitment",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["office_role", "hr_recruitment_skills"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "security/ir_rule_version.xml",
        "data/ir_cron.xml",
        "views/office_role_match_views.xml",
        "views/hr_applicant_views.xml",
        "views/hr_job_views.xml",
        "views/office_role_views.xml",
        "views/menus.xml",
    ],
    "demo": [
        "demo/office_role_hiring_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "office_role_hiring/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "_post_init_hook",
}
