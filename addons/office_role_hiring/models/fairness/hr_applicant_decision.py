from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .hr_applicant_refuse_reason import REFUSE_TYPES

KINDS = [
    ("stage", "Moved to a stage"),
    ("refusal", "Refused"),
    ("hire", "Hired"),
    ("employee", "Employee created"),
    ("archive", "Archived"),
    ("restore", "Reopened"),
    ("anonymised", "Anonymised"),
]

# columns that never change, and those that may only become empty: a record that is
# referred to may be deleted, and a note may name the person
FROZEN = (
    "application_number",
    "kind",
    "date",
    "user_id",
    "company_id",
    "refuse_type",
    "summary",
    "role_version",
    "has_score",
    "score",
    "must_haves_missed",
    "skills_missed",
)
EMPTIED = (
    "applicant_id",
    "job_id",
    "stage_before_id",
    "stage_id",
    "refuse_reason_id",
    "role_id",
    "note",
)


class HrApplicantDecision(models.Model):
    """What was decided on an application, when, by whom, and on what grounds.

    A row is written with the decision and never again: the score, the version of the
    role and the must-haves missed are those of the moment. It holds no name of the
    applicant, so that it may outlast the application.
    """

    _name = "hr.applicant.decision"
    _description = "Hiring Decision"
    _order = "date desc, id desc"
    _rec_name = "summary"
    _check_company_auto = True
    _log_access = False

    applicant_id = fields.Many2one(
        "hr.applicant", readonly=True, index="btree_not_null", ondelete="set null"
    )
    application_number = fields.Integer(
        readonly=True,
        aggregator="count_distinct",
        help="The number of the application; it stays when the application is deleted.",
    )
    kind = fields.Selection(KINDS, string="Decision", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Decided by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    job_id = fields.Many2one(
        "hr.job",
        string="Job position",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    stage_before_id = fields.Many2one(
        "hr.recruitment.stage", readonly=True, ondelete="set null"
    )
    stage_id = fields.Many2one(
        "hr.recruitment.stage", readonly=True, ondelete="set null"
    )
    refuse_reason_id = fields.Many2one(
        "hr.applicant.refuse.reason",
        string="Reason",
        readonly=True,
        ondelete="restrict",
    )
    refuse_type = fields.Selection(REFUSE_TYPES, string="Kind of reason", readonly=True)
    summary = fields.Char(
        readonly=True, help="What was decided, in the words of the day."
    )
    role_id = fields.Many2one("office.role", readonly=True, ondelete="set null")
    role_version = fields.Integer(
        string="Version of the role", readonly=True, aggregator=False
    )
    has_score = fields.Boolean(readonly=True)
    score = fields.Float(readonly=True, digits=(5, 2), aggregator="avg")
    must_haves_missed = fields.Integer(
        string="Must-haves missed", readonly=True, aggregator="avg"
    )
    skills_missed = fields.Char(
        string="Skills missed",
        readonly=True,
        help="The must-haves below their level, with the level held and required.",
    )
    note = fields.Text(
        readonly=True, help="Emptied when the application is anonymised."
    )

    def init(self):
        """Have the database itself refuse changes that go round the ORM."""
        conditions = [
            SQL("%s IS DISTINCT FROM %s", *self._get_old_and_new(name))
            for name in FROZEN
        ] + [
            SQL("COALESCE(%s, %s) IS DISTINCT FROM %s", new, old, old)
            for old, new in map(self._get_old_and_new, EMPTIED)
        ]
        # the conditions stand in the function, where no column depends on them
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION hr_applicant_decision_refuse_change()
                RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'UPDATE' THEN
                        IF NOT (%s) THEN
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The log of hiring decisions is never changed.'
                          USING ERRCODE = 'integrity_constraint_violation';
                END $$;
                DROP TRIGGER IF EXISTS refuse_change ON hr_applicant_decision;
                CREATE TRIGGER refuse_change
                    BEFORE UPDATE OR DELETE ON hr_applicant_decision
                    FOR EACH ROW
                    EXECUTE FUNCTION hr_applicant_decision_refuse_change()
                """,
                SQL(" OR ").join(SQL("(%s)", condition) for condition in conditions),
            )
        )

    @api.model
    def _get_old_and_new(self, column):
        """Return a column of the row before and after an update, in SQL."""
        return SQL.identifier("old", column), SQL.identifier("new", column)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._refuse_change()
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: the log is never changed, whoever asks.

        :raises UserError: always
        """
        self._refuse_change()

    def unlink(self):  # pylint: disable=method-required-super
        """Refuse: the log is never shortened, whoever asks.

        :raises UserError: always
        """
        self._refuse_change()

    def _refuse_change(self):
        raise UserError(
            self.env._(
                "The log of decisions is written by the decisions alone and is never "
                "changed. Take the decision back on the application instead: that is "
                "logged as well."
            )
        )
