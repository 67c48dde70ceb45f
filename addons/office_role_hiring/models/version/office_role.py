from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class OfficeRole(models.Model):
    """The versions of a role: what it asked for, and who is held to that."""

    _inherit = "office.role"  # pylint: disable=consider-merging-classes-inherited

    version_ids = fields.One2many(
        "office.role.version",
        "role_id",
        string="Earlier versions",
        readonly=True,
        groups="hr.group_hr_user,hr_recruitment.group_hr_recruitment_interviewer",
    )
    version_number = fields.Integer(
        string="Version in force",
        compute="_compute_version_number",
        help="The requirements of the role are those of this version.",
    )
    version_count = fields.Integer(
        string="Earlier versions (number)", compute="_compute_version_number"
    )

    @api.depends("version_ids")
    def _compute_version_number(self):
        # sudo: who may read the role may read which version of it this is
        versions = self.env["office.role.version"].sudo()
        counts = dict(
            versions._read_group(
                [("role_id", "in", self.ids)], ["role_id"], ["__count"]
            )
        )
        for role in self:
            role.version_count = counts.get(role._origin, 0)
            role.version_number = role.version_count + 1

    @api.ondelete(at_uninstall=False)
    def _unlink_without_versions(self):
        # the database deletes the versions with the role; sudo: whoever deletes a role
        # need not read applicants
        versions = self.sudo().version_ids
        held = self.env["hr.applicant"].sudo().with_context(active_test=False)
        held = held.search([("office_role_version_id", "in", versions.ids)])
        if roles := held.office_role_version_id.role_id:
            raise UserError(
                self.env._(
                    "%s cannot be deleted: applicants are scored against an earlier "
                    "version. Archive the role instead.",
                    ", ".join(roles.mapped("name")),
                )
            )

    def action_view_versions(self):
        """Open what the role asked for before."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.office_role_version_action"
        )
        return {
            **action,
            "name": self.env._("Versions of %s", self.name),
            "domain": [("role_id", "=", self.id)],
        }

    def action_begin_version(self):
        """Keep the present requirements as a version; what changes now begins the next.

        Everybody who has applied and is not held to an earlier version is held to this
        one, so that no score changes when the requirements do.

        :raises AccessError: for whoever may not change the role
        :raises UserError: where there is nothing to keep, or nothing has changed
        """
        self.check_access("write")
        today = fields.Date.context_today(self)
        if len(self.try_lock_for_update(allow_referencing=True)) != len(self):
            raise UserError(
                self.env._(
                    "Somebody else is changing one of these roles at this moment: %s. "
                    "Try again.",
                    ", ".join(self.mapped("name")),
                )
            )
        for role in self:
            role._check_may_begin_version(today)
        # sudo: nobody may create a version but in this way
        versions = self.env["office.role.version"].sudo()
        versions = versions.create([role._get_version_vals(today) for role in self])
        count = versions._pin_applicants()
        self._log_versions(versions, count)
        return True

    def _get_last_version(self):
        """Return the version before the one in force, if there is one."""
        # sudo: who may change a role may know what it asked for before
        return self.sudo().version_ids.sorted("number")[-1:]

    def _check_may_begin_version(self, today):
        """Refuse a version that would be empty, or the same as the one before."""
        last = self._get_last_version()
        if not self.skill_ids:
            raise UserError(
                self.env._(
                    "%s asks for no skills: there is nothing to keep as a version. Add "
                    "skills to the role first.",
                    self.name,
                )
            )
        if last and not last._describe_difference():
            raise UserError(
                self.env._(
                    "%(role)s: nothing has changed since version %(number)s. Change "
                    "the requirements first; the scores of those who applied before "
                    "stay as they are.",
                    role=self.name,
                    number=last.number,
                )
            )
        if last and last.valid_to >= today:
            raise UserError(
                self.env._(
                    "%(role)s: version %(number)s ended only today. Begin the next "
                    "version tomorrow, or go on changing the one in force.",
                    role=self.name,
                    number=last.number,
                )
            )

    def _get_version_vals(self, today):
        """Return what the version says that keeps the present requirements."""
        last = self._get_last_version()
        return {
            "role_id": self.id,
            "number": last.number + 1,
            "valid_from": last.valid_to + timedelta(days=1) if last else False,
            "valid_to": today,
            "skill_ids": [
                Command.create(
                    {
                        "skill_id": line.skill_id.id,
                        "skill_type_id": line.skill_type_id.id,
                        "skill_level_id": line.skill_level_id.id,
                        "must_have": line.must_have,
                        "weight": line.weight,
                    }
                )
                for line in self.skill_ids
            ],
        }

    def _log_versions(self, versions, counts):
        """Say in the chatter of each role what was kept, and for how many."""
        self._message_log_batch(
            {
                version.role_id.id: self.env._(
                    "Version %(next)s begins. Version %(number)s is kept (skills: "
                    "%(skills)s). Applicants who stay scored against it: "
                    "%(applicants)s.",
                    next=version.number + 1,
                    number=version.number,
                    skills=len(version.skill_ids),
                    applicants=counts.get(version.id, 0),
                )
                for version in versions
            }
        )
