from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class TrainingStandIn(models.Model):
    """Somebody who trains for another until a day; then what is still open goes back.

    It is made by handing over (``training.reassign``), with what moved. Only what is
    still with the stand-in goes back: what was closed, or given to a third person in
    between, stays.
    """

    _name = "training.stand.in"
    _description = "Stand-in of a Trainer"
    _inherit = ["training.job.mixin"]
    _order = "state desc, until, id"
    _rec_names_search = ["original_id", "stand_in_id"]
    _check_company_auto = True
    _job_error_field = "hand_back_error"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    original_id = fields.Many2one(
        "res.users",
        string="Trainer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="Gets back what is still open.",
    )
    stand_in_id = fields.Many2one(
        "res.users",
        string="Stand-in",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    until = fields.Date(
        required=True,
        readonly=True,
        index=True,
        help="On this day what is still open goes back.",
    )
    enrolment_ids = fields.Many2many(
        "training.enrolment", string="Enrolments", readonly=True, check_company=True
    )
    programme_ids = fields.Many2many(
        "training.programme",
        string="Programmes",
        readonly=True,
        check_company=True,
        context={"active_test": False},
    )
    session_ids = fields.Many2many(
        "training.session", string="Sessions", readonly=True, check_company=True
    )
    state = fields.Selection(
        [("running", "Under way"), ("ended", "Ended")],
        required=True,
        default="running",
        readonly=True,
        index=True,
    )
    ended_on = fields.Datetime(string="Ended", readonly=True)
    ended_by_id = fields.Many2one(
        "res.users",
        string="Ended by",
        readonly=True,
        help="OdooBot where it ended by itself on its day.",
    )
    hand_back_error = fields.Char(
        string="Could not be handed back",
        readonly=True,
        help="Why it could not end on its day; it is tried again the next day.",
    )

    _two_people = models.Constraint(
        "CHECK (original_id <> stand_in_id)",
        "Nobody stands in for themselves. Choose somebody else.",
    )
    _until_after_from = models.Constraint(
        "CHECK (until >= date_from)",
        "A stand-in ends after it began. Choose a later day.",
    )
    _ended_by_somebody = models.Constraint(
        "CHECK ((state = 'ended') = (ended_on IS NOT NULL) "
        "AND (ended_on IS NULL) = (ended_by_id IS NULL))",
        "A stand-in that ended has a person and a time. Use the button End now.",
    )

    @api.depends("original_id", "stand_in_id")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "%(stand_in)s for %(trainer)s",
                stand_in=record.stand_in_id.name or "",
                trainer=record.original_id.name or "",
            )

    # --- handing back -----------------------------------------------------------

    @api.model
    def _cron_hand_back(self, batch_size=50):
        """End the stand-ins whose day has come.

        :param batch_size: stand-ins per transaction
        """
        due = Domain("state", "=", "running") & Domain(
            "until", "<=", fields.Date.context_today(self)
        )
        self._work_in_batches([(due, "_hand_back")], batch_size)

    def action_end(self):
        """End stand-ins before their day.

        :raises AccessError: when the user is no training manager
        :raises UserError: when one has ended already, or cannot be handed back
        """
        self.check_access("read")
        if not self.env.user.has_group("front_office_training.group_training_manager"):
            raise AccessError(
                self.env._(
                    "%s: only a training manager ends a stand-in.",
                    ", ".join(self.mapped("display_name")),
                )
            )
        for record in self:
            if record.state != "running":
                raise UserError(
                    self.env._("%s has ended already.", record.display_name)
                )
        self._hand_back()

    def _hand_back(self):
        """Give back what is still with the stand-ins, and end them.

        :raises UserError: when the trainer is archived, or cannot take it back
        """
        for record in self:
            if not record.original_id.active:
                raise UserError(
                    self.env._(
                        "%(stand_in)s: the user %(trainer)s is archived. Reassign "
                        "the work to somebody else, or make the user active again.",
                        stand_in=record.display_name,
                        trainer=record.original_id.name,
                    )
                )
            enrolments, programmes, sessions = record._get_still_theirs()
            if enrolments or programmes or sessions:
                record._prepare_return()._transfer(
                    enrolments, programmes, sessions, returned=True
                )
        # sudo: the right is checked by action_end, or the cron runs it; nobody may
        # write these records
        self.sudo().write(
            {
                "state": "ended",
                "ended_on": fields.Datetime.now(),
                "ended_by_id": self.env.uid,
                "hand_back_error": False,
            }
        )

    def _get_still_theirs(self):
        """Return what moved and is still with the stand-in and open.

        :return: enrolments, programmes and sessions
        """
        self.ensure_one()
        stand_in = self.stand_in_id
        return (
            self.enrolment_ids.filtered(
                lambda enrolment: (
                    enrolment.state == "running" and enrolment.trainer_id == stand_in
                )
            ),
            self.programme_ids.filtered(
                lambda programme: programme.responsible_id == stand_in
            ),
            self.session_ids.filtered(
                lambda session: (
                    session.state in ("draft", "planned")
                    and session.trainer_id == stand_in
                )
            ),
        )

    def _prepare_return(self):
        """Return the hand-over from the stand-in to the trainer."""
        self.ensure_one()
        return self.env["training.reassign"].create(
            {
                "company_id": self.company_id.id,
                "from_id": self.stand_in_id.id,
                "to_id": self.original_id.id,
            }
        )
