import { registry } from "@web/core/registry";

/** An injury is recorded from its obligation, and its report shows the hour. */
registry.category("web_tour.tours").add("back_office_compliance_event", {
    url: "/odoo/compliance-obligations",
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell[name=name]:contains('Tour report')",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_record_event]",
            run: "click",
        },
        {
            content: "What happened is known from the obligation",
            trigger: ".o_field_widget[name=kind] input[data-value=injury]:checked",
        },
        {
            trigger: ".o_field_widget[name=obligation_ids]:contains('Tour report') input:checked",
        },
        {
            trigger: ".o_field_widget[name=reference] input",
            run: "edit Incident of the tour",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The report follows, by the hour",
            trigger: ".o_field_widget[name=filing_ids] .o_data_row:contains('Within 24 hours')",
        },
        {
            trigger: "button[name=action_open_filings]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row .o_data_cell[name=authority_name]:contains('Tour office')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=deadline_note]:contains('Within 24 hours')",
        },
        {
            trigger: "button[name=action_open_event]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=reference] input:value('Incident of the tour')",
        },
    ],
});
