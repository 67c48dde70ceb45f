import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("office_role_hiring_ranking_tour", {
    url: "/odoo/applicant-ranking",
    steps: () => [
        {
            content: "The best comes first",
            trigger:
                ".o_data_row:contains('Ada Tour'):contains('Meets everything') ~ .o_data_row:contains('Bo Tour'):contains('Must-have missed')",
        },
        {
            content: "Open the weaker applicant",
            trigger: ".o_data_row:contains('Bo Tour') td[name='applicant_id']",
            run: "click",
        },
        {
            content: "See why",
            trigger: ".o_form_view .nav-link:contains('Match')",
            run: "click",
        },
        {
            content: "The must-have that is missed is red, with its part of the score",
            trigger:
                ".o_field_widget[name='office_match_line_ids'] .o_data_row.text-danger:contains('Greeting'):contains('33.33')",
        },
        {
            content: "The parts add up",
            trigger:
                ".o_field_widget[name='office_match_line_ids'] tfoot:contains('33.33')",
        },
    ],
});
