import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** The customer disputes an invoice: a request is made of the call. */
tours.add("front_office_desk_receivable_open", {
    steps: () => [
        {
            content: "Make a request of the last call",
            trigger:
                ".o_data_row:contains('Azure Interior'):contains('Disputed') button[name=action_open_request]",
            run: "click",
        },
        {
            content: "It is a complaint",
            trigger: ".modal .o_field_widget[name=kind] input[data-value=complaint]",
            run: "click",
        },
        {
            content: "Say it so that the customer may read it",
            trigger: ".modal .o_field_widget[name=description] textarea",
            run: "edit Two tables came scratched.",
        },
        {
            content: "Open it",
            trigger: ".modal button[name=action_open]",
            run: "click",
        },
        {
            content: "The request names the invoice",
            trigger:
                ".o_form_view .o_field_widget[name=disputed_move_ids] .o_tag:contains('INV/')",
        },
        {
            content: "Hand it over",
            trigger: "button[name=action_hand_over]",
            run: "click",
        },
        {
            content: "It is handed over",
            trigger: ".o_arrow_button_current:contains(Handed over)",
        },
        {
            content: "Look at the calls",
            trigger: "button[name=action_receivable_calls]:contains('1')",
            run: "click",
        },
        {
            content: "The call that was made of it",
            trigger: ".o_data_row:contains('Disputed') td[name=reason]",
            run: "click",
        },
        {
            content: "Shows the request",
            trigger:
                ".o_form_view .o_field_widget[name=desk_request_label]:contains('Handed over')",
        },
    ],
});

/** The request is closed: the promise has days of grace, and somebody is told. */
tours.add("front_office_desk_receivable_closed", {
    steps: () => [
        {
            content: "The invoice goes on",
            trigger:
                ".o_data_row:contains('Azure Interior') button[name=action_log_call]",
            run: "click",
        },
        {
            content: "Nothing was reached",
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
