from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class HrApplicant(models.Model):
    """The version of the role that an application is scored against."""

    _inherit = "hr.applicant"  # pylint: disable=consider-merging-classes-inherited

    office_role_version_id = fields.Many2one(
        "office.role.version",
        string="Scored against version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The version of the role that was in force on the day of the application; "
        "empty for the one that is in force now.",
    )
    office_role_version_note = fields.Char(
        string="Version of the role", compute="_compute_office_role_version_note"
    )

    @api.depends("office_role_version_id", "job_id.office_role_id")
    def _compute_office_role_version_note(self):
        for applicant in self:
            applicant.office_role_version_note = (
                applicant._get_office_role_version_note()
            )

    def _get_office_role_version_note(self):
        """Return which version of the role counts; False where there is no role."""
        # sudo: an interviewer reads the role's name although the role's own rules
        # may hide it
        applicant = self.sudo()
        role = applicant.job_id.office_role_id
        version = applicant.office_role_version_id
        if not role:
            return False
        if version.role_id == role:
            return self.env._(
                "Scored against version %(number)s of %(role)s, in force until "
                "%(date)s. Now version %(now)s is in force.",
                number=version.number,
                role=role.name,
                date=fields.Date.to_string(version.valid_to),
                now=role.version_number,
            )
        return self.env._(
            "Scored against version %(number)s of %(role)s, the one in force.",
            number=role.version_number,
            role=role.name,
        )

    def action_score_against_version_in_force(self):
        """Score these applicants against what their roles ask for now.

        :raises AccessError: for whoever is no recruitment officer
        :raises UserError: where nobody is held to an earlier version
        """
        if not self.env.user.has_group("hr_recruitment.group_hr_recruitment_user"):
            raise AccessError(
                self.env._(
                    "Only recruitment officers score an applicant against another "
                    "version of the role. Ask one of them."
                )
            )
        self.check_access("write")
        held = self.filtered("office_role_version_id")
        if not held:
            raise UserError(
                self.env._(
                    "%s: already scored against the version in force. There is nothing "
                    "to do.",
                    ", ".join(self.mapped("display_name")),
                )
            )
        # sudo: of the fields of an application, this one is written by actions alone
        held.sudo()._leave_office_role_version()
        return True

    def _leave_office_role_version(self):
        """Hold these applicants to the version in force, and say so in the chatter."""
        self._message_log_batch(
            {
                applicant.id: self.env._(
                    "No longer scored against %s, but against the version in force.",
                    applicant.office_role_version_id.display_name,
                )
                for applicant in self
            }
        )
        self.write({"office_role_version_id": False})

    def _leave_versions_of_other_roles(self):
        """Let go of versions of a role that is no longer that of the job."""
        # sudo: which version counts does not depend on who moves an application
        foreign = self.sudo().filtered(
            lambda applicant: (
                applicant.office_role_version_id
                and applicant.office_role_version_id.role_id
                != applicant.job_id.office_role_id
            )
        )
        if foreign:
            foreign._leave_office_role_version()

    @api.model
    def _get_office_own_fields(self):
        return super()._get_office_own_fields() | {"office_role_version_id"}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_office_role_version(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_office_role_version(vals)
        moves = "job_id" in vals
        result = super().write(vals)
        if moves:
            self._leave_versions_of_other_roles()
        return result

    @api.model
    def _refuse_office_role_version(self, vals):
        """Refuse a version that somebody chooses by hand, by whatever route."""
        if vals.get("office_role_version_id") is not None and not self.env.su:
            raise UserError(
                self.env._(
                    "“Scored against version” is not chosen by hand: it is the version "
                    "of the day of the application. Use “Score against the version in "
                    "force” to leave it."
                )
            )
