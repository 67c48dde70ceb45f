import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Somebody who calls is known already; nobody touches the mouse. */
tours.add("front_office_desk_newcomer", {
    steps: () => [
        {
            content: "Open the screen with Alt+L",
            trigger: ".o_list_view button[data-hotkey=l]",
            run: "press alt+l",
        },
        {
            content: "Write the name of somebody who seems to be new",
            trigger: ".modal .o_field_widget[name=new_name] input",
            run: "edit Ada",
        },
        {
            content: "Write the telephone number, and go on",
            trigger: ".modal .o_field_widget[name=new_reach] input",
            run: "edit 0034 600 111-222 && press Tab",
        },
        {
            content: "It is said who has it",
            trigger: ".modal .alert-info:contains(is known already)",
        },
        {
            content: "The customer is chosen",
            trigger: ".modal .o_field_widget[name=partner_id] input:value(Test Ada)",
        },
        {
            content: "Say what it is about",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Second call",
        },
        {
            content: "Log it with Alt+Q",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "press alt+q",
        },
        {
            content: "It is on the board",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Second call)",
        },
    ],
});

/** A customer writes on the own page. */
tours.add("front_office_desk_web_customer", {
    steps: () => [
        {
            content: "Write to us",
            trigger: "a[href='/my/requests/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is it about?",
            trigger: ".o_desk_new_request input[name=subject]",
            run: "edit Test screws",
        },
        {
            content: "Say more",
            trigger: ".o_desk_new_request textarea[name=text]",
            run: "edit There were three, not four.",
        },
        {
            content: "Send",
            trigger: ".o_desk_new_request button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "We have got it",
            trigger: ".alert-success:contains(We have got what you wrote)",
        },
    ],
});

/** The team finds on the board what the customer wrote. */
tours.add("front_office_desk_web_board", {
    steps: () => [
        {
            content: "Open the filters",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Only of my teams",
            trigger: ".o_filter_menu .o_menu_item:contains(Of My Teams)",
            run: "click",
        },
        {
            content: "What the customer wrote is there",
            trigger:
                ".o_facet_values:contains(Of My Teams), .o_searchview_facet:contains(Of My Teams)",
        },
        {
            content: "Open it",
            trigger: ".o_data_row:contains(Test screws):contains(Test team) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "It says what happened",
            trigger: ".o_form_view .o_field_widget[name=note] textarea:value(three)",
        },
    ],
});

/** From the checklist to the decision of the customer. */
tours.add("front_office_desk_proposal", {
    steps: () => [
        {
            content: "Open the proposal of the request",
            trigger: "button[name=action_open_proposal]",
            run: "click",
        },
        {
            content: "The checklist has brought the parts; start",
            trigger:
                ".o_form_view:has(.o_data_row:contains(Test prices)) button[name=action_start]",
            run: "click",
        },
        {
            content: "The first part is ready",
            trigger: ".o_data_row:contains(Test solution) button[name=action_done]",
            run: "click",
        },
        {
            content: "One part is still missing",
            trigger: ".o_data_row:contains(Test solution):not(:has(button[name=action_done]))",
        },
        {
            content: "The second part is ready",
            trigger: ".o_data_row:contains(Test prices) button[name=action_done]",
            run: "click",
        },
        {
            content: "Nothing is missing",
            trigger: ".o_form_view:not(:has(button[name=action_done]))",
        },
        {
            content: "Hand it in",
            trigger: "button[name=action_send]",
            run: "click",
        },
        {
            content: "The customer takes it",
            trigger: "button[name=action_won]",
            run: "click",
        },
        {
            content: "It is won",
            trigger: ".o_arrow_button_current:contains(Won)",
        },
    ],
});

const NEXT_STAGE = ".o_statusbar_status button:contains(Test proposal)";

/** A stage needs the answers, which stand on the lead. */
tours.add("front_office_desk_playbook", {
    steps: () => [
        {
            content: "The questions are there without opening a page",
            trigger: "div[name=playbook] .o_data_row:contains(Budget)",
        },
        {
            content: "Try the stage that needs them",
            trigger: `${NEXT_STAGE}:not(.o_arrow_button_current)`,
            run: "click",
        },
        {
            content: "It says what to ask",
            trigger: ".modal:contains(ask: Budget)",
        },
        {
            content: "Close the message",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "Stay in the stage",
            trigger: "body:not(:has(.modal)) .o_form_button_cancel",
            run: "click",
        },
        {
            content: "Answer",
            trigger:
                ".o_form_view:has(.o_arrow_button_current:contains(Test open)) .o_data_row:contains(Budget) .o_data_cell[name=value_yesno]",
            run: "click",
        },
        {
            content: "Open the answers",
            trigger: ".o_selected_row [name=value_yesno] :is(input, select)",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".o_select_menu_item:contains(Yes)",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "All is asked, and all points are earned",
            trigger:
                "div[name=playbook]:contains(Complete) .o_field_widget[name=playbook_score]:contains(100)",
        },
        {
            content: "Now the stage is open",
            trigger: `${NEXT_STAGE}:not(.o_arrow_button_current)`,
            run: "click",
        },
        {
            content: "The opportunity is there",
            trigger: ".o_form_saved .o_arrow_button_current:contains(Test proposal)",
        },
    ],
});
