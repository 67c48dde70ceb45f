{
    "name": "Front Office Training: Courses",
    "summary": "A step of a training programme is an eLearning course",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Employees",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["front_office_training", "website_slides"],
    "data": [
        "security/ir_rule_slides.xml",
        "views/training_step_views.xml",
        "views/training_enrolment_step_views.xml",
        "views/training_enrolment_views.xml",
    ],
    "demo": [
        "demo/front_office_training_slides_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "front_office_training_slides/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
