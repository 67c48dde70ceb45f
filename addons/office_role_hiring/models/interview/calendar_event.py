from odoo import fields, models


class CalendarEvent(models.Model):
    """A meeting of an interview round."""

    _inherit = "calendar.event"

    # whoever may fill it in reads the name of the round, and so who applies
    interview_round_id = fields.Many2one(
        "interview.round",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        # a plain employee who repeats a meeting copies it, and must not read this
        copy=False,
        groups="hr_recruitment.group_hr_recruitment_interviewer",
    )
