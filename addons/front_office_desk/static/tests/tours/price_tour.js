import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Sales signs, and then finance, who sees the margin. */
tours.add("front_office_desk_price_sales", {
    steps: () => [
        {
            content: "Sign and propose; the margin is not shown to sales",
            trigger: ".o_form_view:not(:has(th[data-name=margin])) button[name=action_propose]",
            run: "click",
        },
        {
            content: "Finance has it",
            trigger: ".o_arrow_button_current:contains(Finance)",
        },
    ],
});

tours.add("front_office_desk_price_finance", {
    steps: () => [
        {
            content: "The margin is there",
            trigger: ".o_form_view th[data-name=margin]",
        },
        {
            content: "Sign",
            trigger: "button[name=action_agree]",
            run: "click",
        },
        {
            content: "Both have signed",
            trigger: ".o_arrow_button_current:contains(Signed by both)",
        },
    ],
});
