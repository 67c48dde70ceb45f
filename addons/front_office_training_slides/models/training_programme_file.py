from odoo import api, models
from odoo.fields import Domain


class TrainingProgrammeFile(models.AbstractModel):
    _inherit = "training.programme.file"

    @api.model
    def _get_step_keys(self):
        return [*super()._get_step_keys(), "course"]

    @api.model
    def _export_step(self, step):
        reference = self._export_reference(step.channel_id)
        return {**super()._export_step(step), "course": reference}

    @api.model
    def _import_step(self, part, problem):
        values = super()._import_step(part, problem)
        channel = self._import_reference(
            "course",
            part.get("course"),
            self.env["slide.channel"],
            Domain("channel_type", "=", "training"),
            problem,
        )
        if part.get("kind") == "course" and part.get("course") is None:
            problem("course", self.env._("is missing: name the course of the step."))
        return {**values, "channel_id": channel.id}
