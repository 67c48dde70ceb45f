import { registry } from "@web/core/registry";

/** A key pressed where the focus is, as the browser itself would send it. */
const press = (content, key, focused) => ({
    content,
    trigger: focused,
    run() {
        const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
        document.activeElement.dispatchEvent(event);
    },
});

const card = (name) => `.o_interview_skill:contains('${name}') .o_interview_rating:focus`;
const note = (name) => `.o_interview_skill:contains('${name}') .o_interview_note:focus`;

const tab = (name) => ({ trigger: `.o_form_view .nav-link:contains('${name}')`, run: "click" });

/** The ratings with the keyboard only, blind, submitted, and then put together. */
registry.category("web_tour.tours").add("office_role_hiring_scorecard_tour", {
    url: "/odoo/my-interviews",
    steps: () => [
        {
            content: "The scorecard waits",
            trigger: ".o_data_row:contains('Ada Tour') td[name='applicant_id']",
            run: "click",
        },
        press("The first skill has the focus; a 1 needs a note", "1", card("Greeting")),
        {
            content: "So the note has the focus",
            trigger: note("Greeting"),
            run: "edit Looked away",
        },
        press("Enter goes on", "Enter", note("Greeting")),
        press("The next skill", "3", card("Telephone")),
        {
            content: "Behind the last skill, the recommendation",
            trigger: "[name=recommendation] input:focus",
            run: "click",
        },
        {
            trigger: ".o_interview_missing:contains('Every skill is rated')",
        },
        {
            content: "Choose, in the same place",
            trigger: "[name=recommendation] label:contains('Do not hire, certainly')",
            run: "click",
        },
        {
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "Submitted, and saved",
            trigger: ".o_arrow_button_current:contains('Submitted')",
        },
        {
            content: "Locked: nothing can be rated any more",
            trigger: ".o_interview_rating[data-rating='1'][aria-checked='true']:disabled",
        },
    ],
});

registry.category("web_tour.tours").add("office_role_hiring_blind_tour", {
    steps: () => [
        tab("Interviews"),
        {
            content: "Who owes a scorecard sees no other",
            trigger:
                ".o_field_widget[name='interview_summary']:contains('still owe a scorecard'):not(:contains('Sang at the door'))",
        },
    ],
});

const consolidated = [
    tab("Interviews"),
    {
        content: "The raters are far apart, and say why",
        trigger:
            ".o_interview_consolidated tr.table-warning:contains('Greeting'):contains('talk about it'):contains('Sang at the door'):contains('Looked away')",
    },
    {
        trigger: ".o_interview_consolidated:contains('Do not hire, certainly')",
    },
];

registry.category("web_tour.tours").add("office_role_hiring_consolidated_interviewer_tour", {
    steps: () => [
        ...consolidated,
        {
            content: "What becomes a skill is not an interviewer's to say",
            trigger: ".o_form_view:not(:has(button[name=action_rate_skills]))",
        },
    ],
});

registry.category("web_tour.tours").add("office_role_hiring_consolidated_tour", {
    steps: () => [
        ...consolidated,
        {
            content: "The recruiter decides what becomes a skill",
            trigger: "button[name=action_rate_skills]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Telephone')",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});
