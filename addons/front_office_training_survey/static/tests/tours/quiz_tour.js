import { registry } from "@web/core/registry";

/** Answer both questions of the quiz on its page, and hand it in. */
function answer(first, second) {
    return [
        {
            content: "Begin",
            trigger: "button:contains('Start Certification')",
            run: "click",
        },
        {
            trigger: `.js_question-wrapper:contains('question 1') label:contains('${first}')`,
            run: "click",
        },
        {
            trigger: `.js_question-wrapper:contains('question 2') label:contains('${second}')`,
            run: "click",
        },
        {
            content: "Hand it in",
            trigger: "button[type=submit]:contains('Submit')",
            run: "click",
        },
        {
            trigger: ".modal button.btn-primary:contains('Submit')",
            run: "click",
        },
    ];
}

/** The trainee takes the quiz on a telephone, misses it, and passes the second time. */
registry.category("web_tour.tours").add("front_office_training_survey_trainee", {
    url: "/odoo/my-training",
    steps: () => [
        {
            content: "There is no box to tick",
            trigger:
                ".o_kanban_record:contains('Pass the quiz'):not(:has(.o_training_tick)):not(:has(.o_training_closed))",
        },
        {
            content: "Start",
            trigger: ".o_kanban_record:contains('Pass the quiz') .o_training_quiz",
            run: "click",
            expectUnloadPage: true,
        },
        ...answer("Right", "Wrong"),
        {
            trigger: "h1:contains('You scored 50')",
        },
        {
            content: "Back to the checklist",
            trigger: ".o_training_after_quiz a:contains('Back to my training')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The card says what was missing",
            trigger: ".o_kanban_record:contains('Pass the quiz') .alert:contains('80 % are needed')",
        },
        {
            trigger: ".o_kanban_record:contains('Pass the quiz') .badge:contains('To repeat')",
        },
        {
            content: "Start again",
            trigger: ".o_kanban_record:contains('Pass the quiz') .o_training_quiz",
            run: "click",
            expectUnloadPage: true,
        },
        ...answer("Right", "Right"),
        {
            trigger: "h1:contains('You scored 100')",
        },
        {
            trigger: ".o_training_after_quiz a:contains('Back to my training')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is signed, with the score",
            trigger: ".o_kanban_record:contains('Pass the quiz') .badge:contains('Signed')",
        },
        {
            trigger:
                ".o_kanban_record:contains('Pass the quiz') .o_training_quiz_score:contains('100'):contains('attempt 2')",
        },
        {
            trigger: ".o_training_checklist:not(:has(.o_training_quiz))",
        },
    ],
});

/** The trainer opens the quiz for somebody without a login: on a page of its own. */
registry.category("web_tour.tours").add("front_office_training_survey_kiosk", {
    steps: () => [
        {
            content: "Keep the page that would open",
            trigger: ".o_data_row:contains('Pass the quiz') button[name=action_start_quiz]",
            run() {
                odoo.loader.modules.get("@web/core/browser/browser").browser.open = (url) => {
                    document.body.dataset.opened = url;
                    return window;
                };
            },
        },
        {
            trigger: ".o_data_row:contains('Pass the quiz') button[name=action_start_quiz]",
            run: "click",
        },
        {
            trigger: "body[data-opened*='/survey/start/']",
        },
    ],
});

/** The trainee without a login answers on that page. */
registry.category("web_tour.tours").add("front_office_training_survey_answer", {
    steps: () => [
        ...answer("Right", "Right"),
        {
            content: "The device goes back to the trainer",
            trigger: ".o_training_after_quiz:contains('Give the device back')",
        },
        {
            trigger: "body:not(:has(a:contains('Download certification')))",
        },
    ],
});

/** The trainer sees the result on the checklist, and the answers behind it. */
registry.category("web_tour.tours").add("front_office_training_survey_result", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('Pass the quiz') .badge:contains('Signed')",
        },
        {
            content: "Open the step",
            trigger: ".o_data_row:contains('Pass the quiz') td[name=name]",
            run: "click",
        },
        {
            trigger: ".modal .nav-link:contains('History')",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=attempt_ids] .o_data_row:contains('100'):contains('Passed') button[name=action_view_answers]",
        },
    ],
});

/** A training manager adds a quiz to a programme and publishes it. */
registry.category("web_tour.tours").add("front_office_training_survey_author", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Tour draft'), .o_data_row:contains('Tour draft') td[name=name]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=step_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Tour quiz",
        },
        {
            trigger: ".modal .o_field_widget[name=kind] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Pass a quiz')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=survey_id] input",
            run: "edit Test quiz",
        },
        {
            trigger: ".ui-autocomplete > li > a:contains('Test quiz')",
            run: "click",
        },
        {
            content: "Nobody signs a quiz, so the field is gone",
            trigger: ".modal:not(:has(.o_field_widget[name=signoff]))",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Tour quiz')",
        },
        {
            trigger: "button[name=action_publish]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Published')",
        },
    ],
});
