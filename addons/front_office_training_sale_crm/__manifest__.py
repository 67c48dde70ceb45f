{
    "name": "Front Office Training: Sales and CRM",
    "summary": "Quotations that answer a request count as evidence of training",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Employees",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["front_office_training", "sale_crm"],
    "data": [
        "data/training_evidence_rule_data.xml",
    ],
    "auto_install": True,
}
