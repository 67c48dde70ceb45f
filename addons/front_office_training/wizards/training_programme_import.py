from odoo import fields, models


class TrainingProgrammeImport(models.TransientModel):
    """Make a draft programme from a file, or say all that is wrong with the file."""

    _name = "training.programme.import"
    _description = "Import a Programme"
    _inherit = ["office.file.import"]

    company_id = fields.Many2one(
        help="Leave empty to share the programme between all companies."
    )

    def _read_data(self, data):
        return self.env["training.programme.file"]._read(data, self.company_id)

    def _describe(self, content):
        programme, *steps = content
        return self.env._(
            "“%(programme)s”: %(steps)s steps.",
            programme=programme[0]["name"],
            steps=len(steps),
        )

    def _import_content(self, content):
        programme = self.env["training.programme.file"]._import(content)
        return {
            "type": "ir.actions.act_window",
            "res_model": "training.programme",
            "res_id": programme.id,
            "view_mode": "form",
        }
