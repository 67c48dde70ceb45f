import { registry } from "@web/core/registry";

/** The trainer plans a session, says who came, and judges what was practised. */
registry.category("web_tour.tours").add("front_office_training_session", {
    url: "/odoo/training-sessions",
    steps: () => [
        {
            content: "The calendar opens; go to the list",
            trigger: ".o_calendar_view",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Name the session",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour Session",
        },
        {
            trigger: ".o_field_widget[name=programme_id] input",
            run: "edit Tour Practice",
        },
        {
            trigger: ".ui-autocomplete > li > a:contains('Tour Practice')",
            run: "click",
        },
        {
            content: "Invite the trainee",
            trigger: ".o_field_widget[name=attendance_ids] .o_field_x2many_list_row_add button, .o_field_widget[name=attendance_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=enrolment_id] input",
            run: "edit Tour Trainee",
        },
        {
            trigger: ".ui-autocomplete > li > a:contains('Tour Practice: Tour Trainee')",
            run: "click",
        },
        {
            content: "Choose what is practised",
            trigger: ".o_notebook .nav-link:contains('Steps practised')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=step_ids] .o_field_x2many_list_row_add button, .o_field_widget[name=step_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Tour Handshake') .o_data_cell",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=step_ids] .o_data_row:contains('Tour Handshake')",
        },
        {
            content: "Plan it",
            trigger: "button[name=action_plan]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Planned')",
        },
        {
            trigger: "button[name=action_all_present]",
            run: "click",
        },
        {
            content: "Judge it",
            trigger: "button[name=action_open_judge]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Tour Trainee'):contains('Tour Handshake')",
        },
        {
            trigger: ".modal button[name=action_all_passed]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Passed')",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "Close the session",
            trigger: "button[name=action_hold]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Held')",
        },
    ],
});

/** The trainee finds the invitation, and cannot change the list. */
registry.category("web_tour.tours").add("front_office_training_session_trainee", {
    url: "/odoo/my-training-sessions",
    steps: () => [
        {
            trigger: ".o_data_row:contains('Tour Invitation') .o_data_cell",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_data_row:contains('Tour Trainee')",
        },
        {
            content: "There is nothing to press",
            trigger: ".o_form_view:not(:has(button[name=action_present])):not(:has(button[name=action_hold]))",
        },
    ],
});
