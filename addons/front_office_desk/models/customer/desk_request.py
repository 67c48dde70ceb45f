from odoo import models

from ..desk_request import BACK


class DeskRequest(models.Model):
    """What customers see and are asked of their requests."""

    _inherit = "desk.request"  # pylint: disable=consider-merging-classes-inherited

    def _ask_rating(self):
        template = self.env.ref(
            "front_office_desk.mail_template_rating", raise_if_not_found=False
        )
        for request in self.filtered("partner_id.email"):
            if template:
                # sudo: the e-mail to the customer is written by the program
                request.sudo().rating_send_request(
                    template, lang=request.partner_id.lang
                )

    def _get_allowed_message_params(self):
        # a rating has a link of its own, when the request is closed
        return super()._get_allowed_message_params() - {"rating_value"}

    def rating_apply(self, rate, token=None, rating=None, **kwargs):
        """Note a rating once, by its own customer or by who has its link only.

        :return: the rating, unchanged where there is nothing to note
        """
        if token and not rating:
            # sudo: as in the overridden method, the token says which one it is
            ratings = self.env["rating.rating"].sudo()
            rating = ratings.search([("access_token", "=", token)], limit=1)
        user = self.env.user
        commercial = user.partner_id.commercial_partner_id
        is_stranger = (
            not user._is_public()
            and rating
            and rating.partner_id.commercial_partner_id != commercial
        )
        if rating and (rating.consumed or is_stranger):
            return rating
        return super().rating_apply(rate, rating=rating, **kwargs)

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        # sudo: a customer who answers starts the clock again, and changes nothing else
        request = self.sudo()
        if (
            request.is_awaiting
            # the note of an absent customer is no answer
            and not self.env.context.get("desk_mail_automatic")
            and message.author_id in request._get_partner_family()
        ):
            request._resume()
        return result

    def _is_of_customer(self, partner):
        """Whether a customer may follow the request on the portal."""
        self.ensure_one()
        return (
            bool(partner.commercial_partner_id)
            and self.partner_id.commercial_partner_id == partner.commercial_partner_id
        )

    def _get_customer_state(self):
        """Return in plain words what the customer is told about the state."""
        self.ensure_one()
        if self.is_awaiting:
            return self.env._("We wait for you")
        if self.state == "merged":
            return self.env._("Continued as %s", self.merged_into_id.number)
        if self.state in ("answered", "closed"):
            return self.env._("Answered")
        if self.state in BACK:
            return self.env._("We work on it")
        return self.env._("Received")
