import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("front_office_quota_crm_what_if", {
    steps: () => [
        {
            content: "It starts from the forecast: 300 + 400 + 90",
            trigger: ".o_quota_what_if_forecast:contains(790)",
        },
        {
            content: "The slider says where it stands",
            trigger: "#o_quota_what_if_rate[aria-valuetext*='100 %']",
        },
        {
            content: "Win half as much again: 300 + 600 + 100, nothing above 100 %",
            trigger: "#o_quota_what_if_rate",
            run: "range 150",
        },
        {
            content: "The forecast follows",
            trigger: ".o_quota_what_if_forecast:contains('1,000.00')",
        },
        {
            content: "So does the attainment, and what is read out",
            trigger:
                ".o_quota_what_if:has(#o_quota_what_if_rate[aria-valuetext*='150 %']) .o_quota_what_if_attainment:contains('100 %')",
        },
        {
            content: "Win nothing more",
            trigger: "#o_quota_what_if_rate",
            run: "range 0",
        },
        {
            content: "What was achieved is left",
            trigger: ".o_quota_what_if_forecast:contains('300.00')",
        },
        {
            content: "There is nothing to save",
            trigger: ".o_form_status_indicator_buttons.invisible:not(:visible)",
        },
        {
            content: "The forecast of the target stays",
            trigger: "div[name=forecast]:contains(790)",
        },
        {
            content: "Back",
            trigger: ".o_quota_what_if button:contains(Back to 100)",
            run: "click",
        },
        {
            content: "It is the forecast again",
            trigger: ".o_quota_what_if_forecast:contains(790)",
        },
    ],
});

registry.category("web_tour.tours").add("front_office_quota_crm_what_if_month", {
    steps: () => [
        {
            content: "Try it for a person of the month",
            trigger: ".o_quota_row:contains(quota anna) .o_quota_what_if_open",
            run: "click",
        },
        {
            content: "The dialog says for whom and when",
            trigger: ".modal-title:contains(quota anna):contains(2026-02)",
        },
        {
            content: "It starts from the forecast, and what that pays",
            trigger:
                ".modal:has(.o_quota_what_if_forecast:contains(790)) .o_quota_what_if_commission:contains('79.00')",
        },
        {
            content: "Win half as much again",
            trigger: ".modal #o_quota_what_if_rate",
            run: "range 150",
        },
        {
            content: "1,000 reach the target, and 100 of them are paid twice",
            trigger:
                ".modal:has(.o_quota_what_if_attainment:contains('100 %')) .o_quota_what_if_commission:contains('110.00')",
        },
        {
            content: "Close it",
            trigger: ".modal-footer button:contains(Close)",
            run: "click",
        },
        {
            content: "The screen of the month is still there, as it was",
            trigger: "body:not(:has(.modal)) .o_quota_row:contains(quota anna):contains(790)",
        },
        {
            content: "A month that is over",
            trigger: ".o_quota_period",
            run: "selectByLabel 2026-01",
        },
        {
            content: "Has nothing to try",
            trigger: ".o_quota_ranking:has(h2:contains(2026-01)):not(:has(.o_quota_what_if_open))",
        },
    ],
});

registry.category("web_tour.tours").add("front_office_quota_crm_opportunities", {
    steps: () => [
        {
            content: "Two opportunities count",
            trigger: "button[name=action_open_opportunities]:contains(2)",
            run: "click",
        },
        {
            content: "They are listed, and add up to what the target says",
            trigger:
                ".o_list_view:has(.o_data_row:contains(Quota bakery)):has(.o_data_row:contains(Quota school)):not(:has(.o_data_row:contains(Quota late))) tfoot:contains(490)",
        },
        {
            content: "Back to the target",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "One is late",
            trigger: "[name=overdue_opportunities]:contains(1) button",
            run: "click",
        },
        {
            content: "It is listed",
            trigger: ".o_data_row:contains(Quota late)",
        },
    ],
});
