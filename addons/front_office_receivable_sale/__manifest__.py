{
    "name": "Front Office Receivable: Sales",
    "summary": "From contract to cash: what each opportunity signed and invoiced, "
    "what was paid, and why the rest is late",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["front_office_receivable", "sale_crm"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule_contract.xml",
        "views/receivable_contract_views.xml",
        "views/receivable_contract_step_views.xml",
        "views/menus.xml",
        "views/crm_lead_views.xml",
        "views/sale_order_views.xml",
    ],
    "demo": [
        "demo/contract_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "front_office_receivable_sale/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
