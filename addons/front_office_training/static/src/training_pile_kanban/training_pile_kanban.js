import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/**
 * A pile of steps that is grouped by trainee or by enrolment. Nobody makes such a group by hand, so
 * an empty pile says that it is empty, and what comes next.
 */
export class TrainingPileKanbanRenderer extends KanbanRenderer {
    get showNoContentHelper() {
        const { isGrouped, groups } = this.props.list;
        return super.showNoContentHelper || (isGrouped && groups.length === 0);
    }
}

registry.category("views").add("training_pile_kanban", {
    ...kanbanView,
    Renderer: TrainingPileKanbanRenderer,
});
