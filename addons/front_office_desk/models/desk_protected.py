from odoo import api, models
from odoo.exceptions import UserError


class DeskProtected(models.AbstractModel):
    """Keeps what buttons and computes write from being typed by RPC or import.

    ``readonly`` of a field keeps it out of forms only. A default in the context is
    another way to type a value, and so is the stored result of a compute.
    """

    _name = "desk.protected"
    _description = "Model with fields that only the program writes"

    # what only the buttons write; a model says what it answers to who tries
    _desk_protected = frozenset()

    @api.model
    def _get_calculated_names(self):
        """Return the names of the stored fields that only their compute may set."""
        return {
            name
            for name, field in self._fields.items()
            if field.store and field.compute and field.readonly and not field.inverse
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Leave out what only the program writes, from values and from defaults."""
        if self.env.su:
            return super().create(vals_list)
        names = self._get_calculated_names() | self._desk_protected
        vals_list = [
            {name: value for name, value in vals.items() if name not in names}
            for vals in vals_list
        ]
        defaults = {f"default_{name}" for name in names}
        context = {
            name: value
            for name, value in self.env.context.items()
            if name not in defaults
        }
        model = self.with_env(self.env(context=context))
        return super(DeskProtected, model).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Refuse what is calculated.

        :raise UserError: naming the fields
        """
        refused = sorted(self._get_calculated_names() & vals.keys())
        if refused and not self.env.su:
            raise UserError(
                self.env._(
                    "%(records)s: %(fields)s can't be written, as it is calculated.",
                    records=", ".join(self.mapped("display_name")),
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in refused
                    ),
                )
            )
        return super().write(vals)
