import {registry} from "@web/core/registry";

const {DateTime} = luxon;

/** Log a call with a promise; the invoice leaves the board. */
registry.category("web_tour.tours").add("front_office_receivable_promise", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('Azure Interior') button[name=action_log_call]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=partner_id]:contains('Azure Interior')",
        },
        {
            trigger: ".modal .o_field_widget[name=amount_open]:contains('1,200.00')",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] .o_select_menu_toggler, .modal .o_field_widget[name=reason] select, .modal .o_field_widget[name=reason] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Approval pending')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_selected_row .o_field_widget[name=date] input",
            run: `edit ${DateTime.now().plus({days: 7}).toFormat("MM/dd/yyyy")}`,
        },
        {
            trigger: ".modal .o_selected_row .o_field_widget[name=amount] input",
            run: "edit 1200",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

/** The promise was broken: the invoice is on the board again, with the reason. */
registry.category("web_tour.tours").add("front_office_receivable_again", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('Azure Interior'):contains('Approval pending') button[name=action_log_call]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=outcome] input[data-value=message]",
            run: "click",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            trigger: ".o_nocontent_help:contains('Nobody to call today')",
        },
    ],
});
