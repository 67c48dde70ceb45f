from keyword import iskeyword

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ComplianceCheckParameter(models.Model):
    """A threshold or tolerated delay of a check, for all companies or for one."""

    _name = "compliance.check.parameter"
    _description = "Parameter of a check"
    _order = "check_id, name, company_id, id"
    _check_company_auto = True

    check_id = fields.Many2one(
        "compliance.check",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: all.")
    name = fields.Char(required=True, help="The technical name, such as days.")
    label = fields.Char(translate=True)
    value = fields.Float(required=True)

    _unique_name = models.UniqueIndex(
        "(check_id, name, COALESCE(company_id, 0))",
        "A check has one value a parameter and company.",
    )

    @api.constrains("name", "value")
    def _check_value(self):
        """Refuse a negative threshold, and a name that a domain cannot use.

        :raises ValidationError: names the check and the parameter
        """
        for parameter in self:
            names = {"check": parameter.check_id.code, "name": parameter.name}
            if not parameter.name.isidentifier() or iskeyword(parameter.name):
                raise ValidationError(
                    self.env._(
                        "Check %(check)s, parameter “%(name)s”: use letters, digits and"
                        " underscores only in its name, such as days.",
                        **names,
                    )
                )
            if parameter.value < 0:
                raise ValidationError(
                    self.env._(
                        "Check %(check)s, parameter “%(name)s”: its value may not be"
                        " below 0.",
                        **names,
                    )
                )

    @api.model
    def _give_ids(self, module):
        """Give the parameters of a module's checks ids of their own.

        Those that a check creates together with itself have none; without an id a label
        is in no export of translations. Called by data files, after the checks.

        :param str module: the add-on whose checks are meant
        """
        data = self.env["ir.model.data"]
        checks = data.search_fetch(
            [("module", "=", module), ("model", "=", "compliance.check")],
            ["res_id", "name"],
        )
        names = {record.res_id: record.name for record in checks}
        parameters = self.search(
            [("check_id", "in", list(names)), ("company_id", "=", False)]
        )
        known = set(
            data.search(
                [("model", "=", self._name), ("res_id", "in", parameters.ids)]
            ).mapped("res_id")
        )
        data.create(
            [
                {
                    "module": module,
                    "name": f"{names[parameter.check_id.id]}_{parameter.name}",
                    "model": self._name,
                    "res_id": parameter.id,
                    "noupdate": True,
                }
                for parameter in parameters
                if parameter.id not in known
            ]
        )
