import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Drag the win rate of a target's open opportunities, and see forecast, attainment and commission.
 * The server calculates every step beforehand; nothing is saved.
 */
export class QuotaWhatIfPanel extends Component {
    static template = "front_office_quota_crm.QuotaWhatIfPanel";
    static props = {
        resId: Number,
        // where it changes, the figures are read again
        forecast: { type: Number, optional: true },
        // in a frame with a title, which a period that is over does not have
        isFramed: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ rate: 100, data: null });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => {
            if (props.resId !== this.props.resId) {
                this.state.rate = 100;
            } else if (props.forecast === this.props.forecast) {
                return;
            }
            return this.load(props);
        });
    }

    async load({ resId }) {
        this.state.data = await this.keepLast.add(
            this.orm.call("quota.target", "get_what_if", [[resId]])
        );
    }

    get step() {
        return this.state.data.steps.find(({ rate }) => rate === this.state.rate);
    }

    get forecast() {
        return this.step.forecast;
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

    get paysCommission() {
        return this.step.commission !== null;
    }

    /** What a screen reader says while the slider moves. */
    get spoken() {
        const figures = {
            rate: this.state.rate,
            forecast: this.money(this.forecast),
            attainment: this.percent(this.attainment),
        };
        if (!this.paysCommission) {
            return _t(
                "%(rate)s % of the win rate: forecast %(forecast)s, attainment %(attainment)s",
                figures
            );
        }
        return _t(
            "%(rate)s % of the win rate: forecast %(forecast)s, attainment %(attainment)s, commission %(commission)s",
            { ...figures, commission: this.money(this.step.commission) }
        );
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

/** The panel on a target's form. */
export class QuotaWhatIf extends Component {
    static template = "front_office_quota_crm.QuotaWhatIf";
    static components = { QuotaWhatIfPanel };
    static props = { ...standardWidgetProps };
}

/** The panel over the screen of the month, for one of its people or teams. */
export class QuotaWhatIfDialog extends Component {
    static template = "front_office_quota_crm.QuotaWhatIfDialog";
    static components = { Dialog, QuotaWhatIfPanel };
    static props = { resId: Number, title: String, close: Function };
}

registry.category("view_widgets").add("quota_what_if", {
    component: QuotaWhatIf,
    fieldDependencies: [{ name: "forecast", type: "monetary" }],
});
