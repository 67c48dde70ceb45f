import {registry} from "@web/core/registry";

/** From the row with the late money to the opportunity, and over to the funnel. */
registry.category("web_tour.tours").add("front_office_receivable_sale_contract", {
    steps: () => [
        {
            content: "What was signed, invoiced, paid and is late, and why",
            trigger:
                ".o_data_row:contains('Tour opportunity'):contains('1,000.00'):contains('300.00'):contains('700.00'):contains('Cash shortage')",
        },
        {
            content: "Somebody else's opportunity is not there",
            trigger: ".o_list_view:not(:contains('Opportunity of Bob'))",
        },
        {
            content: "Open the row",
            trigger: ".o_data_row td[name=lead_id]:contains('Tour opportunity')",
            run: "click",
        },
        {
            content: "The opportunity",
            trigger: ".o_form_view .o_field_widget[name=order_ids], .o_form_view button[name=action_view_sale_order]",
        },
        {
            content: "Back to the list",
            trigger: ".o_back_button a",
            run: "click",
        },
        {
            content: "The same as a pivot",
            trigger: ".o_list_view .o_data_row:contains('Tour opportunity')",
        },
        {
            trigger: "button.o_pivot, .o_switch_view.o_pivot",
            run: "click",
        },
        {
            content: "The sums are the same",
            trigger: ".o_pivot_view .o_pivot_cell_value:contains('700.00')",
        },
    ],
});
