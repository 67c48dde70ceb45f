{
    "name": "Front Office Training: CRM",
    "summary": "Leads qualified and meetings held count as evidence of training",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Employees",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["front_office_training", "crm"],
    "data": [
        "data/training_evidence_rule_data.xml",
    ],
    "demo": [
        "demo/front_office_training_crm_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "front_office_training_crm/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
