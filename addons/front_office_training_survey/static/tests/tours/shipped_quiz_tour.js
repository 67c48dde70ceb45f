import { registry } from "@web/core/registry";

/** A word of each question of the front desk, and of its right answer. */
const ANSWERS = [
    ["while you are on the telephone", "smile and show with a gesture"],
    ["how many rings", "Three"],
    ["best way to answer a call", "Nina speaking"],
    ["You transfer a call", "stay until they speak"],
    ["the husband of an employee", "offer to pass a message on"],
    ["early for an appointment", "Register the visitor"],
    ["A delivery driver", "Take the parcel at the desk"],
    ["raises their voice", "I see that this is annoying"],
    ["You leave the desk", "Lock the screen"],
    ["You take a message", "what you promised, and your own name"],
];

/** Answer one question on its page, and go on to the next. */
function answer([question, right]) {
    return [
        {
            content: `Answer: ${question}`,
            trigger: `.js_question-wrapper:contains('${question}') label:contains('${right}')`,
            run: "click",
        },
        {
            trigger: `form:has(.js_question-wrapper:contains('${question}')) button[type=submit]`,
            run: "click",
        },
    ];
}

/** The quiz is a step of the programme of the role, between reading and practice. */
registry.category("web_tour.tours").add("front_office_training_survey_shipped", {
    url: "/odoo/my-training",
    steps: () => [
        {
            content: "It comes after the reading and before what is left to practise",
            trigger:
                ".o_kanban_record:contains('Read what never leaves the desk') + .o_kanban_record:contains('Pass the quiz on the front desk') + .o_kanban_record:contains('Decline a request for information')",
        },
        {
            trigger:
                ".o_kanban_record:contains('Pass the quiz on the front desk') .o_training_quiz",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The first page says what is needed",
            trigger: "body:contains('eight of them are needed')",
        },
        {
            trigger: "button:contains('Start Certification')",
            run: "click",
        },
        ...ANSWERS.flatMap(answer),
        {
            content: "Hand it in",
            trigger: ".modal button.btn-primary:contains('Submit')",
            run: "click",
        },
        {
            trigger: "h1:contains('You scored 100')",
        },
        {
            trigger: ".o_training_after_quiz a:contains('Back to my training')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The step is signed, with the score",
            trigger:
                ".o_kanban_record:contains('Pass the quiz on the front desk') .badge:contains('Signed')",
        },
        {
            trigger:
                ".o_kanban_record:contains('Pass the quiz on the front desk') .o_training_quiz_score:contains('100')",
        },
    ],
});
