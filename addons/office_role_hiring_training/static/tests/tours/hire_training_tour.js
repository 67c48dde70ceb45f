import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("office_role_hiring_training_tour", {
    steps: () => [
        {
            content: "Make an employee of the applicant",
            trigger: ".o_form_view button[name='create_employee_from_applicant']",
            run: "click",
        },
        {
            content: "The employee is there; go back to the application",
            trigger: ".o_form_view .o_field_widget[name='work_email']",
        },
        {
            content: "The application",
            trigger: ".o_breadcrumb .o_back_button a, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "The programme of the role has begun",
            trigger: "button[name='action_view_training_enrolments']:contains('1')",
        },
        {
            content: "One skill is short",
            trigger: "button[name='action_suggest_programmes']:contains('1')",
            run: "click",
        },
        {
            content: "A programme closes it",
            trigger: ".modal .o_data_row:contains('Test telephone'):contains('Telephone')",
        },
        {
            content: "Enrol",
            trigger: ".modal button[name='action_enrol']",
            run: "click",
        },
        {
            content: "Both programmes are under way",
            trigger: ".o_list_view .o_data_row:contains('Test telephone')",
        },
    ],
});
