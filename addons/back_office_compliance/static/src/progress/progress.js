/** @odoo-module **/
import {Component, onMounted, onWillUnmount} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const EVERY_MS = 1500;

/** Shows how far a run of checks is, and reads it again until it has ended. */
export class ComplianceProgress extends Component {
    static template = "back_office_compliance.Progress";
    static props = {...standardFieldProps};

    setup() {
        onMounted(() => this.plan());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get percent() {
        return this.props.record.data[this.props.name] || 0;
    }

    get isRunning() {
        return this.props.record.data.state === "running";
    }

    get label() {
        return _t("%s%% of the checks are through", this.percent);
    }

    plan() {
        if (this.isRunning) {
            this.timer = setTimeout(() => this.reload(), EVERY_MS);
        }
    }

    async reload() {
        await this.props.record.load();
        this.plan();
    }
}

registry.category("fields").add("compliance_progress", {
    component: ComplianceProgress,
    displayName: _t("Progress of a run"),
    supportedTypes: ["integer"],
    fieldDependencies: [{name: "state", type: "selection"}],
});
