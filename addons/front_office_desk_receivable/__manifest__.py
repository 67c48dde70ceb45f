{
    "name": "Front Office Desk: Receivable",
    "summary": "A disputed invoice becomes a request; nobody reminds the customer "
    "of it until it is closed",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["front_office_desk", "front_office_receivable"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule_dispute.xml",
        "wizards/receivable_call_request_views.xml",
        "views/desk_request_views.xml",
        "views/receivable_call_views.xml",
        "views/receivable_item_views.xml",
    ],
    "demo": [
        "demo/story_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "front_office_desk_receivable/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
