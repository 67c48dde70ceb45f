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

const criterion = (name) => `.o_training_criterion:contains('Tour ${name}') .o_training_level:focus`;

const open = {
    content: "Open the screen from the card",
    trigger: ".o_kanban_record:contains('Tour Greet') .o_training_open_score",
    run: "click",
};

/** The keyboard only: levels, words, and the practice goes back. */
registry.category("web_tour.tours").add("front_office_training_score_fails", {
    url: "/odoo/training-to-sign",
    steps: () => [
        {
            content: "A rubric is neither signed nor sent back",
            trigger:
                ".o_kanban_record:contains('Tour Greet'):not(:has(.o_training_sign, .o_training_fail))",
        },
        open,
        press("The first criterion has the focus", "2", criterion("Listens")),
        press("Enter goes nowhere while levels are missing", "Enter", criterion("Speaks")),
        {
            trigger: ".o_training_score_line:contains('2 criteria without a level')",
        },
        press("The second", "2", criterion("Speaks")),
        press("The third", "2", criterion("Waits")),
        {
            trigger:
                ".o_training_score_line:contains('33.33'):contains('Goes back')",
        },
        press("Enter asks for the words", "Enter", `${criterion("Waits")}[data-level='2']`),
        {
            trigger: ".modal [name=feedback] textarea:focus",
            run: "edit Let them finish.",
        },
        {
            content: "Ctrl and Enter, in the words",
            trigger: ".modal [name=feedback] textarea:focus",
            run({ anchor }) {
                anchor.dispatchEvent(
                    new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true })
                );
            },
        },
        {
            content: "It has left the pile",
            trigger: ".o_view_nocontent:contains('Nothing waits for your signature')",
        },
    ],
});

registry.category("web_tour.tours").add("front_office_training_score", {
    url: "/odoo/training-to-sign",
    steps: () => [
        open,
        press("A slip", "1", criterion("Listens")),
        press("The second", "4", criterion("Speaks")),
        press("Back to the first with the arrows", "ArrowUp", criterion("Waits")),
        press("and up again", "ArrowUp", criterion("Speaks")),
        press("One more", "ArrowRight", `${criterion("Listens")}[data-level='1']`),
        press("and one more", "ArrowRight", `${criterion("Listens")}[data-level='2']`),
        press("Down", "ArrowDown", `${criterion("Listens")}[data-level='3']`),
        press("Down", "ArrowDown", criterion("Speaks")),
        press("The third", "4", criterion("Waits")),
        {
            trigger: ".o_training_score_line:contains('88.89'):contains('Passed')",
        },
        press("Save", "Enter", criterion("Waits")),
        {
            content: "It has left the pile",
            trigger: ".o_view_nocontent:contains('Nothing waits for your signature')",
        },
    ],
});

registry.category("web_tour.tours").add("front_office_training_acknowledge", {
    url: "/odoo/my-training",
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Tour Greet') .o_training_acknowledge",
            run: "click",
        },
        {
            trigger:
                ".o_kanban_record:contains('Tour Greet'):not(:has(.o_training_acknowledge)) .fa-check-square",
        },
    ],
});
