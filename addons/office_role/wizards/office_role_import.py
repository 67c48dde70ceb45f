from odoo import fields, models


class OfficeRoleImport(models.TransientModel):
    """Show what a file of roles would change, then change it: all or nothing."""

    _name = "office.role.import"
    _description = "Import Role Profiles"
    _inherit = ["office.file.import"]

    company_id = fields.Many2one(
        string="Company of new roles",
        help="Leave empty to share new roles between all companies. Roles that exist "
        "keep their company.",
    )

    def _read_data(self, data):
        return self.env["office.role.file"]._read(data, self.company_id)

    def _describe(self, content):
        return "\n".join(
            # what changes of a role stands under its name
            "\n  – ".join(plan.sentences)
            for plan in content
        )

    def _import_content(self, content):
        roles = self.env["office.role.file"]._apply(content)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "office_role.office_role_action"
            ),
            "name": self.env._("Imported Roles"),
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", roles.ids)],
        }
