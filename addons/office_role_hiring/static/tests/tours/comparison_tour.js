import {registry} from "@web/core/registry";

const TABLE = ".o_role_comparison_table";

registry.category("web_tour.tours").add("office_role_hiring_compare_tour", {
    url: "/odoo/applicant-ranking",
    steps: () => [
        {
            content: "Choose the first of the ranking",
            trigger: ".o_data_row:contains('Ada Tour') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "And the second",
            trigger: ".o_data_row:contains('Bo Tour') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "And the third",
            trigger: ".o_data_row:contains('Cy Tour') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Compare them",
            trigger: "button[name='action_compare']",
            run: "click",
        },
        {
            content: "The score stands at the top",
            trigger: `${TABLE} th[data-person='Bo Tour'] .o_role_comparison_score:contains('33.33')`,
        },
        {
            content: "The must-have comes first, and is red where it is missed",
            trigger: `${TABLE} tbody tr:first-child[data-skill='Greeting'] td.o_role_comparison_missed:contains('Missed, 25 short')`,
        },
        {
            content: "The parts add up",
            trigger: `${TABLE} .o_role_comparison_total td:contains('33.33')`,
        },
        {
            content: "Leave out the third",
            trigger: `${TABLE} th[data-person='Cy Tour'] button[aria-label^='Leave out']`,
            run: "click",
        },
        {
            content: "Two are left, and two it stays",
            trigger: `${TABLE}:not(:has(th[data-person='Cy Tour'])):not(:has(button[aria-label^='Leave out']))`,
        },
        {
            content: "Compare them for another role",
            trigger: ".o_role_comparison_role",
            run: "selectByLabel Test till",
        },
        {
            content: "It asks for other skills",
            trigger: `${TABLE}:has(caption:contains('Test till')) tbody tr[data-skill='Counting']`,
        },
        {
            content: "And back",
            trigger: ".o_role_comparison_role",
            run: "selectByLabel Test desk",
        },
        {
            content: "Open one of them",
            trigger: `${TABLE}:has(caption:contains('Test desk')) th[data-person='Ada Tour'] button.fw-bold`,
            run: "click",
        },
        {
            content: "The application",
            trigger: ".o_form_view .nav-link:contains('Match')",
        },
        {
            content: "The way back leads to the comparison",
            trigger: ".o_breadcrumb .breadcrumb-item a:contains('Comparison'), .o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "Of the two who were left",
            trigger: `${TABLE}:has(th[data-person='Ada Tour']):has(th[data-person='Bo Tour']):not(:has(th[data-person='Cy Tour']))`,
        },
    ],
});
