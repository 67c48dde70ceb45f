from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class OfficeRoleVersion(models.Model):
    """A profile of a role as it was: requirements that have been replaced since.

    The requirements in force are those of the role itself. Beginning a new version
    keeps the present ones here, and applicants who applied under them go on being
    scored against them.
    """

    _name = "office.role.version"
    _description = "Version of a Role"
    _order = "role_id, number desc"
    _rec_name = "number"
    _check_company_auto = True

    role_id = fields.Many2one(
        "office.role", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="role_id.company_id", store=True, index="btree_not_null"
    )
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    valid_from = fields.Date(readonly=True, help="Empty for the first version.")
    valid_to = fields.Date(required=True, readonly=True)
    skill_ids = fields.One2many(
        "office.role.version.skill",
        "version_id",
        string="Skill requirements",
        readonly=True,
    )
    applicant_count = fields.Integer(
        string="Applicants",
        compute="_compute_applicant_count",
        groups="hr_recruitment.group_hr_recruitment_interviewer",
        help="Applicants who are scored against this version.",
    )
    difference = fields.Html(
        string="Changed since",
        compute="_compute_difference",
        help="From this version to the requirements in force, or to the other version "
        "that it is compared with.",
    )
    difference_title = fields.Char(compute="_compute_difference")

    _number_unique = models.UniqueIndex(
        "(role_id, number)", "A role has a version of each number only once."
    )

    @api.depends("role_id", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(role)s, version %(number)s",
                role=version.role_id.name or "",
                number=version.number,
            )

    def _compute_applicant_count(self):
        counts = dict(
            self.env["hr.applicant"]
            .with_context(active_test=False)
            ._read_group(
                [("office_role_version_id", "in", self.ids)],
                ["office_role_version_id"],
                ["__count"],
            )
        )
        for version in self:
            version.applicant_count = counts.get(version._origin, 0)

    @api.depends_context("office_compare_version_id", "lang")
    @api.depends("skill_ids", "role_id.skill_ids")
    def _compute_difference(self):
        for version in self:
            other = version._get_compared_version()
            sentences = version._describe_difference(other)
            version.difference_title = version._get_difference_title(other, sentences)
            version.difference = (
                Markup("<ul class='mb-0'>%s</ul>")
                % Markup().join(
                    Markup("<li>%s</li>") % sentence for sentence in sentences
                )
                if sentences
                else False
            )

    def _get_compared_version(self):
        """Return the version that this one is compared with; none for the present.

        It is named in the context, and found by a search: the reader must be allowed to
        read it, and it must be one of the same role.
        """
        self.ensure_one()
        other_id = self.env.context.get("office_compare_version_id")
        if not isinstance(other_id, int) or other_id == self._origin.id:
            return self.browse()
        return self.search([("id", "=", other_id), ("role_id", "=", self.role_id.id)])

    def _get_difference_title(self, other, sentences):
        """Return between what the sentences tell the difference, in words.

        :param other: what :meth:`_get_compared_version` returned
        :param sentences: what :meth:`_describe_difference` returned
        """
        self.ensure_one()
        if not other:
            if sentences:
                return self.env._(
                    "What has changed since, up to the requirements in force:"
                )
            return self.env._("Nothing has changed since: the role asks for the same.")
        numbers = sorted([self.number, other.number])
        if sentences:
            return self.env._(
                "What changed from version %(first)s to version %(second)s:",
                first=numbers[0],
                second=numbers[1],
            )
        return self.env._(
            "Version %(first)s and version %(second)s ask for the same.",
            first=numbers[0],
            second=numbers[1],
        )

    def _describe_difference(self, other=None):
        """Return what changes between two versions of a role, as sentences.

        :param other: another version of the same role, earlier or later; without one
            the requirements in force
        """
        self.ensure_one()
        if not other:
            return self.role_id._describe_differences(
                self.skill_ids._get_terms(), self.role_id._get_requirement_terms()
            )
        before, after = (self | other).sorted("number")
        return self.role_id._describe_differences(
            before.skill_ids._get_terms(), after.skill_ids._get_terms()
        )

    def action_compare(self):
        """Open the difference between two versions, or from one to the present.

        :raises UserError: for more than two, or versions of two roles
        """
        if not 1 <= len(self) <= 2 or len(self.role_id) > 1:
            raise UserError(
                self.env._(
                    "Choose two versions of the same role to compare them, or one to "
                    "compare it with the requirements in force."
                )
            )
        first, last = self.sorted("number")[0], self.sorted("number")[-1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare Versions"),
            "res_model": self._name,
            "view_mode": "form",
            "res_id": first.id,
            "context": {"office_compare_version_id": first != last and last.id},
        }

    def action_view_applicants(self):
        """Open the applicants who are scored against this version."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Scored against %s", self.display_name),
            "res_model": "hr.applicant",
            "view_mode": "list,form",
            "domain": [("office_role_version_id", "=", self.id)],
            "context": {"active_test": False},
        }

    def _pin_applicants(self):
        """Hold those who have applied for these roles to these versions.

        One statement for everybody who is not held to an earlier version, whatever the
        company: the role that changes is theirs.

        :return: dict of version id to the number of applicants
        """
        applicants = self.env["hr.applicant"]
        applicants.flush_model(["job_id", "office_role_version_id"])
        self.env["hr.job"].flush_model(["office_role_id"])
        self.flush_model(["role_id"])
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE hr_applicant applicant
                   SET office_role_version_id = version.id
                  FROM hr_job job
                  JOIN office_role_version version
                    ON version.role_id = job.office_role_id
                 WHERE job.id = applicant.job_id
                   AND version.id = ANY(%s)
                   AND applicant.office_role_version_id IS NULL
             RETURNING applicant.id, version.id
                """,
                self.ids,
            )
        )
        applicants.invalidate_model(["office_role_version_id"])
        self.env["office.role.match"]._queue("applicants", [row[0] for row in rows])
        return Counter(version_id for _applicant_id, version_id in rows)

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: a version stays as it was.

        :raises UserError: always
        """
        self._refuse_change()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse_change()

    def _refuse_change(self):
        raise UserError(
            self.env._(
                "%s: a version stays as it was, because applicants are scored against "
                "it. Change the requirements of the role instead.",
                ", ".join(self.mapped("display_name")),
            )
        )
