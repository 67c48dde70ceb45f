import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** Put a file into the file field of the import wizard. */
function chooseFile(content) {
    return {
        trigger: ".modal .o_field_widget[name=file]:has(input[type=file])",
        run({ anchor }) {
            const input = anchor.querySelector("input[type=file]");
            const transfer = new DataTransfer();
            transfer.items.add(
                new File([JSON.stringify(content)], "till.json", { type: "application/json" })
            );
            input.files = transfer.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

function programmeFile(step) {
    return {
        format: "front_office_training.programme",
        format_version: 1,
        programme: { name: "Tour Imported", roles: ["tour_author_role"] },
        steps: [step],
    };
}

/** A programme is written, previewed, published, revised, and its versions compared. */
registry.category("web_tour.tours").add("front_office_training_author", {
    url: "/odoo/training-programmes",
    steps: () => [
        {
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input, .o_form_view .o_field_widget[name=name] textarea",
            run: "edit Tour Till",
        },
        {
            content: "Add the first step",
            trigger: ".o_field_widget[name=step_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input, .modal .o_field_widget[name=name] textarea",
            run: "edit Tour Count",
        },
        {
            trigger: ".modal .o_field_widget[name=minutes] input",
            run: "edit 15",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=step_ids] .o_data_row:contains('Tour Count')",
        },
        ...stepUtils.saveForm(),
        {
            content: "See it as a trainee does",
            trigger: "button[name=action_preview]",
            run: "click",
        },
        {
            trigger: ".o_training_preview .o_kanban_record:contains('Tour Count'):contains('15')",
        },
        {
            content: "There is nothing to press on the card",
            trigger: ".o_training_preview .o_kanban_record:not(:has(button))",
        },
        {
            trigger: ".o_back_button a, .breadcrumb-item a:contains('Tour Till')",
            run: "click",
        },
        {
            trigger: "button[name=action_publish]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Published')",
        },
        {
            trigger: "button[name=action_revise]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Draft')",
        },
        {
            content: "Change the step",
            trigger: ".o_field_widget[name=step_ids] .o_data_row:contains('Tour Count') .o_data_cell[name=name]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=minutes] input",
            run: "edit 25",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=step_ids] .o_data_row:contains('25')",
        },
        ...stepUtils.saveForm(),
        {
            content: "What changed since it was published?",
            trigger: "button[name=action_compare]",
            run: "click",
        },
        {
            trigger: ".modal .o_training_difference:contains('Changed'):contains('Tour Count'):contains('15'):contains('25')",
        },
        {
            trigger: ".modal-footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name=action_publish]",
            run: "click",
        },
        {
            trigger: "button[name=action_view_versions]:contains('2')",
            run: "click",
        },
        {
            content: "The newest comes first",
            trigger: ".o_data_row:first .o_list_button button[name=action_compare]",
            run: "click",
        },
        {
            trigger: ".modal .o_training_difference th:contains('Version 2')",
        },
    ],
});

/** A file with a mistake is refused with the place; the right one becomes a draft. */
registry.category("web_tour.tours").add("front_office_training_import", {
    url: "/odoo/training-programmes",
    steps: () => [
        {
            trigger: "[data-menu-xmlid='front_office_training.training_menu_configuration']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='front_office_training.training_menu_import']",
            run: "click",
        },
        chooseFile(programmeFile({ name: "Tour Step", due_days: -2 })),
        {
            trigger: ".modal .alert-danger:contains('step 1, field due_days: must be 0 or more.')",
        },
        {
            content: "Nothing can be imported",
            trigger: ".modal:not(:has(button[name=action_import]))",
        },
        chooseFile(programmeFile({ name: "Tour Step", due_days: 2 })),
        {
            trigger: ".modal .alert-success:contains('Tour Imported')",
        },
        {
            trigger: ".modal button[name=action_import]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=step_ids] .o_data_row:contains('Tour Step')",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Draft')",
        },
    ],
});

/** From the skill gaps to the enrolment: who gets what and why, then Enrol. */
registry.category("web_tour.tours").add("front_office_training_suggest", {
    url: "/odoo/skill-gaps",
    steps: () => [
        {
            trigger: ".o_data_row:contains('Tour Newcomer') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel .o_cp_action_menus .dropdown-toggle:contains('Actions')",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o_menu_item:contains('Close with training')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains('Tour Newcomer'):contains('Tour Desk'):contains('Tour Greeting (must-have)')",
        },
        {
            trigger: ".modal .o_field_widget[name=gap_ids] .o_data_row:contains('Tour Juggling')",
        },
        {
            trigger: ".modal button[name=action_enrol]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Tour Newcomer'):contains('Tour Desk') .badge:contains('Under way')",
        },
    ],
});
