from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..set_cover import Gap, Offer, choose


class TrainingSuggest(models.TransientModel):
    """Find programmes that close people's skill gaps, show why, and enrol.

    Nothing is enrolled before the button is pressed.
    """

    _name = "training.suggest"
    _description = "Close Skill Gaps"
    _inherit = ["training.people.mixin"]
    _check_company_auto = True

    state = fields.Selection(
        [("choose", "Choose people"), ("review", "Look and enrol")],
        default="choose",
        required=True,
        readonly=True,
    )
    line_ids = fields.One2many(
        "training.suggest.line", "wizard_id", string="Suggestions"
    )
    gap_ids = fields.One2many(
        "training.suggest.gap", "wizard_id", string="Gaps that stay", readonly=True
    )

    @api.model
    def _open(self, employees):
        """Open the wizard with the suggestions for these employees.

        :param employees: ``hr.employee`` records of one company
        :raises UserError: when they belong to several companies
        """
        if len(employees.company_id) > 1:
            raise UserError(
                self.env._("Choose people of one company: programmes are a company's.")
            )
        wizard = self.create(
            {
                "company_id": (employees.company_id or self.env.company).id,
                "employee_ids": [Command.set(employees.ids)],
            }
        )
        return wizard.action_suggest() if employees else wizard._reopen()

    def _reopen(self):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_suggest_action"
            ),
            "res_id": self.id,
        }

    # --- suggesting -------------------------------------------------------------

    def action_suggest(self):
        """Fill in what each of the employees could take, and why.

        :raises UserError: when nobody is chosen
        """
        self.ensure_one()
        if not self.employee_ids:
            raise UserError(
                self.env._("Choose a department or employees to look for their gaps.")
            )
        gaps = self._get_gaps()
        offers = self._get_offers()
        under_way = self._get_under_way(offers)
        names = self._get_skill_names(gaps)
        lines, remaining = [], []
        for employee_id, employee_gaps in gaps.items():
            plan = choose(employee_gaps, offers.values(), under_way[employee_id])
            lines += [
                {
                    "employee_id": employee_id,
                    "programme_id": choice.offer.id,
                    "reason": self._get_reason(choice.closes, names),
                    "must_have_count": sum(gap.must_have for gap in choice.closes),
                    "minutes": choice.offer.minutes,
                }
                for choice in plan.choices
            ]
            remaining += [
                {
                    "employee_id": employee_id,
                    "skill_id": gap.skill,
                    "must_have": gap.must_have,
                    "required_progress": gap.required,
                    "current_progress": gap.current,
                }
                for gap in plan.remaining
            ]
        self._add_prerequisites(lines)
        self.write(
            {
                "state": "review",
                "line_ids": [Command.clear(), *map(Command.create, lines)],
                "gap_ids": [Command.clear(), *map(Command.create, remaining)],
            }
        )
        return self._reopen()

    def action_back(self):
        """Go back to choosing people."""
        self.ensure_one()
        self.write(
            {
                "state": "choose",
                "line_ids": [Command.clear()],
                "gap_ids": [Command.clear()],
            }
        )
        return self._reopen()

    def _get_gaps(self):
        """Return the open gaps that the user may see, with one query.

        :return: dict of employee id to list of :class:`set_cover.Gap`
        """
        gaps = defaultdict(list)
        for row in self.env["office.role.gap"].search_fetch(
            [("employee_id", "in", self.employee_ids.ids), ("shortfall", ">", 0)],
            [
                "employee_id",
                "skill_id",
                "required_progress",
                "current_progress",
                "must_have",
                "weight",
            ],
        ):
            gaps[row.employee_id.id].append(
                Gap(
                    skill=row.skill_id.id,
                    required=row.required_progress,
                    current=row.current_progress,
                    must_have=row.must_have,
                    weight=row.weight,
                )
            )
        return gaps

    def _get_offers(self):
        """Return the published programmes that develop a skill.

        :return: dict of programme id to :class:`set_cover.Offer`
        """
        programmes = self.env["training.programme"].search(
            [
                ("state", "=", "published"),
                ("skill_ids", "!=", False),
                ("company_id", "in", [self.company_id.id, False]),
            ]
        )
        return {
            programme.id: Offer(
                id=programme.id,
                levels={
                    line.skill_id.id: line.level_progress
                    for line in programme.skill_ids
                },
                minutes=programme.minutes,
            )
            for programme in programmes
        }

    def _get_under_way(self, offers):
        """Return the programmes that each employee takes already.

        :param offers: dict of programme id to offer
        :return: dict of employee id to list of offers
        """
        under_way = defaultdict(list)
        # sudo: what somebody takes already does not depend on who may see it
        for employee, programme in (
            self.env["training.enrolment"]
            .sudo()
            ._read_group(
                [
                    ("state", "=", "running"),
                    ("employee_id", "in", self.employee_ids.ids),
                    ("programme_id", "in", list(offers)),
                ],
                ["employee_id", "programme_id"],
            )
        ):
            under_way[employee.id].append(offers[programme.id])
        return under_way

    def _get_skill_names(self, gaps):
        """Return the names of the skills in the gaps by their ids."""
        skills = self.env["hr.skill"].browse(
            {gap.skill for each in gaps.values() for gap in each}
        )
        return {skill.id: skill.name for skill in skills}

    def _get_reason(self, closed, names):
        """Return which skills a programme is chosen for, must-haves marked."""
        # Two roles may ask for the same skill.
        skills = {}
        for gap in closed:
            skills[gap.skill] = skills.get(gap.skill) or gap.must_have
        return ", ".join(
            self.env._("%s (must-have)", names[skill]) if must_have else names[skill]
            for skill, must_have in skills.items()
        )

    def _add_prerequisites(self, lines):
        """Say on each line what else the enrolment brings with it.

        :param lines: list of the lines' values, changed in place
        """
        programmes = self.env["training.programme"].browse(
            {line["programme_id"] for line in lines}
        )
        pairs = {(line["programme_id"], line["employee_id"]) for line in lines}
        _wanted, first = programmes._plan_enrolments(self.employee_ids, pairs)
        before = programmes._prerequisite_closure()
        names = {
            programme.id: programme.name
            for programme in programmes.browse({pair[0] for pair in first})
        }
        for line in lines:
            ahead = self._all_before(line["programme_id"], before)
            line["also"] = ", ".join(
                names[programme_id]
                for programme_id, employee_id in first
                if employee_id == line["employee_id"] and programme_id in ahead
            )

    @api.model
    def _all_before(self, programme_id, before):
        """Return the ids of all that comes before a programme, directly or not."""
        found, pending = set(), list(before.get(programme_id, ()))
        while pending:
            each = pending.pop()
            if each not in found:
                found.add(each)
                pending.extend(before.get(each, ()))
        return found

    # --- enrolling --------------------------------------------------------------

    def action_enrol(self):
        """Enrol everybody in what is ticked, and open the new enrolments.

        :raises UserError: when nothing is ticked, or everything is under way already
        """
        self.ensure_one()
        enrolments = self.env["training.enrolment"]
        for programme, lines in (
            self.line_ids.filtered("include").grouped("programme_id").items()
        ):
            enrolments += programme._enrol(
                lines.employee_id, start_date=self.start_date, trainer=self.trainer_id
            )
        if not enrolments:
            raise UserError(
                self.env._(
                    "Nobody was enrolled: tick at least one line whose programme is "
                    "not under way already."
                )
            )
        return self._open_enrolments(enrolments)
