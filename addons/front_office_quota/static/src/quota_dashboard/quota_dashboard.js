import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const SERIES = [
    { name: "amount", label: _t("Plan"), color: "#8f8f8f" },
    { name: "achieved", label: _t("Achieved"), color: "#1f7a4d" },
    { name: "forecast", label: _t("Forecast"), color: "#d08a1d" },
];

/**
 * The sales manager's screen: the month and the year so far, month by month plan against achieved
 * against forecast, and the people in the order of their attainment. Everything comes with one call.
 */
export class QuotaDashboard extends Component {
    static template = "front_office_quota.QuotaDashboard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: {} };
        this.canvas = useRef("canvas");
        const { planId = false, periodId = false } = this.props.state || {};
        this.state = useState({ planId, periodId, data: null });
        useSetupAction({
            getLocalState: () => ({ planId: this.state.planId, periodId: this.state.periodId }),
        });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        useEffect(
            () => this.renderChart(),
            () => [this.state.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async load() {
        const data = await this.keepLast.add(
            this.orm.call("quota.target", "get_dashboard", [], {
                plan_id: this.state.planId,
                period_id: this.state.periodId,
            })
        );
        this.state.data = data;
        this.state.planId = data.plan_id || false;
        this.state.periodId = data.period_id || false;
    }

    onPlanChange(ev) {
        this.state.planId = Number(ev.target.value);
        this.state.periodId = false;
        return this.load();
    }

    onPeriodChange(ev) {
        this.state.periodId = Number(ev.target.value);
        return this.load();
    }

    async onRefresh() {
        await this.orm.call("quota.target", "action_refresh", []);
        await this.load();
    }

    renderChart() {
        this.chart?.destroy();
        this.chart = null;
        if (!this.canvas.el) {
            return;
        }
        const { months } = this.state.data;
        // eslint-disable-next-line no-undef
        this.chart = new Chart(this.canvas.el, {
            data: {
                labels: months.map((month) => month.name),
                datasets: SERIES.map(({ name, label, color }) => ({
                    type: name === "achieved" ? "bar" : "line",
                    label: String(label),
                    data: months.map((month) => month[name]),
                    borderColor: color,
                    backgroundColor: color,
                    borderDash: name === "forecast" ? [6, 4] : [],
                    stepped: name === "amount" ? "middle" : false,
                })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    tooltip: {
                        callbacks: {
                            label: (item) => `${item.dataset.label}: ${this.money(item.raw)}`,
                        },
                    },
                },
                scales: {
                    y: { beginAtZero: true, ticks: { callback: (value) => this.money(value) } },
                },
                onClick: (_ev, items) => items.length && this.openMonth(months[items[0].index]),
            },
        });
    }

    money(amount) {
        return formatCurrency(amount, this.state.data.currency_id, { digits: [16, 0] });
    }

    percent(ratio) {
        return ratio === null ? "–" : `${formatFloat(ratio * 100, { digits: [16, 0] })} %`;
    }

    width(ratio) {
        return Math.max(0, Math.min(100, (ratio || 0) * 100));
    }

    tone(ratio) {
        return ratio >= 1 ? "bg-success" : ratio >= 0.75 ? "bg-warning" : "bg-danger";
    }

    title(figure) {
        const { period_name } = this.state.data;
        return figure.key === "period" ? period_name : _t("The year up to %s", period_name);
    }

    openHolder(holder) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: holder.name,
            res_model: "quota.target",
            res_id: holder.id,
            views: [[false, "form"]],
        });
    }

    openMonth(month) {
        this.state.periodId = month.id;
        return this.load();
    }

    openTargets() {
        return this.action.doAction("front_office_quota.quota_target_action", {
            additionalContext: { search_default_plan_id: this.state.planId },
        });
    }
}

registry.category("actions").add("front_office_quota.dashboard", QuotaDashboard);
