import { registry } from "@web/core/registry";

/** A person disputes a line, says what is missing, and confirms the statement. */
registry.category("web_tour.tours").add("front_office_quota_statement_person", {
    url: "/odoo/my-statements",
    steps: () => [
        {
            content: "Open the statement of January",
            trigger: ".o_data_row td[name=period_id]:contains('2025-01')",
            run: "click",
        },
        {
            content: "Read how it was calculated",
            trigger: "a.nav-link[name=explanation]",
            run: "click",
        },
        {
            trigger: ".o_quota_explanation:contains('Base rate'):contains('30.00')",
        },
        {
            content: "Dispute the first line",
            trigger: "a.nav-link[name=lines]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=own_line_ids] .o_data_row:contains('INV/2025-01/1') button[name=action_dispute]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] label:contains('The rate is wrong')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit It should be 3 %.",
        },
        {
            trigger: ".modal button:contains('Raise the Dispute')",
            run: "click",
        },
        {
            content: "The line shows it, and so does the statement",
            trigger: ".o_data_row:contains('INV/2025-01/1') .badge:contains('Open')",
        },
        {
            trigger: "button[name=action_view_disputes]:contains('1')",
        },
        {
            content: "Something else is missing",
            trigger: "button[name=action_dispute]:contains('Something is Missing')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit The order of the museum.",
        },
        {
            trigger: ".modal button:contains('Raise the Dispute')",
            run: "click",
        },
        {
            trigger: "button[name=action_view_disputes]:contains('2')",
        },
        {
            content: "Confirm",
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".modal:contains('freezes every figure') .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Confirmed')",
        },
    ],
});

/** An administrator resolves the disputes, approves and marks as paid. */
registry.category("web_tour.tours").add("front_office_quota_statement_approver", {
    url: "/odoo/quota-disputes",
    steps: () => [
        {
            content: "Only open disputes show; take the one on the rate",
            trigger: ".o_data_row td[name=note]:contains('It should be 3 %.')",
            run: "click",
        },
        {
            trigger: "button[name=action_open_resolve]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=resolution] textarea",
            run: "edit The plan says 2 %.",
        },
        {
            trigger: ".modal button[name=action_refuse]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Refused')",
        },
        {
            content: "The other one is right",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: ".o_data_row td[name=note]:contains('The order of the museum.')",
            run: "click",
        },
        {
            trigger: "button[name=action_open_resolve]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=resolution] textarea",
            run: "edit It comes next month.",
        },
        {
            trigger: ".modal button[name=action_accept]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Accepted')",
        },
        {
            content: "Go to the statement",
            trigger: ".o_field_widget[name=statement_id] a",
            run: "click",
        },
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Approved')",
        },
        {
            content: "Payday",
            trigger: "button[name=action_open_pay]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_pay]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Paid')",
        },
    ],
});
