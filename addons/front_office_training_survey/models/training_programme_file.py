from odoo import api, models
from odoo.fields import Domain


class TrainingProgrammeFile(models.AbstractModel):
    _inherit = "training.programme.file"

    @api.model
    def _get_step_keys(self):
        return [*super()._get_step_keys(), "quiz"]

    @api.model
    def _export_step(self, step):
        reference = self._export_reference(step.survey_id)
        return {**super()._export_step(step), "quiz": reference}

    @api.model
    def _import_step(self, part, problem):
        values = super()._import_step(part, problem)
        survey = self._import_reference(
            "quiz",
            part.get("quiz"),
            self.env["survey.survey"],
            Domain("certification", "=", True),
            problem,
        )
        if part.get("kind") == "quiz" and part.get("quiz") is None:
            problem(
                "quiz", self.env._("is missing: name the certification of the step.")
            )
        return {**values, "survey_id": survey.id}
