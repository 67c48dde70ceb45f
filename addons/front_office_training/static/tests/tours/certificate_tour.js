import { registry } from "@web/core/registry";

/** A training manager checks a certificate and revokes it with a reason. */
registry.category("web_tour.tours").add("front_office_training_certificate", {
    url: "/odoo/training-certificates",
    steps: () => [
        {
            content: "Only what is valid shows; open the certificate",
            trigger: ".o_data_row:contains('Test trainee') .badge:contains('Valid')",
        },
        {
            trigger: ".o_data_row:contains('Test trainee') td[name=name]",
            run: "click",
        },
        {
            content: "It is as it was issued",
            trigger: ".o_field_widget[name=is_intact] input:checked",
        },
        {
            trigger: ".o_field_widget[name=public_url]:contains('/training/certificate/')",
        },
        {
            content: "Look at the frozen record",
            trigger: "a.nav-link[name=record]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=frozen]:contains('Greet a visitor')",
        },
        {
            content: "Revoke it",
            trigger: "button[name=action_open_revoke]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Signed by mistake.",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Revoked')",
        },
        {
            trigger: ".o_field_widget[name=revoked_reason]:contains('Signed by mistake.')",
        },
    ],
});
