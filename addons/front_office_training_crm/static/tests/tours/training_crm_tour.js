import { registry } from "@web/core/registry";

/** The trainee sees how far they are, is told what is missing, and opens what counts. */
registry.category("web_tour.tours").add("front_office_training_crm_one_of_two", {
    url: "/odoo/my-training",
    steps: () => [
        {
            content: "One of two leads is qualified",
            trigger:
                ".o_kanban_record:contains('Tour Qualify') .o_training_work:contains('1 of 2'):contains('Leads qualified')",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Qualify') .progress-bar[style*='50%']",
        },
        {
            content: "It is too early for a tick",
            trigger: ".o_kanban_record:contains('Tour Qualify') .o_training_tick",
            run: "click",
        },
        {
            trigger: ".modal:contains('1 of 2 so far') .modal-footer button",
            run: "click",
        },
        {
            content: "Open the records that count",
            trigger: ".o_kanban_record:contains('Tour Qualify') .o_training_records",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Tour Bakery')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Tour School')))",
        },
    ],
});

/** With the second lead the tick is taken, and the trainee asks for the signature. */
registry.category("web_tour.tours").add("front_office_training_crm_two_of_two", {
    url: "/odoo/my-training",
    steps: () => [
        {
            trigger:
                ".o_kanban_record:contains('Tour Qualify') .o_training_work:contains('2 of 2')",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Qualify') .o_training_tick",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Qualify') .o_training_request",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Qualify'):contains('waiting for')",
        },
    ],
});

/** The trainer sees the same number, looks at the leads, comes back and signs. */
registry.category("web_tour.tours").add("front_office_training_crm_trainer", {
    url: "/odoo/training-to-sign",
    steps: () => [
        {
            trigger:
                ".o_kanban_record:contains('Tour Qualify') .o_training_work:contains('2 of 2')",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Qualify') .o_training_records",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Tour School')",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item:contains('To Sign Off') a",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Qualify') .o_training_sign",
            run: "click",
        },
        {
            trigger: ".o_view_nocontent:contains('Nothing waits for your signature')",
        },
    ],
});
