import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { rubricScore } from "./rubric_score";

const LEVELS = [1, 2, 3, 4];

/**
 * The criteria of a practice, each with its four levels as cards in a row. The keys 1 to 4 choose a
 * level and go on to the next criterion, the arrows move, Enter saves the score. In the words below,
 * where Enter starts a line, the dialog's own Ctrl+Enter saves.
 */
export class TrainingRubricField extends Component {
    static template = "front_office_training.TrainingRubricField";
    static props = { ...standardFieldProps };

    setup() {
        this.levels = LEVELS;
        this.root = useRef("root");
        this.state = useState({ current: 0 });
        onMounted(() => this.focusCriterion(0));
        this.isSaving = false;
    }

    get lines() {
        return this.props.record.data[this.props.name].records;
    }

    get isComplete() {
        return this.lines.length > 0 && this.lines.every((line) => line.data.level);
    }

    get missing() {
        return this.lines.filter((line) => !line.data.level).length;
    }

    get score() {
        return rubricScore(this.lines.map((line) => line.data));
    }

    get passMark() {
        return this.props.record.data.pass_mark;
    }

    get isPassed() {
        return this.score >= this.passMark;
    }

    get missingText() {
        return _t("%s criteria without a level", this.missing);
    }

    get scoreText() {
        return _t("Score %(score)s %, pass mark %(mark)s %", {
            score: this.score,
            mark: this.passMark,
        });
    }

    get verdict() {
        if (!this.props.record.data.deciding) {
            return _t("An observation");
        }
        return this.isPassed ? _t("Passed") : _t("Goes back: say what to do better");
    }

    /** Of the cards in a row one is reached with Tab: the chosen one, or else the first. */
    tabindex(line, level) {
        return (line.data.level || 1) === level ? 0 : -1;
    }

    focusCriterion(index) {
        this.state.current = index;
        const line = this.lines[index];
        if (line) {
            this.card(index, line.data.level || 1)?.focus();
        }
    }

    card(index, level) {
        return this.root.el.querySelector(`[data-index="${index}"] [data-level="${level}"]`);
    }

    /** Somebody who types fast is on the next criterion, or at Enter, before this is through. */
    choose(index, level) {
        this.state.current = index;
        this.pending = Promise.all([this.pending, this.lines[index].update({ level })]);
        return this.pending;
    }

    async onClick(index, level) {
        await this.choose(index, level);
        this.card(index, level)?.focus();
    }

    onRemark(line, ev) {
        return line.update({ remark: ev.target.value });
    }

    async onKeydown(index, ev) {
        if (ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        const level = this.lines[index].data.level;
        const last = this.lines.length - 1;
        const actions = {
            ArrowDown: () => this.focusCriterion(Math.min(index + 1, last)),
            ArrowUp: () => this.focusCriterion(Math.max(index - 1, 0)),
            ArrowRight: () => this.onClick(index, Math.min(level + 1, 4)),
            ArrowLeft: () => this.onClick(index, Math.max(level - 1, 1)),
            Enter: () => this.submit(),
        };
        for (const each of LEVELS) {
            actions[each] = () => {
                const chosen = this.choose(index, each);
                if (index < last) {
                    this.focusCriterion(index + 1);
                } else {
                    this.card(index, each)?.focus();
                }
                return chosen;
            };
        }
        if (actions[ev.key]) {
            ev.preventDefault();
            ev.stopPropagation();
            await actions[ev.key]();
        }
    }

    /** Enter: go to what is still missing, or save. */
    async submit() {
        await this.pending;
        const open = this.lines.findIndex((line) => !line.data.level);
        if (open >= 0) {
            return this.focusCriterion(open);
        }
        const { record } = this.props;
        await record.isDirty(); // takes over words that are still being typed
        if (record.data.deciding && !this.isPassed && !record.data.feedback) {
            const words = this.root.el
                .closest(".o_form_view")
                ?.querySelector("[name=feedback] textarea");
            return words?.focus();
        }
        await this.save();
    }

    /** Press the button of the screen, once, however long Enter is held down. */
    async save() {
        if (this.isSaving) {
            return;
        }
        this.isSaving = true;
        const { record } = this.props;
        try {
            await this.env.onClickViewButton({
                clickParams: { name: "action_confirm", type: "object" },
                getResParams: () => ({
                    context: record.context,
                    evalContext: record.evalContext,
                    resModel: record.resModel,
                    resId: record.resId,
                    resIds: record.resIds,
                }),
            });
        } finally {
            this.isSaving = false;
        }
    }
}

export const trainingRubricField = {
    component: TrainingRubricField,
    displayName: _t("Rubric"),
    supportedTypes: ["one2many"],
    relatedFields: [
        { name: "name", type: "char" },
        { name: "weight", type: "integer" },
        ...LEVELS.map((level) => ({ name: `level_${level}`, type: "text" })),
        { name: "level", type: "integer", readonly: false },
        { name: "remark", type: "char", readonly: false },
    ],
    fieldDependencies: [
        { name: "pass_mark", type: "integer" },
        { name: "deciding", type: "boolean" },
        { name: "feedback", type: "text", readonly: false },
    ],
};

registry.category("fields").add("training_rubric", trainingRubricField);
