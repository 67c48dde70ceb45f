import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const colorScheme = cookie.get("color_scheme");
const LABEL_COLOR = getCustomColor(colorScheme, "#111827", "#E4E4E4");
const GRID_COLOR = getCustomColor(colorScheme, "rgba(0,0,0,.1)", "rgba(255,255,255,.15)");
const COLORS = {
    cost: getCustomColor(colorScheme, "#e0a458", "#b98236"),
    total: getCustomColor(colorScheme, "#6c757d", "#adb5bd"),
    markup: getCustomColor(colorScheme, "#ced4da", "#5c636a"),
    required: getCustomColor(colorScheme, "#495057", "#ced4da"),
    target: getColor(0, colorScheme, "odoo"),
    uncovered: "#d23f3a",
    surplus: "#28a745",
};

/** From the costs up to what is required, and down again by the targets. */
export class QuotaWaterfallField extends Component {
    static template = "front_office_quota.QuotaWaterfallField";
    static props = { ...standardFieldProps };

    setup() {
        this.chart = null;
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.renderChart(),
            () => [JSON.stringify(this.bars)]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get data() {
        return this.props.record.data[this.props.name] || {};
    }

    get bars() {
        return this.data.bars || [];
    }

    /** The same in words, for who cannot see the picture. */
    get summary() {
        return this.bars
            .map((bar) => `${bar.label}: ${this.format(Math.abs(bar.end - bar.start))}`)
            .join("; ");
    }

    format(amount) {
        return formatMonetary(amount, { currencyId: this.data.currency_id });
    }

    renderChart() {
        this.chart?.destroy();
        this.chart = null;
        if (this.canvasRef.el) {
            this.chart = new Chart(this.canvasRef.el, this.getConfig());
        }
    }

    getConfig() {
        const bars = this.bars;
        return {
            type: "bar",
            data: {
                labels: bars.map((bar) => bar.label),
                datasets: [
                    {
                        label: _t("Amount"),
                        data: bars.map((bar) => [bar.start, bar.end]),
                        backgroundColor: bars.map((bar) => COLORS[bar.kind]),
                        borderSkipped: false,
                        barPercentage: 0.95,
                        categoryPercentage: 0.95,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        callbacks: {
                            label: (item) => {
                                const [start, end] = item.raw;
                                return this.format(Math.abs(end - start));
                            },
                        },
                    },
                },
                scales: {
                    x: {
                        grid: { display: false },
                        ticks: { color: LABEL_COLOR, autoSkip: false },
                    },
                    y: {
                        grid: { color: GRID_COLOR },
                        ticks: {
                            color: LABEL_COLOR,
                            callback: (value) =>
                                formatMonetary(value, {
                                    currencyId: this.data.currency_id,
                                    humanReadable: true,
                                }),
                        },
                    },
                },
            },
        };
    }
}

registry.category("fields").add("quota_waterfall", {
    component: QuotaWaterfallField,
    displayName: _t("Waterfall of a plan"),
    supportedTypes: ["json"],
});
