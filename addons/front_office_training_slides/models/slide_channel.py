from odoo import models


class SlideChannel(models.Model):
    _inherit = "slide.channel"

    def _is_open_for_training(self):
        """Whether somebody who is a member could complete this course."""
        self.ensure_one()
        return bool(self.active and self.is_published and self.total_slides)
