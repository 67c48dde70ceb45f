import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("front_office_quota_month", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger: ".o_app[data-menu-xmlid='front_office_quota.quota_menu_root']",
            run: "click",
        },
        {
            content: "The month opens by itself, with the highest attainment first",
            trigger: ".o_quota_holder:first:contains(quota anna):contains(125)",
        },
        {
            content: "The month's figure is of the two",
            trigger: "[data-figure=period] .o_quota_attainment:contains(75)",
        },
        {
            content: "There is a graph",
            trigger: ".o_quota_chart canvas",
        },
        {
            content: "Choose the month before",
            trigger: ".o_quota_period",
            run: "selectByLabel 2026-01",
        },
        {
            content: "Its ranking shows",
            trigger: ".o_quota_ranking h2:contains(2026-01)",
        },
        {
            content: "Open the person",
            trigger: ".o_quota_holder:contains(quota anna)",
            run: "click",
        },
        {
            content: "Change the target",
            trigger: "button[name=action_change]",
            run: "click",
        },
        {
            content: "A new target",
            trigger: ".modal div[name=full_amount] input",
            run: "edit 2000",
        },
        {
            content: "And why",
            trigger: ".modal div[name=reason] input",
            run: "edit The region grew",
        },
        {
            content: "Save",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The change is kept",
            trigger: "body:not(:has(.modal)) button[name=action_open_revisions]:contains(1)",
            run: "click",
        },
        {
            content: "With its reason",
            trigger: ".o_data_row:contains(The region grew)",
        },
    ],
});

registry.category("web_tour.tours").add("front_office_quota_my_plan", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger: ".o_app[data-menu-xmlid='front_office_quota.quota_menu_root']",
            run: "click",
        },
        {
            content: "Only oneself is in the ranking",
            trigger: ".o_quota_ranking:has(.o_quota_holder:contains(quota anna)):not(:contains(quota bert))",
        },
        {
            content: "Open one's own plan",
            trigger: ".o_menu_sections [data-menu-xmlid='front_office_quota.quota_menu_my']",
            run: "click",
        },
        {
            content: "A card a month",
            trigger: ".o_kanban_record:contains(2026-02):contains(125)",
        },
    ],
});
