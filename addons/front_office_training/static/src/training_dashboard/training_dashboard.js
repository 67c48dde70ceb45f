import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { formatFloatTime, formatInteger } from "@web/views/fields/formatters";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const NUMBER_FORMATS = {
    number: (value) => formatInteger(value || 0),
    percent: (value) => `${formatFloat(value, { digits: [16, 0] })} %`,
    hours: (value) => formatFloatTime(value || 0),
};

/**
 * What managers look at: figures, and bars by programme, department and trainer. Everything comes
 * with one call, and everything opens the list behind it.
 */
export class TrainingDashboard extends Component {
    static template = "front_office_training.TrainingDashboard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: {} };
        const { period = "month", programmeId = false } = this.props.state || {};
        this.state = useState({ period, programmeId, data: null });
        useSetupAction({
            getLocalState: () => ({
                period: this.state.period,
                programmeId: this.state.programmeId,
            }),
        });
        onWillStart(() => this.load());
    }

    get periods() {
        return [
            { key: "month", label: _t("This month") },
            { key: "quarter", label: _t("This quarter") },
            { key: "year", label: _t("This year") },
            { key: "all", label: _t("All time") },
        ];
    }

    get periodLabel() {
        return this.periods.find(({ key }) => key === this.state.period).label;
    }

    async load() {
        this.state.data = await this.keepLast.add(
            this.orm.call("training.report", "get_dashboard", [], {
                period: this.state.period,
                programme_id: this.state.programmeId,
            })
        );
    }

    async onPeriodChange(ev) {
        this.state.period = ev.target.value;
        await this.load();
    }

    async onProgrammeChange(ev) {
        this.state.programmeId = Number(ev.target.value) || false;
        await this.load();
    }

    format(figure) {
        const nothing = figure.value === null || figure.value === false;
        if (nothing && figure.unit === "percent") {
            return "–";
        }
        return NUMBER_FORMATS[figure.unit](figure.value);
    }

    cardClass(figure) {
        return figure.tone && figure.value ? `o_training_card_${figure.tone}` : "";
    }

    describe(figure) {
        return figure.in_period ? [figure.help, this.periodLabel] : [figure.help, _t("Now")];
    }

    percent(row) {
        return row.completion === null ? "–" : NUMBER_FORMATS.percent(row.completion);
    }

    openFigure(figure) {
        this.openList(figure.label, figure.model, figure.domain);
    }

    openRow(bars, row) {
        this.openList(row.label, "training.report", row.domain);
    }

    openList(name, model, domain) {
        const views =
            model === "training.report"
                ? [
                      [false, "list"],
                      [false, "pivot"],
                      [false, "graph"],
                  ]
                : [
                      [false, "list"],
                      [false, "form"],
                  ];
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views,
            domain,
        });
    }

    openProgrammes() {
        return this.action.doAction("front_office_training.training_programme_action");
    }
}

registry.category("actions").add("front_office_training.dashboard", TrainingDashboard);
