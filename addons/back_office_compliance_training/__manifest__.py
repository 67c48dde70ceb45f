{
    "name": "Back Office Compliance: Training",
    "summary": "Who holds a role without the certificates that it takes",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["back_office_compliance", "front_office_training"],
    "data": [
        "data/compliance_check_training.xml",
        "data/compliance_check_parameter.xml",
    ],
    "demo": ["demo/certificates_demo.xml"],
    "auto_install": True,
}
