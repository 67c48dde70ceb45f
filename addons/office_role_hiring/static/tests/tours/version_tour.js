import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("office_role_hiring_version_tour", {
    url: "/odoo/office-roles",
    steps: () => [
        {
            content: "Open the role",
            trigger: ".o_kanban_record:contains('Test desk')",
            run: "click",
        },
        {
            content: "The first version is in force",
            trigger: ".o_form_view div[name='version']:contains('Version 1 is in force')",
        },
        {
            content: "Begin the next",
            trigger: "button[name='action_begin_version']",
            run: "click",
        },
        {
            content: "After a question",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The second version is in force",
            trigger: ".o_form_view div[name='version']:contains('Version 2 is in force')",
        },
        {
            content: "See the first",
            trigger: "button[name='action_view_versions']",
            run: "click",
        },
        {
            content: "Open it",
            trigger: ".o_data_row:contains('Test desk') td[name='number']",
            run: "click",
        },
        {
            content: "Nothing has changed yet, and nothing can be changed here",
            trigger: ".o_form_view .alert:contains('Nothing has changed since')",
        },
    ],
});

registry.category("web_tour.tours").add("office_role_hiring_rescore_tour", {
    steps: () => [
        {
            content: "See how the applicant is scored",
            trigger: ".o_form_view .nav-link:contains('Match')",
            run: "click",
        },
        {
            content: "Against the version of the application",
            trigger: "div[name='office_role_version']:contains('Scored against version 1 of Test desk')",
        },
        {
            content: "Score against the version in force",
            trigger: "button[name='action_score_against_version_in_force']",
            run: "click",
        },
        {
            content: "After a question",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It is the second",
            trigger:
                "div[name='office_role_version']:contains('version 2 of Test desk, the one in force'):not(:has(button))",
        },
    ],
});
