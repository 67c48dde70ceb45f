import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const RATINGS = [1, 2, 3, 4];
const EXTREMES = [1, 4];

/**
 * The skills of a scorecard, each with its question and four anchors in a row. The keys 1 to 4 rate and
 * go on: after a 1 or a 4 to the note, which is needed there, else to the next skill. Enter in a note
 * goes to the next skill, and after the last to the recommendation.
 */
export class InterviewScorecardField extends Component {
    static template = "office_role_hiring.InterviewScorecardField";
    static props = { ...standardFieldProps };

    setup() {
        this.ratings = RATINGS;
        this.root = useRef("root");
        this.state = useState({ current: 0 });
        onMounted(() => {
            if (!this.props.readonly) {
                this.focusSkill(0);
            }
        });
    }

    get lines() {
        return this.props.record.data[this.props.name].records;
    }

    get missing() {
        const open = this.lines.filter((line) => !line.data.rating).length;
        const notes = this.lines.filter((line) => this.needsNote(line)).length;
        const texts = [];
        if (open) {
            texts.push(_t("%s skills without a rating", open));
        }
        if (notes) {
            texts.push(_t("%s notes missing", notes));
        }
        return texts.join(", ") || _t("Every skill is rated");
    }

    needsNote(line) {
        return EXTREMES.includes(line.data.rating) && !(line.data.note || "").trim();
    }

    /** Of the cards in a row one is reached with Tab: the chosen one, or else the first. */
    tabindex(line, rating) {
        return (line.data.rating || 1) === rating ? 0 : -1;
    }

    card(index, rating) {
        return this.root.el.querySelector(`[data-index="${index}"] [data-rating="${rating}"]`);
    }

    note(index) {
        return this.root.el.querySelector(`[data-index="${index}"] .o_interview_note`);
    }

    /** Go to a skill; behind the last, to the recommendation. */
    focusSkill(index) {
        const line = this.lines[index];
        if (line) {
            this.state.current = index;
            this.card(index, line.data.rating || 1)?.focus();
        } else {
            const form = this.root.el.closest(".o_form_view");
            form?.querySelector("[name=recommendation] input")?.focus();
        }
    }

    choose(index, rating) {
        this.state.current = index;
        this.pending = Promise.all([this.pending, this.lines[index].update({ rating })]);
        return this.pending;
    }

    async onClick(index, rating) {
        if (this.props.readonly) {
            return;
        }
        await this.choose(index, rating);
        this.card(index, rating)?.focus();
    }

    onNote(line, ev) {
        return line.update({ note: ev.target.value });
    }

    async onNoteKeydown(index, ev) {
        if (ev.key === "Enter" && !ev.shiftKey) {
            ev.preventDefault();
            ev.stopPropagation();
            const { value } = ev.target;
            this.focusSkill(index + 1);
            await this.lines[index].update({ note: value });
        }
    }

    async onKeydown(index, ev) {
        if (this.props.readonly || ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        const rating = this.lines[index].data.rating;
        const actions = {
            ArrowDown: () => this.focusSkill(Math.min(index + 1, this.lines.length - 1)),
            ArrowUp: () => this.focusSkill(Math.max(index - 1, 0)),
            ArrowRight: () => this.onClick(index, Math.min(rating + 1, 4)),
            ArrowLeft: () => this.onClick(index, Math.max(rating - 1, 1)),
            Enter: () => this.note(index)?.focus(),
        };
        for (const each of RATINGS) {
            actions[each] = () => {
                const chosen = this.choose(index, each);
                if (EXTREMES.includes(each) && !this.lines[index].data.note) {
                    this.note(index)?.focus();
                } else {
                    this.focusSkill(index + 1);
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
}

export const interviewScorecardField = {
    component: InterviewScorecardField,
    displayName: _t("Scorecard"),
    supportedTypes: ["one2many"],
    relatedFields: [
        { name: "skill_id", type: "many2one", relation: "hr.skill" },
        { name: "must_have", type: "boolean" },
        { name: "question", type: "text" },
        { name: "minutes", type: "integer" },
        ...RATINGS.map((rating) => ({ name: `anchor_${rating}`, type: "text" })),
        { name: "rating", type: "integer", readonly: false },
        { name: "note", type: "text", readonly: false },
    ],
};

registry.category("fields").add("interview_scorecard", interviewScorecardField);
