import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const LEAST = 2;

// how somebody stands in the address of the page: a12 is an applicant
const LETTERS = { "hr.applicant": "a", "hr.employee": "e" };

/** Return the people of an address, as pairs of model and id. */
function fromAddress(text) {
    return text
        .split(",")
        .map((part) => [Object.keys(LETTERS).find((model) => LETTERS[model] === part[0]), Number(part.slice(1))])
        .filter(([model, id]) => model && Number.isInteger(id) && id > 0);
}

function toAddress(people) {
    return people.map(([model, id]) => LETTERS[model] + id).join(",");
}

/**
 * Two to five people beside each other against one role: a column a person, a line a skill. Everything comes with
 * one call, and it prints as it stands.
 */
export class RoleComparison extends Component {
    static template = "office_role_hiring.RoleComparison";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "compare-people";
    static displayName = _t("Comparison");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: {} };
        // from a button, or from the address after a reload
        const { people = [], role_id, version_id } = this.props.action.params || {};
        this.state = useState({
            people: typeof people === "string" ? fromAddress(people) : people,
            roleId: Number(role_id) || false,
            versionId: Number(version_id) || false,
            data: null,
            ...this.props.state,
        });
        useSetupAction({
            getLocalState: () => ({
                people: this.state.people,
                roleId: this.state.roleId,
                versionId: this.state.versionId,
            }),
        });
        onWillStart(() => this.load());
    }

    async load() {
        if (this.state.people.length < LEAST) {
            return;
        }
        const data = await this.keepLast.add(
            this.orm.call("office.role.comparison", "get_comparison", [this.state.people], {
                role_id: this.state.roleId,
                version_id: this.state.versionId,
            })
        );
        Object.assign(this.state, { data, roleId: data.role_id, versionId: data.version_id });
        this.props.updateActionState?.({
            people: toAddress(this.state.people),
            role_id: data.role_id || undefined,
            version_id: data.version_id || undefined,
        });
    }

    get data() {
        return this.state.data;
    }

    get roleName() {
        return this.data.roles.find(({ id }) => id === this.data.role_id)?.name || "";
    }

    get title() {
        return _t("%(role)s, version %(version)s", { role: this.roleName, version: this.data.version_number });
    }

    get weights() {
        return this.data.rows.reduce((sum, row) => sum + row.weight, 0);
    }

    get asksForDegree() {
        return this.data.people.some(({ degree }) => degree !== "none");
    }

    get canRemove() {
        return this.state.people.length > LEAST;
    }

    async onRoleChange(ev) {
        this.state.roleId = Number(ev.target.value) || false;
        this.state.versionId = false;
        await this.load();
    }

    async onVersionChange(ev) {
        this.state.versionId = Number(ev.target.value) || false;
        await this.load();
    }

    async remove(person) {
        this.state.people = this.state.people.filter(([model, id]) => model !== person.model || id !== person.id);
        await this.load();
    }

    print() {
        window.print();
    }

    number(value) {
        return formatFloat(value, { digits: [16, 2] });
    }

    degree(person) {
        return { met: _t("Met"), missed: _t("Not met"), none: _t("Not asked for") }[person.degree];
    }

    /** The bar in words, for who does not see it. */
    describe(row, cell) {
        return _t("%(held)s of %(required)s required", { held: cell.held, required: row.required });
    }

    open(person) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: person.model,
            res_id: person.id,
            views: [[false, "form"]],
        });
    }

    openRanking() {
        return this.action.doAction("office_role_hiring.office_role_match_action");
    }
}

registry.category("actions").add("office_role_hiring.comparison", RoleComparison);
