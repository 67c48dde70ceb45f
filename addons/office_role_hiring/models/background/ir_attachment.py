from odoo import api, models
from odoo.exceptions import UserError, ValidationError

CHECK = "hr.background.check"


class IrAttachment(models.Model):
    """Background checks: their files are private, and stay once the check is closed."""

    _inherit = "ir.attachment"

    @api.constrains("public", "res_model")
    def _check_background_private(self):
        if any(file.public for file in self if file.res_model == CHECK):
            raise ValidationError(
                self.env._(
                    "A file of a background check cannot be public. Send it to those "
                    "who may see it instead."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        # a second file of a field would be read in the place of the first; Odoo itself
        # writes fields in superuser mode
        if not self.env.su:
            files.filtered("res_field")._check_background_open()
        return files

    def write(self, vals):
        self._check_background_open()
        result = super().write(vals)
        if not self.env.su and {"res_field", "res_model", "res_id"} & vals.keys():
            self.filtered("res_field")._check_background_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_background_closed(self):
        self._check_background_open()

    def _check_background_open(self):
        """Refuse changes of the files of a closed check; adding files is allowed.

        :raise UserError: with the name of the check
        """
        # sudo: whoever may not read the check is refused by the rights, not here
        files = self.sudo().filtered(lambda file: file.res_model == CHECK)
        checks = self.env[CHECK].sudo().browse(files.mapped("res_id")).exists()
        for check in checks.filtered("is_frozen"):
            raise UserError(
                self.env._(
                    "The files of %s stay as they are, since the check is closed. Add "
                    "another file, or make a new check.",
                    check.display_name,
                )
            )
