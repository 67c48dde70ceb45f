from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ... import match_score

LEAST, MOST = 2, 5

# whose skills stand where
SKILLS = {
    "hr.applicant": ("hr.applicant.skill", "applicant_id"),
    "hr.employee": ("hr.employee.skill", "employee_id"),
}


class OfficeRoleComparison(models.AbstractModel):
    """Two to five people side by side, against one role.

    Everybody is measured by the same requirements: those in force, or those of an
    earlier version that the reader chooses. The arithmetic is that of the stored score
    (``match_score.py``), so that where the requirements are the same the scores are.
    """

    _name = "office.role.comparison"
    _description = "Comparison of People for a Role"

    # --- opening ----------------------------------------------------------------------

    @api.model
    def _open(self, people, role=None):
        """Return the action that compares some people.

        :param people: list of ``hr.applicant`` and ``hr.employee`` records, one each
        :param role: the ``office.role`` to compare against; by default that of
            everybody's job
        :raises UserError: when there are fewer than two or more than five
        """
        self._check_number(people)
        action = self.env["ir.actions.client"]._for_xml_id(
            "office_role_hiring.office_role_comparison_action"
        )
        return {
            **action,
            "params": {
                "people": [[person._name, person.id] for person in people],
                "role_id": role.id if role else False,
            },
        }

    @api.model
    def _check_number(self, people):
        if len(people) < LEAST:
            raise UserError(
                self.env._(
                    "Choose two to five people to compare: %s chosen.", len(people)
                )
            )
        if len(people) > MOST:
            raise UserError(
                self.env._(
                    "%(count)s people are too many to compare side by side. Choose two "
                    "to five, for example the five with the highest score.",
                    count=len(people),
                )
            )

    # --- what the page shows ----------------------------------------------------------

    @api.model
    def get_comparison(self, people, role_id=False, version_id=False):
        """Return the comparison of some people, as the reader may see it.

        :param people: list of ``[model, id]``, of ``hr.applicant`` or ``hr.employee``
        :param role_id: id of the role; by default the role of everybody's job, if it is
            the same
        :param version_id: id of an earlier version of the role; by default the
            requirements in force
        :return: dict of ``roles`` and ``versions`` to choose from, ``role_id``,
            ``version_id``, ``note`` where nothing can be compared, ``people`` and
            ``rows``
        :raises AccessError: where the reader may not see one of them
        :raises UserError: when there are fewer than two or more than five people
        """
        records = self._browse_people(people)
        self._check_number(records)
        role, note = self._choose_role(records, role_id)
        version = self._choose_version(role, version_id)
        result = {
            "roles": self._get_roles(role),
            "role_id": role.id,
            "versions": [
                {"id": each.id, "name": each.display_name}
                for each in self._find_versions(role)
            ],
            "version_id": version.id,
            "version_number": version.number or (role.version_number if role else 0),
            "date": fields.Date.to_string(fields.Date.context_today(self)),
            "note": note,
            "people": [self._get_person(person) for person in records],
            "rows": [],
        }
        if role and not note:
            self._fill(result, records, role, (version or role).skill_ids)
        return result

    @api.model
    def _browse_people(self, people):
        """Return the records of ``[model, id]`` pairs that the reader may see.

        :raises AccessError: where the reader may not see one of them
        :raises UserError: for something that is neither applicant nor employee
        """
        ids_by_model = defaultdict(list)
        for model, record_id in people:
            if model not in SKILLS:
                raise UserError(
                    self.env._("Only applicants and employees can be compared.")
                )
            ids_by_model[model].append(record_id)
        if "hr.employee" in ids_by_model and not self.env.user.has_group(
            "hr.group_hr_user"
        ):
            raise AccessError(
                self.env._(
                    "What employees can do is for HR officers. Compare applicants "
                    "only, or ask an HR officer."
                )
            )
        found = {}
        for model, ids in ids_by_model.items():
            records = self.env[model].browse(ids)
            records.check_access("read")
            found |= {(model, record.id): record for record in records}
        # each once, in the order in which they were chosen
        return [found[pair] for pair in dict.fromkeys(map(tuple, people))]

    @api.model
    def _choose_role(self, people, role_id):
        """Return the role to compare against, and why nothing can be compared."""
        if role_id:
            role = self.env["office.role"].browse(role_id)
            role.check_access("read")
        else:
            roles = [self._get_own_roles(person) for person in people]
            role = self._get_common_role(people, roles)
            if not role:
                return role, self._describe_roles(people, roles)
        if not role.skill_ids:
            return role, self.env._(
                "%s asks for no skills: there is nothing to compare. Add skills to the "
                "role, or choose another role.",
                role.name,
            )
        return role, False

    @api.model
    def _get_own_roles(self, person):
        """Return the roles that somebody applies for or holds, as the reader sees them.

        An archived role is nobody's.
        """
        # sudo: the roles of somebody whom the reader may see; then only those that the
        # reader may see too
        record = person.sudo()
        if person._name == "hr.applicant":
            roles = record.job_id.office_role_id
        else:
            roles = record.current_version_id.office_role_ids
        return roles.filtered("active").with_env(self.env)._filtered_access("read")

    @api.model
    def _get_common_role(self, people, roles):
        """Return the one role that is at stake, or none.

        That of the applicants if there are any, whatever an employee beside them holds
        now. Who has no role, for example a talent, does not matter.
        """
        of_applicants = [
            own
            for person, own in zip(people, roles, strict=True)
            if own and person._name == "hr.applicant"
        ]
        counted = of_applicants or [own for own in roles if own]
        common = self.env["office.role"].union(*counted)
        for own in counted:
            common &= own
        return common if len(common) == 1 else common.browse()

    @api.model
    def _describe_roles(self, people, roles):
        """Return the sentence of people who have no role in common."""
        described = [
            self.env._(
                "%(person)s: %(roles)s",
                person=person.display_name,
                roles=", ".join(own.mapped("name")) or self.env._("no role"),
            )
            for person, own in zip(people, roles, strict=True)
        ]
        return self.env._(
            "These people have no role in common (%s). Choose the role that they are "
            "compared against.",
            "; ".join(described),
        )

    @api.model
    def _find_versions(self, role):
        """Return the earlier versions of a role that the reader may see."""
        versions = self.env["office.role.version"]
        return versions.search([("role_id", "=", role.id)]) if role else versions

    @api.model
    def _choose_version(self, role, version_id):
        """Return the version of the role that was chosen; none for that in force."""
        return self._find_versions(role).filtered(lambda each: each.id == version_id)

    @api.model
    def _get_roles(self, role):
        """Return the roles to choose from: those that ask for skills, and this one."""
        domain = Domain("skill_ids", "!=", False) | Domain("id", "in", role.ids)
        return [
            {"id": each.id, "name": each.name}
            for each in self.env["office.role"].search(domain)
        ]

    @api.model
    def _get_person(self, person):
        """Return who somebody is, without a score."""
        applicant = person._name == "hr.applicant"
        # sudo: the job position's name of somebody whom the reader may see
        job = person.sudo().job_id
        return {
            "key": f"{person._name},{person.id}",
            "model": person._name,
            "id": person.id,
            "name": person.display_name or self.env._("Without a name"),
            "kind": self.env._("Applicant") if applicant else self.env._("Employee"),
            "job": job.name or "",
        }

    # --- the figures ------------------------------------------------------------------

    @api.model
    def _fill(self, result, people, role, lines):
        """Add the rows, and the figures of each person."""
        # as they count in the score: "adds up on paper" needs one order
        lines = lines.sorted(lambda line: (not line.must_have, -line.weight, line.id))
        held = self._get_held(people, lines.skill_id)
        columns = []
        for number, person in enumerate(people):
            requirements = self._get_requirements(lines, held[person])
            columns.append(requirements)
            result["people"][number] |= self._get_figures(requirements)
            result["people"][number] |= self._get_standing(person, role)
        result["rows"] = [
            self._get_row(
                line,
                [
                    self._get_cell(column[number], held[person][line.skill_id])
                    for person, column in zip(people, columns, strict=True)
                ],
            )
            for number, line in enumerate(lines)
        ]
        for number, requirements in enumerate(columns):
            for row, points in zip(
                result["rows"], match_score.parts(requirements), strict=True
            ):
                row["cells"][number]["points"] = float(points)

    @api.model
    def _get_requirements(self, lines, held):
        """Return what somebody holds of each line, for the arithmetic.

        :param held: dict of ``hr.skill`` to ``hr.skill.level``
        """
        return [
            match_score.Requirement(
                line.level_progress,
                held[line.skill_id].level_progress,
                line.weight,
                line.must_have,
            )
            for line in lines
        ]

    @api.model
    def _get_held(self, people, skills):
        """Return the highest level that everybody holds today.

        :return: dict of person to dict of ``hr.skill`` to ``hr.skill.level``, none
            where the skill is not held
        """
        nothing = self.env["hr.skill.level"]
        held = {person: defaultdict(lambda: nothing) for person in people}
        # the day of Odoo's own validity dates, as for the stored score
        today = fields.Date.today()
        for model, (skill_model, owner) in SKILLS.items():
            ids = [person.id for person in people if person._name == model]
            if not ids:
                continue
            domain = (
                Domain(owner, "in", ids)
                & Domain("skill_id", "in", skills.ids)
                & (Domain("valid_from", "=", False) | Domain("valid_from", "<=", today))
                & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", today))
            )
            # sudo: the skills of people whom the reader may see, as on the stored score
            for each in self.env[skill_model].sudo().search(domain):
                levels = held[each[owner]]
                level = levels[each.skill_id]
                if (
                    not level
                    or level.level_progress < each.skill_level_id.level_progress
                ):
                    levels[each.skill_id] = each.skill_level_id
        return held

    @api.model
    def _get_figures(self, requirements):
        """Return the score of somebody and what it comes from."""
        return {
            "score": float(match_score.two_decimals(match_score.score(requirements))),
            "missed": match_score.must_haves_missed(requirements),
            "shortfall": sum(each.shortfall for each in requirements),
            "held": sum(not each.shortfall for each in requirements),
        }

    @api.model
    def _get_standing(self, person, role):
        """Return the earlier version that somebody is ranked by, and the degree.

        Both belong to the application: an employee has neither, nor has an applicant
        who is compared for another role.
        """
        match = self.env["office.role.match"]
        if person._name == "hr.applicant":
            match = person.office_role_match_id
        if match.role_id != role:
            match = match.browse()
        return {
            "version": match.version_id.number,
            "degree": match.degree_fit or "none",
        }

    @api.model
    def _get_row(self, line, cells):
        """Return one skill: what the role asks for, and what everybody holds."""
        return {
            "id": line.id,
            "skill": line.skill_id.name,
            "type": line.skill_type_id.name,
            "must_have": line.must_have,
            "weight": line.weight,
            "required_level": line.skill_level_id.name,
            "required": line.level_progress,
            "cells": cells,
        }

    @api.model
    def _get_cell(self, requirement, level):
        """Return what somebody holds of one skill."""
        return {
            "level": level.name or "",
            "held": requirement.held,
            "shortfall": requirement.shortfall,
            "missed": requirement.must_have and requirement.shortfall > 0,
        }
