import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("office_role_hiring_refuse_tour", {
    steps: () => [
        {
            content: "Refuse the applicant",
            trigger: ".o_form_view button[name='archive_applicant']",
            run: "click",
        },
        {
            content: "For a must-have that is missing",
            trigger:
                ".modal .o_selection_badge:contains('Must-have skill missing'), .modal .o_field_widget[name='refuse_reason_id'] span:contains('Must-have skill missing')",
            run: "click",
        },
        {
            content: "The skill is named",
            trigger: ".modal .o_field_widget[name='office_skill_ids'] .o_tag:contains('Greeting')",
        },
        {
            content: "Say more for the log",
            trigger: ".modal .o_field_widget[name='office_note'] textarea",
            run: "edit Practical test on the telephone",
        },
        {
            content: "Do not write to the applicant",
            trigger: ".modal .o_field_widget[name='send_mail'] input",
            run: "uncheck",
        },
        {
            content: "Refuse",
            trigger: ".modal button[name='action_refuse_reason_apply']",
            run: "click",
        },
        {
            content: "Open the log of decisions",
            trigger: ".o_form_view .nav-link:contains('Decisions')",
            run: "click",
        },
        {
            content: "It says why, on what score",
            trigger:
                ".o_field_widget[name='office_decision_ids'] .o_data_row:contains('Must-have skill missing: Greeting'):contains('83.33'):contains('Practical test')",
        },
    ],
});

registry.category("web_tour.tours").add("office_role_hiring_impact_tour", {
    steps: () => [
        {
            content: "Open the reports",
            trigger: ".o_menu_sections button:contains('Reporting')",
            run: "click",
        },
        {
            content: "Adverse impact",
            trigger:
                ".dropdown-item[data-menu-xmlid='office_role_hiring.hr_applicant_adverse_impact_menu']",
            run: "click",
        },
        {
            content: "Compare the groups",
            trigger: ".modal button[name='action_report']",
            run: "click",
        },
        {
            content: "One group is below four fifths",
            trigger: ".modal .o_data_row:contains('Tour B'):contains('Below four fifths')",
        },
        {
            content: "Of the small one nothing is shown",
            trigger: ".modal .o_data_row:contains('Tour C'):contains('Too few to show')",
        },
    ],
});
