import { registry } from "@web/core/registry";

const openPlan = (name) => [
    {
        content: "Open the plan",
        trigger: `.o_kanban_record:contains('${name}')`,
        run: "click",
    },
    {
        trigger: `.o_form_view .o_field_widget[name=name] input:value('${name}')`,
    },
];

/** An administrator builds a plan from its costs and proposes it. */
registry.category("web_tour.tours").add("front_office_quota_plan_build", {
    url: "/odoo/quota-plans",
    steps: () => [
        {
            content: "Start a plan",
            trigger: ".o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour Plan",
        },
        {
            trigger: ".o_field_widget[name=year] input",
            run: "edit 2031",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Its months are there; open the first",
            trigger:
                ".o_field_widget[name=period_ids] .o_data_row:contains('2031-01') button[name=action_open]",
            run: "click",
        },
        {
            content: "Add a cost",
            trigger: ".o_field_widget[name=cost_ids] .o_field_x2many_list_row_add :is(a, button)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=cost_ids] .o_selected_row [name=name] input",
            run: "edit Tour Rent",
        },
        {
            trigger: ".o_field_widget[name=cost_ids] .o_selected_row [name=amount] input",
            run: "edit 4000",
        },
        {
            content: "What is required follows at once",
            trigger: ".o_field_widget[name=plan_id]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=required]:contains('10,000.00')",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Repeat it in all later periods",
            trigger:
                ".o_field_widget[name=cost_ids] .o_data_row:contains('Tour Rent') button[name=action_repeat]",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_readonly, .o_form_view",
        },
        {
            content: "Back to the plan",
            trigger: ".breadcrumb-item a:contains('Tour Plan')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=period_ids] tfoot:contains('120,000.00')",
        },
        {
            content: "It warns that nothing is covered",
            trigger: ".o_quota_warning:contains('0.0 %')",
        },
        {
            content: "Share it between two people",
            trigger: ".o_notebook .nav-link:contains('Shares')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=share_ids] .o_field_x2many_list_row_add :is(a, button)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=share_ids] .o_selected_row [name=user_id] input",
            run: "edit Tour Seller",
        },
        {
            trigger: ".ui-autocomplete > li > a:contains('Tour Seller')",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "button[name=action_split]",
            run: "click",
        },
        {
            content: "The plan covers now",
            trigger: ".o_form_view:not(:has(.o_quota_warning))",
        },
        {
            trigger: ".o_notebook .nav-link:contains('From costs to targets')",
            run: "click",
        },
        {
            content: "The waterfall shows it, and says it in words",
            trigger: ".o_quota_waterfall canvas[aria-label*='Tour Seller']",
        },
        {
            trigger: "button[name=action_propose]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Proposed')",
        },
        {
            content: "The one who proposed it cannot approve it",
            trigger: ".o_form_statusbar:not(:has(button[name=action_approve]))",
        },
    ],
});

/** Another administrator approves it. */
registry.category("web_tour.tours").add("front_office_quota_plan_approve", {
    url: "/odoo/quota-plans",
    steps: () => [
        ...openPlan("Tour Plan"),
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Approved')",
        },
        {
            content: "The costs are locked now",
            trigger: ".o_form_statusbar:not(:has(button[name=action_split]))",
        },
    ],
});

/** A plan that does not cover is approved with a written reason only. */
registry.category("web_tour.tours").add("front_office_quota_plan_override", {
    url: "/odoo/quota-plans",
    steps: () => [
        ...openPlan("Tour Short"),
        {
            trigger: ".o_quota_warning:contains('75.0 %')",
        },
        {
            trigger: ".o_form_statusbar:not(:has(button[name=action_approve]))",
        },
        {
            trigger: "button[name=action_open_override]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit A new shop opens in May",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Approved')",
        },
        {
            trigger: ".o_field_widget[name=override_reason]:contains('A new shop')",
        },
    ],
});
