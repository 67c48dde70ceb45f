import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError


class TrainingProgrammeImport(models.TransientModel):
    """Make a draft programme from a file, or say all that is wrong with the file."""

    _name = "training.programme.import"
    _description = "Import a Programme"

    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share the programme between all companies."
    )
    problems = fields.Text(compute="_compute_problems")
    summary = fields.Char(compute="_compute_problems")

    @api.depends("file", "company_id")
    def _compute_problems(self):
        for wizard in self:
            wizard.problems = wizard.summary = False
            if not wizard.file:
                continue
            parts, sentences = wizard._read()
            if sentences:
                wizard.problems = "\n".join(sentences)
            else:
                wizard.summary = self.env._(
                    "“%(programme)s”: %(steps)s steps.",
                    programme=parts[0][0]["name"],
                    steps=len(parts) - 1,
                )

    def _read(self):
        """Return the content of the file and what is wrong with it."""
        try:
            data = base64.b64decode(self.with_context(bin_size=False).file)
        except (binascii.Error, ValueError):
            return None, [self.env._("The file did not arrive whole. Choose it again.")]
        return self.env["training.programme.file"]._read(data, self.company_id)

    def action_import(self):
        """Create the draft programme and open it.

        :raises UserError: with one line for each thing that is wrong with the file
        """
        self.ensure_one()
        parts, sentences = self._read()
        if sentences:
            raise UserError("\n".join(sentences))
        programme = self.env["training.programme.file"]._import(parts)
        return {
            "type": "ir.actions.act_window",
            "res_model": "training.programme",
            "res_id": programme.id,
            "view_mode": "form",
        }
