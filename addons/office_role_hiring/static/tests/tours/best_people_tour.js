import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("office_role_hiring_best_people_tour", {
    steps: () => [
        {
            content: "Have every applicant scored against the role",
            trigger: ".o_form_view button[name='action_find_people']",
            run: "click",
        },
        {
            content: "The employee comes before the applicant for another job",
            trigger:
                ".o_data_row:contains('Clerk Tour'):contains('Employee') ~ .o_data_row:contains('Ada Tour'):contains('Applicant')",
        },
        {
            content: "Open the employee",
            trigger: ".o_data_row:contains('Clerk Tour') td[name='employee_id']",
            run: "click",
        },
        {
            content: "See the roles that would fit",
            trigger: ".o_form_view button[name='action_view_office_best_roles']",
            run: "click",
        },
        {
            content: "The best role is on top",
            trigger:
                ".o_list_view .o_data_row:first:contains('Test till'):contains('Meets everything')",
        },
    ],
});
