import { registry } from "@web/core/registry";

/** On a telephone the list of the parts is folded, so its marks need not be visible. */
function partIsCompleted(number) {
    const part = `.o_wslides_fs_sidebar_list_item:contains('part ${number}')`;
    return `body:has(${part} .o_wslides_slide_completed), body:has(${part} .o_wslides_button_complete .fa-check-circle)`;
}

/** The trainee follows the course on a telephone; completing it signs the step. */
registry.category("web_tour.tours").add("front_office_training_slides_trainee", {
    url: "/odoo/my-training",
    steps: () => [
        {
            content: "There is no box to tick",
            trigger:
                ".o_kanban_record:contains('Follow the course'):not(:has(.o_training_tick)):not(:has(.o_training_closed))",
        },
        {
            content: "Open the course",
            trigger: ".o_kanban_record:contains('Follow the course') .o_training_course",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Begin with the first part",
            trigger: ".o_wslides_js_slides_list_slide_link:contains('part 1')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It counts as read; back to the course",
            trigger: partIsCompleted(1),
            run() {
                const link = document.querySelector("a[href*='/slides/test-course']");
                window.location.href = link.href;
            },
            expectUnloadPage: true,
        },
        {
            content: "Go on with the second part",
            trigger: ".o_wslides_js_slides_list_slide_link:contains('part 2')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: partIsCompleted(2),
        },
        {
            content: "Back to the checklist",
            trigger: "body",
            run() {
                window.location.href = "/odoo/my-training";
            },
            expectUnloadPage: true,
        },
        {
            trigger: ".o_kanban_record:contains('Follow the course') .badge:contains('Signed')",
        },
    ],
});

/** The trainer goes through the course with somebody without a login, and signs. */
registry.category("web_tour.tours").add("front_office_training_slides_trainer", {
    steps: () => [
        {
            content: "Keep the page that would open",
            trigger: ".o_data_row:contains('Follow the course') button[name=action_open_course]",
            run() {
                odoo.loader.modules.get("@web/core/browser/browser").browser.open = (url) => {
                    document.body.dataset.opened = url;
                    return window;
                };
            },
        },
        {
            trigger: ".o_data_row:contains('Follow the course') button[name=action_open_course]",
            run: "click",
        },
        {
            trigger: "body[data-opened*='/slides/']",
        },
        {
            content: "We went through it together",
            trigger: ".o_data_row:contains('Follow the course') button[name=action_confirm_course]",
            run: "click",
        },
        {
            trigger: ".modal button.btn-primary",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Follow the course') .badge:contains('Signed')",
        },
    ],
});
