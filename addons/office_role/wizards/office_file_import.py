import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError


class OfficeFileImport(models.AbstractModel):
    """Say what a file would do or all that is wrong with it, then do it.

    A wizard that inherits this tells what its files are in three hooks:
    :meth:`_read_data`, :meth:`_describe` and :meth:`_import_content`.
    """

    _name = "office.file.import"
    _description = "Import of a File"

    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    company_id = fields.Many2one("res.company")
    problems = fields.Text(compute="_compute_preview")
    preview = fields.Text(compute="_compute_preview")

    @api.depends("file", "company_id")
    def _compute_preview(self):
        for wizard in self:
            wizard.problems = wizard.preview = False
            if not wizard.file:
                continue
            content, sentences = wizard._read()
            if sentences:
                wizard.problems = "\n".join(sentences)
            else:
                wizard.preview = wizard._describe(content)

    def _read(self):
        """Return the content of the file and what is wrong with it.

        :return: (what :meth:`_read_data` makes of the file, sentences); where there
            are sentences the content is not to be used
        """
        try:
            data = base64.b64decode(self.with_context(bin_size=False).file)
        except (binascii.Error, ValueError):
            return None, [self.env._("The file did not arrive whole. Choose it again.")]
        return self._read_data(data)

    def action_import(self):
        """Import the file and open what it made.

        :raises UserError: with one line for each thing that is wrong with the file
        """
        self.ensure_one()
        content, sentences = self._read()
        if sentences:
            raise UserError("\n".join(sentences))
        return self._import_content(content)

    def _read_data(self, data):
        """Hook: return the content of the file and what is wrong with it.

        :param bytes data: the file
        :return: (content, sentences)
        """
        raise NotImplementedError

    def _describe(self, content):
        """Hook: return in words what importing the content does."""
        raise NotImplementedError

    def _import_content(self, content):
        """Hook: import the content, and return the action that opens the result."""
        raise NotImplementedError
