import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** A receptionist logs a call without touching the mouse. */
tours.add("front_office_desk_log", {
    steps: () => [
        {
            content: "Open the screen with Alt+L",
            trigger: ".o_list_view button[data-hotkey=l]",
            run: "press alt+l",
        },
        {
            content: "Type the telephone number",
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: "edit 600 111",
        },
        {
            content: "The customer is found",
            trigger: ".o-autocomplete--dropdown-item:contains(Test Ada)",
        },
        {
            content: "Choose with Enter",
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: "press Enter",
        },
        {
            content: "Somebody new is not asked for any more",
            trigger: ".modal:not(:has(.o_field_widget[name=new_name]))",
        },
        {
            content: "Say what it is about",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Broken chair",
        },
        {
            content: "Log it with Alt+Q",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "press alt+q",
        },
        {
            content: "It is on the board",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Broken chair)",
        },
    ],
});

tours.add("front_office_desk_complaint_front", {
    steps: () => [
        {
            content: "Make a request of the call",
            trigger: "button[name=action_make_request]:contains(Make a Request)",
            run: "click",
        },
        {
            content: "Open the types",
            trigger: ".o_field_widget[name=type_id] input",
            run: "edit Test complaint",
        },
        {
            content: "It is a complaint",
            trigger: ".o-autocomplete--dropdown-item:contains(Test complaint)",
            run: "click",
        },
        {
            content: "The team comes with the type",
            trigger: ".o_field_widget[name=team_id] input:value(Test team)",
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
    ],
});

tours.add("front_office_desk_complaint_back", {
    steps: () => [
        {
            content: "Accept it",
            trigger: "button[name=action_accept]",
            run: "click",
        },
        {
            content: "Answer",
            trigger: ".o_statusbar_buttons button:contains(/^Answer$/)",
            run: "click",
        },
        {
            content: "Write the answer",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit A new chair comes tomorrow.",
        },
        {
            content: "Send it",
            trigger: ".modal button:contains(Send the Answer)",
            run: "click",
        },
        {
            content: "It is answered",
            trigger: ".o_arrow_button_current:contains(Answered)",
        },
    ],
});

tours.add("front_office_desk_complaint_close", {
    steps: () => [
        {
            content: "Look at the improvement",
            trigger: ".nav-link[name=improvement]",
            run: "click",
        },
        {
            content: "Name the cause",
            trigger: ".o_field_widget[name=cause_id] input",
            run: "edit Test thin",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Test thin box)",
            run: "click",
        },
        {
            content: "Add an improvement",
            trigger: ".o_field_widget[name=improvement_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Say what is done",
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit Thicker box",
        },
        {
            content: "Until when",
            trigger: ".o_selected_row .o_field_widget[name=date_due] :is(input, button)",
            run: "click",
        },
        {
            content: "Today",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            content: "Close the complaint",
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            content: "It is closed",
            trigger: ".o_arrow_button_current:contains(Closed)",
        },
    ],
});

tours.add("front_office_desk_portal", {
    steps: () => [
        {
            content: "Look at the own requests",
            trigger: ".o_portal_index_card a[href='/my/requests'], a[href='/my/requests']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the request",
            trigger: ".o_portal_my_doc_table td a:contains(REQ/)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "We wait for the customer",
            trigger: ".o_desk_request .badge:contains(We wait for you)",
        },
        {
            content: "Write",
            trigger: "#chatterRoot:shadow .o-mail-Composer-input",
            run: "edit The red one",
        },
        {
            content: "Send",
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "It is there",
            trigger: "#chatterRoot:shadow .o-mail-Message:contains(The red one)",
        },
    ],
});
