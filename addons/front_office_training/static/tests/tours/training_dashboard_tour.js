import { registry } from "@web/core/registry";

/** The manager opens the dashboard, narrows it, and drills down, with the keyboard. */
registry.category("web_tour.tours").add("front_office_training_dashboard", {
    url: "/odoo/training-dashboard",
    steps: () => [
        {
            content: "The figures are there",
            trigger: ".o_training_card[data-figure=running]",
        },
        {
            content: "Narrow it to one programme",
            trigger: ".o_training_programme",
            run: "selectByLabel Tour Practice",
        },
        {
            trigger: ".o_training_card[data-figure=running] .o_training_value:contains(/^1$/)",
        },
        {
            content: "Look at the whole year",
            trigger: ".o_training_period",
            run: "select year",
        },
        {
            trigger: ".o_training_card[data-figure=completed]:contains('This year')",
        },
        {
            content: "Open the enrolments behind a figure, with the keyboard",
            trigger: ".o_training_card[data-figure=running]",
            async run({ anchor, press }) {
                anchor.focus();
                await press("Enter");
            },
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Tour Trainee'):contains('Tour Practice')",
        },
        {
            content: "Go back: the filters are still set",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            trigger: ".o_training_card[data-figure=completed]:contains('This year')",
        },
        {
            content: "Open the steps behind a bar",
            trigger: "[data-field=trainer_id] .o_training_bar:contains('tour_trainer')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Tour Handshake')",
        },
        {
            content: "The same as a pivot",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            trigger: ".o_pivot_view",
        },
    ],
});

/** Where nobody is in training, the dashboard says what comes first. */
registry.category("web_tour.tours").add("front_office_training_dashboard_empty", {
    url: "/odoo/training-dashboard",
    steps: () => [
        {
            trigger: ".o_training_empty button",
            run: "click",
        },
        {
            trigger: ".o_kanban_view, .o_list_view",
        },
    ],
});
