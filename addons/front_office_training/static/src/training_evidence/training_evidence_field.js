import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { FileInput } from "@web/core/file_input/file_input";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The evidence of a training step: links to the files, and a paperclip that adds one (or takes a
 * photograph, on a phone) right on the card. A file belongs to the step itself, so that whoever
 * may read the step may read it, and nobody changes it once the step is signed.
 */
export class TrainingEvidenceField extends Component {
    static template = "front_office_training.TrainingEvidenceField";
    static components = { FileInput };
    static props = { ...standardFieldProps, attach: { type: Boolean, optional: true } };

    setup() {
        this.notification = useService("notification");
    }

    get files() {
        return this.props.record.data[this.props.name].records;
    }

    get canAttach() {
        const { state, enrolment_state } = this.props.record.data;
        return (
            this.props.attach &&
            this.props.record.resId &&
            enrolment_state === "running" &&
            ["to_do", "done", "failed"].includes(state)
        );
    }

    url(file) {
        return `/web/content/${file.resId}?download=true`;
    }

    async onUploaded(files) {
        for (const file of files) {
            if (file.error) {
                this.notification.add(file.error, {
                    title: _t("The file was not attached"),
                    type: "danger",
                });
            }
        }
        await this.props.record.load();
    }
}

export const trainingEvidenceField = {
    component: TrainingEvidenceField,
    supportedTypes: ["one2many"],
    relatedFields: [{ name: "name", type: "char" }],
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "enrolment_state", type: "selection" },
    ],
    isEmpty: () => false,
    // A card is never in edition, so what may be attached does not follow from "readonly".
    extractProps: ({ options }) => ({ attach: Boolean(options.attach) }),
    supportedOptions: [
        {
            label: _t("Files can be attached"),
            name: "attach",
            type: "boolean",
        },
    ],
};

registry.category("fields").add("training_evidence", trainingEvidenceField);
