import { registry } from "@web/core/registry";

/** A card says "Closed" when the step is, and something else while it is open. */
registry.category("web_tour.tours").add("front_office_training_card", {
    url: "/odoo/my-training",
    steps: () => [
        {
            content: "What is open and is the trainee's has a box",
            trigger: ".o_kanban_record:contains('Tour Read') .o_training_tick",
        },
        {
            content: "What is open and is not ticked by hand has an hourglass, with words",
            trigger:
                ".o_kanban_record:contains('Tour Hour'):not(:has(.o_training_closed)) .o_training_waits[title^='Open'] .fa-hourglass-o",
        },
        {
            content: "What is closed says so",
            trigger: ".o_kanban_record:contains('Tour Greet') .o_training_closed[title='Closed']",
        },
    ],
});

/** A training manager closes what the trainee does not acknowledge. */
registry.category("web_tour.tours").add("front_office_training_without_acknowledgement", {
    url: "/odoo/training-enrolments",
    steps: () => [
        {
            trigger: ".o_data_row:contains('Tour Trainee') .o_data_cell[name=programme_id]",
            run: "click",
        },
        {
            content: "Close it without the acknowledgement",
            trigger: ".o_data_row:contains('Tour Greet') button[name=action_open_waive_acknowledgement]",
            run: "click",
        },
        {
            content: "The reason is required",
            trigger: ".modal button[name=action_confirm]:contains('Close without')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_invalid[name=feedback]",
        },
        {
            trigger: ".modal .o_field_widget[name=feedback] textarea",
            run: "edit Left without notice.",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains('Close without')",
            run: "click",
        },
        {
            content: "It is in the chatter, and the button is gone",
            trigger: ".o-mail-Message:contains('Left without notice.')",
        },
        {
            trigger:
                ".o_form_view:not(:has(button[name=action_open_waive_acknowledgement])) .o_data_row:contains('Tour Greet')",
        },
    ],
});

/** A training manager looks at a stand-in and ends it. */
registry.category("web_tour.tours").add("front_office_training_stand_in", {
    url: "/odoo/training-stand-ins",
    steps: () => [
        {
            trigger: ".o_data_row:contains('tour_stand_in') .o_data_cell[name=until]",
            run: "click",
        },
        {
            content: "See what moved",
            trigger: ".o_field_widget[name=enrolment_ids] .o_data_row:contains('Tour Trainee')",
        },
        {
            trigger: "button[name=action_end]",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It has ended",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Ended')",
        },
        {
            content: "The work is the trainer's again",
            trigger: ".o_field_widget[name=enrolment_ids] .o_data_row:contains('tour_trainer')",
        },
    ],
});
