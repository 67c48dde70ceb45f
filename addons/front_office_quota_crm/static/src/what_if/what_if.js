import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Return what a target ends with if opportunities are won more often, or less.
 *
 * At 100 % it is the forecast to the cent; no opportunity is won with more than 100 %.
 *
 * @param {Object} data as `quota.target.get_what_if` returns it
 * @param {number} rate the win rate in percent of what it is
 * @returns {number}
 */
export function forecastAt(data, rate) {
    let change = 0;
    for (const [probability, revenue] of data.opportunities) {
        const other = Math.min(100, (probability * rate) / 100);
        change += ((other - probability) / 100) * revenue;
    }
    return data.forecast + change * data.factor;
}

/**
 * On a target's form: drag the win rate, and see forecast and attainment. Nothing is saved.
 */
export class QuotaWhatIf extends Component {
    static template = "front_office_quota_crm.QuotaWhatIf";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ rate: 100, data: null });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.resId || record.data.forecast !== this.forecastOfRecord) {
                return this.load(record);
            }
        });
    }

    async load(record) {
        if (record.resId !== this.resId) {
            this.state.rate = 100;
        }
        this.resId = record.resId;
        this.forecastOfRecord = record.data.forecast;
        this.state.data = this.resId
            ? await this.keepLast.add(
                  this.orm.call("quota.target", "get_what_if", [[this.resId]])
              )
            : null;
    }

    get shown() {
        return Boolean(this.state.data?.opportunities);
    }

    get forecast() {
        return forecastAt(this.state.data, this.state.rate);
    }

    get attainment() {
        return this.state.data.target ? this.forecast / this.state.data.target : null;
    }

    get width() {
        return Math.max(0, Math.min(100, (this.attainment || 0) * 100));
    }

    get tone() {
        return this.attainment >= 1
            ? "bg-success"
            : this.attainment >= 0.75
              ? "bg-warning"
              : "bg-danger";
    }

    /** What a screen reader says while the slider moves. */
    get spoken() {
        return _t("%(rate)s % of the win rate: forecast %(forecast)s, attainment %(attainment)s", {
            rate: this.state.rate,
            forecast: this.money(this.forecast),
            attainment: this.percent(this.attainment),
        });
    }

    money(amount) {
        return formatCurrency(amount, this.state.data.currency_id);
    }

    percent(ratio) {
        return ratio === null ? "–" : `${formatFloat(ratio * 100, { digits: [16, 0] })} %`;
    }

    onInput(ev) {
        this.state.rate = Number(ev.target.value);
    }

    onReset() {
        this.state.rate = 100;
    }
}

registry.category("view_widgets").add("quota_what_if", {
    component: QuotaWhatIf,
    fieldDependencies: [{ name: "forecast", type: "monetary" }],
});
