import { registry } from "@web/core/registry";

/** Somebody is named for an obligation, its rule is changed, its filings are made. */
registry.category("web_tour.tours").add("back_office_compliance_obligation", {
    url: "/odoo/compliance-obligations",
    steps: () => [
        {
            content: "The list says why the obligation applies",
            trigger: ".o_data_row:contains('Tour return'):contains('facts meet it')",
        },
        {
            trigger: ".o_data_row:contains('Tour return') button[name=action_open_scope]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reminder_days] input",
            run: "edit 21",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_data_row .o_data_cell[name=name]:contains('Tour return')",
            run: "click",
        },
        {
            content: "The rule shows its next dates",
            trigger: ".o_field_widget[name=rule_ids] .o_data_row:contains('/15/') .o_data_cell[name=date_from]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=day] input",
            run: "edit 25",
        },
        {
            trigger: ".modal .o_field_widget[name=lead_days] input",
            run: "edit 3",
        },
        {
            content: "The preview follows while one types",
            trigger: ".modal .o_field_widget[name=next_dates]:contains('/25/')",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_view:has(.o_form_saved) button[name=action_generate]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('filings were added')",
        },
    ],
});
