import { registry } from "@web/core/registry";

const CARD = ".o_kanban_record:contains('Tour Partner')";

function state(label) {
    return {
        content: `It is ${label}`,
        trigger: `.o_statusbar_status button.o_arrow_button_current:contains('${label}')`,
    };
}

function press(name) {
    return {
        trigger: `.o_form_view .o_statusbar_buttons button[name=${name}]`,
        run: "click",
    };
}

function decide(note) {
    return [
        {
            trigger: ".modal .o_field_widget[name=note]:visible textarea",
            run: `edit ${note}`,
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ];
}

/** A finding of the night is acknowledged, fixed, and resolved by its retest. */
registry.category("web_tour.tours").add("back_office_compliance_finding", {
    url: "/odoo/compliance-findings",
    steps: () => [
        { trigger: CARD, run: "click" },
        state("Open"),
        press("action_acknowledge"),
        state("Acknowledged"),
        press("action_mark_fixed"),
        ...decide("Gave it another reference"),
        state("Fixed"),
        press("action_retest"),
        state("Resolved"),
        { trigger: ".o_notification:contains('1 resolved, 0 left.')" },
    ],
});

/** A preparer asks for a waiver; nothing is waived by that. */
registry.category("web_tour.tours").add("back_office_compliance_waiver_ask", {
    url: "/odoo/compliance-findings",
    steps: () => [
        { trigger: CARD, run: "click" },
        press("action_ask_waiver"),
        {
            trigger: ".modal .o_field_widget[name=until] button, .modal .o_field_widget[name=until] input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=until] input",
            run: "edit 01/31/2090",
        },
        ...decide("They have left the country"),
        { trigger: ".alert:contains('asks to waive it until')" },
        state("Open"),
        { trigger: ".o_form_view:not(:has(button[name=action_grant_waiver]))" },
    ],
});

/** A manager who did not ask grants the waiver. */
registry.category("web_tour.tours").add("back_office_compliance_waiver_grant", {
    url: "/odoo/compliance-findings",
    steps: () => [
        { trigger: CARD, run: "click" },
        press("action_grant_waiver"),
        state("Waived"),
    ],
});

/** A check is run by hand; the run shows how far it is. */
registry.category("web_tour.tours").add("back_office_compliance_run_now", {
    url: "/odoo/compliance-checks",
    steps: () => [
        { trigger: ".o_data_row td[name=name]:contains('Check TOUR')", run: "click" },
        press("action_run_now"),
        { trigger: "[role=progressbar][aria-valuenow='0']" },
        {
            content: "The run is read again until it has ended",
            trigger: "[role=progressbar][aria-valuenow='100']",
            timeout: 30000,
        },
        state("Done"),
        {
            trigger: ".o_statusbar_buttons button[name=action_open_findings]",
            run: "click",
        },
        { trigger: CARD },
    ],
});
