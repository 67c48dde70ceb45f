{
    "name": "Front Office Quota in the Digest",
    "summary": "The month's attainment and waiting statements in Odoo's digest e-mail",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["front_office_quota", "digest"],
    "data": [
        "data/digest_data.xml",
        "views/quota_statement_views.xml",
        "views/digest_digest_views.xml",
    ],
    "auto_install": True,
}
