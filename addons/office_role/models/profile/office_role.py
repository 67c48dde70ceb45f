from odoo import api, fields, models


class OfficeRole(models.Model):
    """The profile of a role: as a file, beside another, and beside who holds it."""

    _inherit = "office.role"  # pylint: disable=consider-merging-classes-inherited

    market_ids = fields.One2many(
        "office.role.market",
        "role_id",
        string="Holders",
        readonly=True,
        groups="hr.group_hr_user",
    )

    def _get_requirement_terms(self):
        """Return what the role asks for, to be compared.

        :return: dict of ``hr.skill`` to (``hr.skill.level``, must-have, weight)
        """
        self.ensure_one()
        return self.skill_ids._get_terms()

    @api.model
    def _describe_differences(self, before, after):
        """Return what changes from one set of requirements to another, as sentences.

        :param before: what :meth:`_get_requirement_terms` returned
        :param after: the same, later
        :return: list of sentences, none where nothing differs
        """
        return [
            *(
                self._describe_requirement(
                    self.env._(
                        "%(skill)s (%(level)s, %(need)s, weight %(weight)s): added"
                    ),
                    skill,
                    terms,
                )
                for skill, terms in after.items()
                if skill not in before
            ),
            *(
                self._describe_requirement(
                    self.env._(
                        "%(skill)s (%(level)s, %(need)s, weight %(weight)s): removed"
                    ),
                    skill,
                    terms,
                )
                for skill, terms in before.items()
                if skill not in after
            ),
            *(
                self._describe_change(skill, before[skill], terms)
                for skill, terms in after.items()
                if skill in before and before[skill] != terms
            ),
        ]

    @api.model
    def _describe_requirement(self, sentence, skill, terms):
        level, must_have, weight = terms
        return sentence % {
            "skill": skill.name,
            "level": level.name,
            "need": self._describe_need(must_have),
            "weight": weight,
        }

    @api.model
    def _describe_need(self, must_have):
        return self.env._("must-have") if must_have else self.env._("not a must-have")

    @api.model
    def _describe_change(self, skill, before, after):
        """Return one sentence with all that changes for a skill."""
        changes = []
        if before[0] != after[0]:
            changes.append(
                self.env._(
                    "level %(before)s → %(after)s",
                    before=before[0].name,
                    after=after[0].name,
                )
            )
        if before[1] != after[1]:
            changes.append(
                self.env._("becomes a must-have")
                if after[1]
                else self.env._("is no longer a must-have")
            )
        if before[2] != after[2]:
            changes.append(
                self.env._(
                    "weight %(before)s → %(after)s", before=before[2], after=after[2]
                )
            )
        return self.env._(
            "%(skill)s: %(changes)s", skill=skill.name, changes=", ".join(changes)
        )

    def action_export_profiles(self):
        """Download the chosen roles with their requirements as one CSV file."""
        return self.env["office.role.export"]._download(self)

    def action_view_market(self):
        """Open the requirements of this role beside the levels of who holds it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role.office_role_market_action"
        )
        return {**action, "domain": [("role_id", "=", self.id)], "context": {}}
