from odoo import fields, models


class SlideChannelPartner(models.Model):
    _inherit = "slide.channel.partner"

    def _post_completion_update_hook(self, completed=True):
        result = super()._post_completion_update_hook(completed)
        if completed:
            self.filtered(
                lambda membership: membership.member_status == "completed"
            )._sign_training_steps()
        return result

    def _sign_training_steps(self):
        """Sign the open steps of whoever has just completed their courses.

        Only a completion on or after the first day of the enrolment counts.
        """
        domain = [
            ("kind", "=", "course"),
            ("is_closed", "=", False),
            ("channel_id", "in", self.channel_id.ids),
            ("trainee_user_id.partner_id", "in", self.partner_id.ids),
            ("enrolment_id.state", "=", "running"),
            ("enrolment_id.start_date", "<=", fields.Date.context_today(self)),
        ]
        # sudo: whoever completes a course may not sign. There is no filter on the
        # company: it counts wherever the same person is in training.
        steps = self.env["training.enrolment.step"].sudo().search(domain)
        completed = {(each.channel_id, each.partner_id) for each in self}
        steps.filtered(
            lambda step: (
                (step.channel_id, step.trainee_user_id.partner_id) in completed
            )
        )._sign_completed_course()
