{
    "name": "Front Office Receivable",
    "summary": "If the money does not come, somebody calls, finds out why, and the "
    "ledger says whether the promise was kept",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["account", "sales_team"],
    "data": [
        "security/groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rule_receivable.xml",
        "security/ir_rule_figures.xml",
        "data/ir_cron_receivable.xml",
        "data/mail_template_receivable.xml",
        "data/mail_activity_type_receivable.xml",
        "views/receivable_call_views.xml",
        "views/receivable_promise_views.xml",
        "views/receivable_item_views.xml",
        "views/receivable_customer_views.xml",
        "views/receivable_expected_views.xml",
        "views/account_move_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
        "views/menus.xml",
    ],
    "demo": [
        "demo/receivable_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "front_office_receivable/static/tests/tours/**/*",
        ],
    },
    "application": True,
}
