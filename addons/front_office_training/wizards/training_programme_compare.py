import json

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..version_diff import diff


class TrainingProgrammeCompare(models.TransientModel):
    """Two versions of a programme side by side: what was added, removed, changed."""

    _name = "training.programme.compare"
    _description = "Compare Versions of a Programme"

    programme_id = fields.Many2one(
        "training.programme", required=True, readonly=True, ondelete="cascade"
    )
    old_version_id = fields.Many2one(
        "training.programme.version",
        string="Compare",
        domain="[('programme_id', '=', programme_id)]",
        ondelete="cascade",
    )
    new_version_id = fields.Many2one(
        "training.programme.version",
        string="With",
        domain="[('programme_id', '=', programme_id)]",
        ondelete="cascade",
        help="Leave empty for the programme as it is now.",
    )
    comparison = fields.Html(
        compute="_compute_comparison", sanitize=False, string="Differences"
    )

    @api.model
    def _open(self, programme, old_version, new_version):
        """Open the comparison of two versions.

        :param programme: ``training.programme`` record
        :param old_version: ``training.programme.version`` record, none for «nothing»
        :param new_version: the same; none for the programme as it is now
        """
        wizard = self.create(
            {
                "programme_id": programme.id,
                "old_version_id": old_version.id,
                "new_version_id": new_version.id,
            }
        )
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_programme_compare_action"
            ),
            "res_id": wizard.id,
        }

    @api.depends("old_version_id", "new_version_id", "programme_id")
    def _compute_comparison(self):
        for wizard in self:
            old = wizard.old_version_id
            new = wizard.new_version_id
            before = old._get_steps() if old else []
            now = new._get_steps() if new else wizard.programme_id._version_content()
            wizard.comparison = self.env["ir.qweb"]._render(
                "front_office_training.training_programme_comparison",
                {
                    "old_title": wizard._get_title(old, self.env._("Nothing yet")),
                    "new_title": wizard._get_title(new, self.env._("As it is now")),
                    "rows": self._get_rows(diff(before, now)),
                },
            )

    def _get_title(self, version, otherwise):
        return self.env._("Version %s", version.version) if version else otherwise

    @api.model
    def _get_rows(self, differences):
        """Return the steps to show: title, what happened, and the fields."""
        rows = [
            self._get_row("changed", change.old, change.new, change.fields)
            for change in differences.changed
        ]
        rows += [
            self._get_row("added", {}, step, self._filled(step))
            for step in differences.added
        ]
        rows += [
            self._get_row("removed", step, {}, self._filled(step))
            for step in differences.removed
        ]
        return rows

    @api.model
    def _filled(self, step):
        return [name for name, value in step.items() if value and name != "id"]

    @api.model
    def _get_row(self, kind, old, new, names):
        return {
            "kind": kind,
            "name": (new or old).get("name") or "",
            "fields": [
                {
                    "label": self._get_label(name),
                    "old": self._get_text(name, old.get(name)),
                    "new": self._get_text(name, new.get(name)),
                }
                for name in names
            ],
        }

    @api.model
    def _get_label(self, name):
        """Return the label of a step's field; the name of what is no field any more."""
        if name not in self.env["training.step"]._fields:
            return name
        return self.env["training.step"].fields_get([name], ["string"])[name]["string"]

    @api.model
    def _get_text(self, name, value):
        """Return the value of a step's field as people read it."""
        field = self.env["training.step"]._fields.get(name)
        kind = field.type if field else ""
        if value is None or value is False and kind != "boolean" or value == "":
            return ""
        if kind == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if kind == "selection":
            labels = dict(field._description_selection(self.env))
            return labels.get(value, value)
        if kind == "html":
            return html2plaintext(value)
        if isinstance(value, list | dict):
            return json.dumps(value, ensure_ascii=False, indent=2)
        return str(value)
