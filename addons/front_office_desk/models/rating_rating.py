from odoo import api, models
from odoo.exceptions import AccessError


class RatingRating(models.Model):
    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        """Make ratings; those of requests are asked for by the program only."""
        ratings = super().create(vals_list)
        ratings._desk_check_customer()
        return ratings

    def write(self, vals):
        """Change ratings; what customers said about requests stays."""
        self._desk_check_customer()
        result = super().write(vals)
        self._desk_check_customer()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_requests(self):
        self._desk_check_customer()

    def _desk_check_customer(self):
        """Refuse that the people who are rated write the ratings.

        Odoo gives every employee the right to.

        :raise AccessError: by RPC, for a rating of a request
        """
        if self.env.su:
            return
        # sudo: what a rating is for may be hidden from the user
        if any(rating.res_model == "desk.request" for rating in self.sudo()):
            raise AccessError(
                self.env._(
                    "The customer's rating of a request is written by the customer, "
                    "with the link in the e-mail."
                )
            )
