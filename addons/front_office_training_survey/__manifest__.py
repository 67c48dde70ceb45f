{
    "name": "Front Office Training: Quizzes",
    "summary": "A step of a training programme is a quiz; passing it signs the step",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Employees",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["front_office_training", "survey"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule_survey.xml",
        "views/training_step_views.xml",
        "views/training_enrolment_step_views.xml",
        "views/training_enrolment_views.xml",
        "views/survey_question_views.xml",
        "views/survey_templates.xml",
        "data/survey_receptionist.xml",
        "data/survey_cashier.xml",
        "data/survey_regional_sales_manager.xml",
        "data/survey_national_sales_manager.xml",
        "data/survey_front_office_manager.xml",
        "data/survey_corporate_financial_officer.xml",
    ],
    "demo": [
        "demo/front_office_training_survey_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "front_office_training_survey/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
