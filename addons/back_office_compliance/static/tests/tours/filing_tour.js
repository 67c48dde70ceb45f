import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openFiling = (name) => [
    {
        trigger: `.o_data_row:contains('${name}') .o_data_cell`,
        run: "click",
    },
    {
        trigger: ".o_form_view .oe_title h1",
    },
];

const isIn = (state) => ({
    content: `The filing is ${state}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains('${state}')`,
});

/** The preparer looks at the amounts and hands the filing on. */
tours.add("back_office_compliance_filing_prepare", {
    url: "/odoo/filings",
    steps: () => [
        ...openFiling("TEST-ST 2026-02-28"),
        {
            trigger: "button[name=action_compute]",
            run: "click",
        },
        {
            content: "The amount comes from the ledger",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('Tax due'):contains('100.00')",
        },
        {
            trigger: "button[name=action_prepare]",
            run: "click",
        },
        isIn("In review"),
    ],
});

/** The reviewer approves it, and records that it was filed. */
tours.add("back_office_compliance_filing_review", {
    url: "/odoo/filings",
    steps: () => [
        ...openFiling("TEST-ST 2026-02-28"),
        {
            trigger: "button[name=action_review]",
            run: "click",
        },
        isIn("Ready"),
        {
            trigger: ".o_field_widget[name=receipt_number] input",
            run: "edit R-2026-77",
        },
        {
            trigger: ".o_field_widget[name=filed_on] input, .o_field_widget[name=filed_on] button",
            run: "click",
        },
        {
            content: "Today",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            trigger: "button[name=action_file]",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        isIn("Filed"),
        {
            content: "What was filed is read only",
            trigger: ".o_field_widget[name=receipt_number] span:contains('R-2026-77')",
        },
    ],
});

/** The preparer sees that the ledger changed, and starts the amendment. */
tours.add("back_office_compliance_filing_amend", {
    url: "/odoo/filings-changed",
    steps: () => [
        ...openFiling("TEST-ST 2026-02-28"),
        {
            content: "The difference is shown",
            trigger: ".alert:contains('The ledger has changed'):contains('5.00')",
        },
        {
            trigger: "button[name=action_amend]",
            run: "click",
        },
        {
            trigger: ".oe_title h1:contains('TEST-ST 2026-02-28 /1')",
        },
        isIn("To prepare"),
        {
            trigger: ".o_field_widget[name=amount_computed]:contains('105.00')",
        },
    ],
});

/** The auditor finds the pack, and has one verified. */
tours.add("back_office_compliance_filing_audit", {
    url: "/odoo/filings",
    steps: () => [
        {
            content: "Also those that are filed",
            trigger: ".o_facet_remove",
            run: "click",
        },
        ...openFiling("TEST-ST 2026-02-28"),
        {
            content: "The auditor changes nothing",
            trigger: ".o_form_view:not(:has(button[name=action_amend])) button[name=action_download_pack]",
        },
        {
            content: "Download the pack, and have it verified",
            trigger: "button[name=action_download_pack]",
            async run() {
                const id = window.location.pathname.split("/").pop();
                const response = await fetch(`/compliance/filing/${id}/pack`);
                window.compliancePack = new File([await response.blob()], "pack.zip", {
                    type: "application/zip",
                });
            },
        },
        {
            trigger: ".o_main_navbar button:contains('Filings'), .o_main_navbar .dropdown-toggle:contains('Filings')",
            run: "click",
        },
        {
            trigger: ".dropdown-menu .dropdown-item:contains('Verify an Evidence Pack')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=pack] input[type=file]:not(:visible)",
            run() {
                const transfer = new DataTransfer();
                transfer.items.add(window.compliancePack);
                this.anchor.files = transfer.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            trigger: ".modal .o_field_widget[name=result]:contains('Unaltered, and of this register')",
        },
        {
            trigger: ".modal .o_field_widget[name=filing_id]:contains('TEST-ST 2026-02-28')",
        },
        {
            trigger: ".modal .modal-footer button[special=cancel], .modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
