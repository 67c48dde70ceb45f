from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hmac

# what decides on an application
WATCHED = {"stage_id", "job_id", "refuse_reason_id", "active", "employee_id"}


class HrApplicant(models.Model):
    """Refusals that say why, and a log of what was decided."""

    _inherit = "hr.applicant"  # pylint: disable=consider-merging-classes-inherited

    office_refuse_type = fields.Selection(
        related="refuse_reason_id.office_type", string="Kind of refusal"
    )
    # written by the refusal, see write
    office_refuse_skill_ids = fields.Many2many(
        "hr.skill",
        "hr_applicant_office_refuse_skill_rel",
        "applicant_id",
        "skill_id",
        string="Refused for lack of",
        readonly=True,
        copy=False,
    )
    office_decision_ids = fields.One2many(
        "hr.applicant.decision",
        "applicant_id",
        string="Decisions",
        readonly=True,
        groups="hr_recruitment.group_hr_recruitment_user",
    )

    def copy_data(self, default=None):
        """A copy is a new application: it has not missed a must-have yet."""
        vals_list = super().copy_data(default=default)
        for applicant, vals in zip(self, vals_list, strict=True):
            if applicant.office_refuse_type == "must_have":
                vals.pop("refuse_reason_id", None)
        return vals_list

    @api.model
    def _get_office_own_fields(self):
        return super()._get_office_own_fields() | {"office_refuse_skill_ids"}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_office_refuse_vals(vals)
        applicants = super().create(vals_list)
        refused = applicants.filtered("refuse_reason_id")
        for reason, of_reason in refused.grouped("refuse_reason_id").items():
            of_reason._write_refuse_skills(of_reason._get_refuse_skills(reason))
        return applicants

    def write(self, vals):
        self._check_office_refuse_vals(vals)
        if not WATCHED & vals.keys():
            return super().write(vals)
        before = self._get_decision_state()
        refused, skills = self.browse(), {}
        if "refuse_reason_id" in vals:
            reason = self.env["hr.applicant.refuse.reason"].browse(
                vals["refuse_reason_id"] or []
            )
            refused = self.filtered(lambda a: a.refuse_reason_id != reason)
            skills = refused._get_refuse_skills(reason)
        result = super().write(vals)
        refused._write_refuse_skills(skills)
        self._log_decisions(before)
        return result

    # --- the must-haves of a refusal ----------------------------------------------

    @api.model
    def _check_office_refuse_vals(self, vals):
        """Refuse to name the skills of a refusal in another way than by refusing.

        :raises UserError: when somebody writes them directly
        """
        if vals.get("office_refuse_skill_ids") and not self.env.su:
            raise UserError(
                self.env._(
                    "The must-haves that somebody was refused for are set by the "
                    "refusal. Use “Refuse” on the application."
                )
            )

    def _get_refuse_skills(self, reason):
        """Return the must-haves that these refusals are for.

        Those that the wizard names (context key ``office_refuse_skill_ids``), as far as
        they are missed; without names all that are missed.

        :param reason: ``hr.applicant.refuse.reason`` record, or none
        :return: dict of applicant to ``hr.skill`` records; only of refusals for a
            missing must-have
        :raises UserError: when there is no such must-have
        """
        if not self or reason.office_type != "must_have":
            return {}
        named = self.env["hr.skill"].browse(
            self.env.context.get("office_refuse_skill_ids") or []
        )
        missed = self._get_must_haves_missed()
        skills = {}
        for applicant in self:
            if applicant.office_role_match_id:
                found = missed.get(applicant.id, named.browse())
                skills[applicant] = found & named if named else found
            else:
                # no role says what is a must-have: whoever refuses does
                skills[applicant] = named
            if not skills[applicant]:
                raise UserError(applicant._get_refuse_skill_problem(named))
        return skills

    def _get_refuse_skill_problem(self, named):
        """Return why a refusal for a missing must-have does not hold.

        :param named: the ``hr.skill`` records that were named
        """
        self.ensure_one()
        # sudo: an interviewer reads the role's name although its rules may hide it
        role = self.sudo().office_role_match_id.role_id
        if not role:
            return self.env._(
                "%s: the job position has no role that says what the must-haves are. "
                "Name the missing skills on the refusal.",
                self.display_name,
            )
        if named:
            return self.env._(
                "%(applicant)s does not lack %(skills)s, or the role %(role)s does not "
                "ask for it as a must-have. Name a must-have that is missing, or "
                "choose another reason.",
                applicant=self.display_name,
                skills=", ".join(named.mapped("name")),
                role=role.name,
            )
        return self.env._(
            "%(applicant)s misses no must-have of the role %(role)s. Choose another "
            "reason.",
            applicant=self.display_name,
            role=role.name,
        )

    def _get_must_haves_missed(self):
        """Return the must-haves that these applicants miss today, with one query.

        :return: dict of applicant id to ``hr.skill`` records
        """
        lines = self._get_must_have_lines()
        return {
            applicant.id: lines_of.skill_id
            for applicant, lines_of in lines.grouped("applicant_id").items()
        }

    def _get_must_have_lines(self):
        """Return the must-haves of the job's role that are missed, as match lines."""
        self.env["office.role.match"]._refresh_pending()
        # sudo: what is recorded does not depend on what the user may see
        return (
            self.env["office.role.match.line"]
            .sudo()
            .search(
                [
                    ("applicant_id", "in", self.ids),
                    ("for_job", "=", True),
                    ("must_have_missed", "=", True),
                ]
            )
        )

    def _write_refuse_skills(self, skills):
        """Keep the must-haves of refusals; those of other refusals are taken away.

        :param skills: what :meth:`_get_refuse_skills` returned
        """
        none = self.env["hr.skill"]
        # sudo: nobody else may write them
        for found, applicants in (
            self.sudo().grouped(lambda a: skills.get(a.sudo(False), none)).items()
        ):
            applicants.write({"office_refuse_skill_ids": [Command.set(found.ids)]})

    # --- the log ------------------------------------------------------------------

    def _get_decision_state(self):
        """Return what the log compares, by the id of the application."""
        # sudo: the log holds whatever is decided, also what the user may not read
        return {
            applicant.id: {name: applicant[name] for name in WATCHED}
            for applicant in self.sudo()
        }

    def _log_decisions(self, before):
        """Log what has been decided since ``before``, all with one insert.

        :param before: what :meth:`_get_decision_state` returned before the change
        """
        after = self._get_decision_state()
        decided = [
            (applicant, each)
            for applicant in self
            for each in self._get_decisions(before[applicant.id], after[applicant.id])
        ]
        self._create_decisions(decided)

    @api.model
    def _get_decisions(self, old, new):
        """Return what was decided between two states of an application.

        :return: list of values of ``hr.applicant.decision``
        """
        decisions = []
        if new["refuse_reason_id"] != old["refuse_reason_id"]:
            reason = new["refuse_reason_id"] or old["refuse_reason_id"]
            decisions.append(
                {
                    "kind": "refusal" if new["refuse_reason_id"] else "restore",
                    "refuse_reason_id": reason.id,
                    "refuse_type": reason.office_type,
                }
            )
        elif new["active"] != old["active"]:
            decisions.append({"kind": "restore" if new["active"] else "archive"})
        if new["stage_id"] != old["stage_id"]:
            decisions.append(
                {
                    "kind": "hire" if new["stage_id"].hired_stage else "stage",
                    "stage_before_id": old["stage_id"].id,
                }
            )
        if new["employee_id"] and not old["employee_id"]:
            decisions.append({"kind": "employee"})
        return decisions

    def _create_decisions(self, decided):
        """Write decisions into the log with the grounds of this moment.

        :param decided: list of ``(applicant, values)``
        """
        if not decided:
            return
        applicants = self.union(*(applicant for applicant, _values in decided))
        grounds = applicants._get_decision_grounds()
        # sudo: nobody may write the log, it follows from what is decided
        self.env["hr.applicant.decision"].sudo().create(
            [
                {
                    **grounds[applicant.id],
                    "summary": applicant._get_decision_summary(values),
                    **values,
                }
                for applicant, values in decided
            ]
        )

    def _get_decision_grounds(self):
        """Return what decisions on these applications are made on, as it is now.

        :return: dict of applicant id to values of ``hr.applicant.decision``
        """
        missed = self._get_must_have_lines().grouped("applicant_id")
        versions = self._get_decision_role_versions()
        common = {
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
            "note": self.env.context.get("office_decision_note") or False,
        }
        grounds = {}
        # sudo: as in _get_decision_state
        for applicant in self.sudo():
            match = applicant.office_role_match_id
            lines = missed.get(applicant, self.env["office.role.match.line"])
            grounds[applicant.id] = {
                **common,
                "applicant_id": applicant.id,
                "application_number": applicant.id,
                "company_id": applicant.company_id.id,
                "job_id": applicant.job_id.id,
                "stage_id": applicant.stage_id.id,
                "role_id": match.role_id.id,
                "role_version": versions[applicant.id],
                "has_score": match.has_score,
                "score": match.score,
                "must_haves_missed": match.must_haves_missed,
                "skills_missed": ", ".join(
                    f"{line.skill_id.name} ({line.current_progress}/"
                    f"{line.required_progress})"
                    for line in lines
                ),
            }
        return grounds

    def _get_decision_role_versions(self):
        """Return the number of the version of the role that each is scored against.

        :return: dict of applicant id to number; 0 without a role
        """
        # sudo: as in _get_decision_state
        applicants = self.sudo()
        roles = applicants.office_role_match_id.role_id
        # the version in force comes after those that were replaced; sudo: as above
        past = dict(
            self.env["office.role.version"]
            .sudo()
            ._read_group([("role_id", "in", roles.ids)], ["role_id"], ["number:max"])
        )
        return {
            applicant.id: applicant.office_role_version_id.number
            or past.get(applicant.office_role_match_id.role_id, 0)
            + bool(applicant.office_role_match_id)
            for applicant in applicants
        }

    def _get_decision_summary(self, values):
        """Return a decision in the words of today, for the names may change later.

        :param values: values of ``hr.applicant.decision``
        """
        # sudo: as in _get_decision_state
        applicant = self.sudo()
        if values["kind"] == "refusal":
            skills = applicant.office_refuse_skill_ids.mapped("name")
            return ": ".join(
                filter(None, [applicant.refuse_reason_id.name, ", ".join(skills)])
            )
        if values.get("refuse_reason_id"):
            reason = applicant.refuse_reason_id.browse(values["refuse_reason_id"])
            return self.env._("Refusal taken back: %s", reason.name)
        if "stage_before_id" in values:
            before = applicant.stage_id.browse(values["stage_before_id"] or [])
            return f"{before.name or '–'} → {applicant.stage_id.name or '–'}"
        return False

    # --- the voluntary questions ----------------------------------------------------

    def _get_identification_token(self):
        """Return what makes the applicant's link; empty when there is none any more."""
        self.ensure_one()
        if self.office_anonymised_on:
            return ""
        # sudo: the signature takes the secret of the database
        return hmac(self.env(su=True), "hr.applicant.self.identification", self.id)

    def _get_identification_url(self):
        """Return the address on which the applicant answers the questions."""
        self.ensure_one()
        token = self._get_identification_token()
        base = self.get_base_url()
        return token and f"{base}/hiring/about-you/{self.id}/{token}"

    def _get_identification_dimensions(self):
        """Return the questions that the company puts, in superuser mode."""
        self.ensure_one()
        # sudo: the applicant has no rights of their own
        return (
            self.env["hr.applicant.group.dimension"]
            .sudo()
            .search(
                [
                    ("company_id", "in", [self.company_id.id, False]),
                    ("group_ids", "!=", False),
                ]
            )
        )

    def action_identify(self):
        """Open the dialogue with the applicant's link to the voluntary questions."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "office_role_hiring.hr_applicant_identify_action"
            ),
            "context": {"default_applicant_id": self.id},
        }
