{
    "name": "Front Office Training in the Digest",
    "summary": "Trainings completed and steps signed in Odoo's digest e-mail",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Employees",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["front_office_training", "digest"],
    "data": [
        "data/digest_data.xml",
        "views/digest_digest_views.xml",
    ],
    "auto_install": True,
}
