{
    "name": "Back Office Compliance: United States",
    "summary": "Federal, state and local obligations, due dates and minimum wages",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations",
    "license": "LGPL-3",
    "author": "Front & Back Office contributors",
    "depends": ["back_office_compliance"],
    "data": [
        "data/compliance_jurisdiction.xml",
        "data/compliance_authority.xml",
        "data/obligation_federal_tax.xml",
        "data/obligation_federal_labour.xml",
        "data/obligation_state.xml",
        "data/obligation_local.xml",
        "data/compliance_minimum_wage.xml",
    ],
    "demo": ["demo/filing_demo.xml"],
}
