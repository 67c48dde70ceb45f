from odoo import api, models
from odoo.exceptions import UserError


class QuotaCalculatedMixin(models.AbstractModel):
    """Refuses to have typed what is calculated.

    ``readonly`` of a field keeps it out of forms only: by RPC and by import the stored
    result of a calculation may be overwritten. Approvals and commissions rely on it.
    """

    _name = "quota.calculated.mixin"
    _description = "Model whose calculated figures nobody types"

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        for vals in vals_list:
            self._refuse_calculated(vals)
        # a default from the context is another way to type a value
        names = {f"default_{name}" for name in self._get_calculated_names()}
        context = {
            key: value for key, value in self.env.context.items() if key not in names
        }
        model = self.with_env(self.env(context=context))
        return super(QuotaCalculatedMixin, model).create(vals_list).with_env(self.env)

    def write(self, vals):
        if not self.env.su:
            self._refuse_calculated(vals)
        return super().write(vals)

    @api.model
    def _get_calculated_names(self):
        """Return the names of the stored fields that only their compute may set."""
        return {
            name
            for name, field in self._fields.items()
            if field.store and field.compute and field.readonly and not field.inverse
        }

    def _refuse_calculated(self, vals):
        """Refuse values of calculated fields.

        :raises UserError: naming the fields
        """
        if names := sorted(self._get_calculated_names() & vals.keys()):
            raise UserError(
                self.env._(
                    "Calculated and not to be typed: %s. Leave these fields out.",
                    ", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in names
                    ),
                )
            )
