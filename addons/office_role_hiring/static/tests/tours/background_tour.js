import {registry} from "@web/core/registry";

const stage = (name) => `.o_statusbar_status button:contains("${name}")`;

registry.category("web_tour.tours").add("office_role_hiring_background_blocks_tour", {
    steps: () => [
        {
            content: "The recruiter sees what is missing",
            trigger:
                ".o_field_widget[name='background_missing_names']:contains('Test criminal record')",
        },
        {
            content: "Try to move on",
            trigger: stage("Contract"),
            run: "click",
        },
        {
            content: "The stage waits, and says for what",
            trigger:
                ".modal:contains('cannot move on to Contract'):contains('Test criminal record')",
        },
        {
            content: "Close the message",
            trigger: ".modal-footer button",
            run: "click",
        },
        {
            content: "Give it up",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            content: "The applicant is where they were",
            trigger: ".o_arrow_button_current:contains('First')",
        },
    ],
});

registry.category("web_tour.tours").add("office_role_hiring_background_result_tour", {
    url: "/odoo/background-checks",
    steps: () => [
        {
            content: "The officer opens the check",
            trigger: ".o_data_row:contains('Ada') td[name='person_name']",
            run: "click",
        },
        {
            content: "It may be ordered, for there is consent",
            trigger: "button[name='action_order']",
            run: "click",
        },
        {
            content: "Nothing was found",
            trigger: "button[name='action_result_clear']",
            run: "click",
        },
        {
            content: "The check is done",
            trigger: ".o_arrow_button_current:contains('Done')",
        },
    ],
});

registry.category("web_tour.tours").add("office_role_hiring_background_frees_tour", {
    steps: () => [
        {
            content: "Everything is there",
            trigger:
                ".o_field_widget[name='background_status']:contains('Checks complete')",
        },
        {
            content: "Move on",
            trigger: stage("Contract"),
            run: "click",
        },
        {
            content: "The applicant has moved on",
            trigger: ".o_arrow_button_current:contains('Contract')",
        },
        {
            content: "It is saved",
            trigger: ".o_form_saved",
        },
    ],
});
