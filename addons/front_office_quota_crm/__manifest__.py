{
    "name": "Front Office Quota: CRM",
    "summary": "What the open opportunities add to a sales target, and what if",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["front_office_quota", "crm"],
    "data": [
        "views/quota_target_views.xml",
    ],
    "demo": [
        "demo/crm_lead_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "front_office_quota_crm/static/src/**/*",
        ],
        "web.assets_tests": [
            "front_office_quota_crm/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
