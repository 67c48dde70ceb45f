import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const openOffices = () => [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the Offices app",
        trigger: ".o_app[data-menu-xmlid='office_role.office_role_menu_root']",
        run: "click",
    },
];

registry.category("web_tour.tours").add("office_role_catalogue_tour", {
    url: "/odoo",
    steps: () => [
        ...openOffices(),
        {
            content: "Front and back office stand side by side",
            trigger: ".o_kanban_group:contains('Back office')",
        },
        {
            content: "Open the receptionist",
            trigger:
                ".o_kanban_group:contains('Front office') .o_kanban_record:contains('Receptionist')",
            run: "click",
        },
        {
            content: "See a skill with its level and what that looks like",
            trigger:
                ".o_field_widget[name='skill_ids'] .o_data_row:contains('Friendly manner'):contains('Proficient'):contains('Stays calm')",
        },
        {
            content: "Read what good work looks like",
            trigger: ".nav-link:contains('Description')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='description']:contains('visitor')",
        },
    ],
});

registry.category("web_tour.tours").add("office_role_align_tour", {
    url: "/odoo",
    steps: () => [
        ...openOffices(),
        {
            content: "Open the configuration",
            trigger:
                "[data-menu-xmlid='office_role.office_role_menu_configuration']",
            run: "click",
        },
        {
            content: "Go to the job positions",
            trigger: "[data-menu-xmlid='office_role.office_role_menu_jobs']",
            run: "click",
        },
        {
            content: "Open the position",
            trigger: ".o_data_row .o_data_cell:contains('Welcome desk')",
            run: "click",
        },
        {
            content: "Without a role there is no difference",
            trigger:
                ".o_form_view:has(.o_field_widget[name='office_role_id']):not(:has(button[name='action_align_skills_with_role']))",
        },
        {
            content: "Look for the role",
            trigger: ".o_field_widget[name='office_role_id'] input",
            run: "edit Test desk",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains('Test desk')",
            run: "click",
        },
        {
            content: "See what is missing",
            trigger: ".alert:contains('Greeting (Desk 75): asked for by the role')",
        },
        {
            content: "See what is too much",
            trigger: ".alert:contains('Juggling (Desk 100): asked for by this position')",
        },
        {
            content: "Align",
            trigger: "button[name='action_align_skills_with_role']",
            run: "click",
        },
        {
            content: "Confirm",
            trigger:
                ".modal:contains('stay in the history') .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The difference is gone",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has(button[name='action_align_skills_with_role']))",
        },
        {
            content: "The position expects what the role does",
            trigger:
                ".o_field_widget[name='current_job_skill_ids']:contains('Greeting'):contains('Telephone'):not(:contains('Juggling'))",
        },
    ],
});

registry.category("web_tour.tours").add("office_role_gap_tour", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the Employees app",
            trigger: ".o_app[data-menu-xmlid='hr.menu_hr_root']",
            run: "click",
        },
        {
            content: "Open the employee",
            trigger: ".o_kanban_record:contains('Ada Gap')",
            run: "click",
        },
        {
            content: "One skill is short",
            trigger:
                "button[name='action_view_office_role_gaps']:contains('1'):contains('Skill gaps')",
            run: "click",
        },
        {
            content: "The list is grouped by role",
            trigger: ".o_group_header:contains('Test desk')",
            run: "click",
        },
        {
            content: "The skill that is held is met",
            trigger: ".o_data_row:contains('Greeting') [name='shortfall']:contains('0')",
        },
        {
            content: "The other one is short by its whole level",
            trigger:
                ".o_data_row:contains('Telephone') [name='shortfall']:contains('50')",
        },
    ],
});
