import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** The HR officer gives an employee the position, and sees the enrolment. */
registry.category("web_tour.tours").add("front_office_training_hr", {
    url: "/odoo/employees",
    steps: () => [
        {
            content: "Open the newcomer",
            trigger: ".o_kanban_record:contains('Tour Trainee')",
            run: "click",
        },
        {
            content: "Choose the position",
            trigger: ".o_field_widget[name=job_id] input",
            run: "edit Tour Receptionist",
        },
        {
            trigger: ".ui-autocomplete > li > a:contains('Tour Receptionist')",
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            content: "The role shows",
            trigger: ".o_field_widget[name=office_role_ids] .o_tag:contains('Tour Role')",
        },
        {
            content: "The enrolment is there: open it",
            trigger: "button[name=action_view_training_enrolments]:contains('1')",
            run: "click",
        },
        {
            content: "It is under way",
            trigger: ".o_list_view .o_data_row:contains('Tour Programme') .badge:contains('Under way')",
        },
    ],
});

/** The trainee ticks every step on a telephone, attaches evidence and asks for the sign-off. */
registry.category("web_tour.tours").add("front_office_training_trainee", {
    url: "/odoo/my-training",
    steps: () => [
        {
            content: "Read what is to be done",
            trigger: ".o_kanban_record:contains('Tour Read') summary",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Read') details[open]:contains('Read this page')",
        },
        {
            content: "Tick the first step",
            trigger: ".o_kanban_record:contains('Tour Read') .o_training_tick",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Read') .badge:contains('Done')",
        },
        {
            content: "Attach evidence to the second",
            trigger: ".o_kanban_record:contains('Tour Greet') .o_training_attach",
            run({ anchor }) {
                const input = anchor
                    .closest(".o_training_evidence")
                    .querySelector("input[type=file]");
                const file = new File(["photo"], "greeting.txt", { type: "text/plain" });
                const transfer = new DataTransfer();
                transfer.items.add(file);
                input.files = transfer.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            trigger: ".o_kanban_record:contains('Tour Greet') .o_training_evidence a:contains('greeting.txt')",
        },
        {
            content: "Tick the second step",
            trigger: ".o_kanban_record:contains('Tour Greet') .o_training_tick",
            run: "click",
        },
        {
            content: "Ask for the sign-off",
            trigger: ".o_kanban_record:contains('Tour Greet') .o_training_request",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Greet'):contains('waiting for')",
        },
        {
            content: "Take back a tick by mistake, and tick again",
            trigger: ".o_kanban_record:contains('Tour Hour') .o_training_tick",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Hour') .o_training_untick",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Hour') .o_training_tick",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Hour') .badge:contains('Done')",
        },
        {
            content: "Nothing is left to tick",
            trigger: ".o_training_checklist:not(:has(.o_training_tick))",
        },
    ],
});

/** The trainer sends one step back with words; the trainee's second try is signed later. */
registry.category("web_tour.tours").add("front_office_training_trainer_returns", {
    url: "/odoo/training-to-sign",
    steps: () => [
        {
            content: "The evidence is there",
            trigger: ".o_kanban_record:contains('Tour Greet') a:contains('greeting.txt')",
        },
        {
            content: "Send it back",
            trigger: ".o_kanban_record:contains('Tour Greet') .o_training_fail",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=feedback] textarea",
            run: "edit Look at the visitor first.",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains('Send back')",
            run: "click",
        },
        {
            content: "It has left the pile",
            trigger: ".o_training_signoff:not(:has(.o_kanban_record:contains('Tour Greet')))",
        },
    ],
});

registry.category("web_tour.tours").add("front_office_training_trainee_again", {
    url: "/odoo/my-training",
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Tour Greet') .alert:contains('Look at the visitor first.')",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Greet') .o_training_tick",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Greet') .o_training_request",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Greet'):contains('waiting for')",
        },
    ],
});

/** The trainer signs what waits; the enrolment is complete. */
registry.category("web_tour.tours").add("front_office_training_trainer", {
    url: "/odoo/training-to-sign",
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Tour Greet') .o_training_sign",
            run: "click",
        },
        {
            trigger: ".o_training_signoff:not(:has(.o_kanban_record:contains('Tour Greet')))",
        },
        {
            trigger: ".o_kanban_record:contains('Tour Hour') .o_training_sign",
            run: "click",
        },
        {
            content: "The pile is empty",
            trigger: ".o_view_nocontent:contains('Nothing waits for your signature')",
        },
        {
            content: "Look at the enrolments",
            trigger: "[data-menu-xmlid='front_office_training.training_menu_enrolments']",
            run: "click",
        },
        {
            trigger: ".o_searchview_facet:contains('Under way') .o_facet_remove",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Tour Trainee'):contains('100') .badge:contains('Completed')",
        },
    ],
});
