{
    "name": "Office Roles: From Hire to Training",
    "summary": "Whoever is hired starts the training that the role asks for",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Recruitment",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["office_role_hiring", "front_office_training"],
    "data": [
        "views/hr_applicant_views.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "office_role_hiring_training/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
