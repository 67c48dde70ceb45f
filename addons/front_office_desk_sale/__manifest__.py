{
    "name": "Front Office Desk: Sales",
    "summary": "What was ordered and delivered beside a question on an invoice; "
    "proposals handed in as quotations",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["front_office_desk", "sale"],
    "data": [
        "views/desk_proposal_views.xml",
        "views/desk_request_views.xml",
    ],
    "auto_install": True,
}
