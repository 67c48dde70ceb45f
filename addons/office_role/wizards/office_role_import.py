import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError


class OfficeRoleImport(models.TransientModel):
    """Show what a file of roles would change, then change it: all or nothing."""

    _name = "office.role.import"
    _description = "Import Role Profiles"

    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    company_id = fields.Many2one(
        "res.company",
        string="Company of new roles",
        help="Leave empty to share new roles between all companies. Roles that exist "
        "keep their company.",
    )
    problems = fields.Text(compute="_compute_preview")
    preview = fields.Text(compute="_compute_preview")

    @api.depends("file", "company_id")
    def _compute_preview(self):
        for wizard in self:
            wizard.problems = wizard.preview = False
            if not wizard.file:
                continue
            plans, sentences = wizard._read()
            if sentences:
                wizard.problems = "\n".join(sentences)
            else:
                wizard.preview = "\n".join(
                    # what changes of a role stands under its name
                    "\n  – ".join(plan.sentences)
                    for plan in plans
                )

    def _read(self):
        """Return what the file does and what is wrong with it."""
        try:
            data = base64.b64decode(self.with_context(bin_size=False).file)
        except (binascii.Error, ValueError):
            return [], [self.env._("The file did not arrive whole. Choose it again.")]
        return self.env["office.role.file"]._read(data, self.company_id)

    def action_import(self):
        """Write the roles and open them.

        :raises UserError: with one line for each thing that is wrong with the file
        """
        self.ensure_one()
        plans, sentences = self._read()
        if sentences:
            raise UserError("\n".join(sentences))
        roles = self.env["office.role.file"]._apply(plans)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "office_role.office_role_action"
            ),
            "name": self.env._("Imported Roles"),
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", roles.ids)],
        }
