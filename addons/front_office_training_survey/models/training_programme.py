from odoo import api, models


class TrainingProgramme(models.Model):
    _inherit = "training.programme"

    def action_publish(self):
        """Publish, unless a quiz of the programme could not be taken.

        :raises ValidationError: naming the programme, the step and the field
        """
        self.step_ids._check_quiz_is_open()
        return super().action_publish()

    # --- the quizzes that ship --------------------------------------------------

    @api.model
    def _add_shipped_quizzes(self, rows, instructions):
        """Make the quizzes that ship steps of the programmes that ship.

        The data file calls this when the add-on is installed, never on an update. A
        row is passed over when the quiz or the step before it is not there, or when
        somebody has changed the programme: then its author chooses the quiz.

        :param rows: tuples of the external ids of the new step, of the quiz and of the
            step that it comes after, and the name of the new step
        :param instructions: HTML, what all of the new steps say
        :return: the new ``training.step`` records
        """
        steps = self.env["training.step"]
        for step_xmlid, quiz_xmlid, after_xmlid, name in rows:
            # the source terms: each language has its own file of translations
            quiz, after = (
                self.env.ref(xmlid, raise_if_not_found=False)
                for xmlid in (quiz_xmlid, after_xmlid)
            )
            if not quiz or not after:
                continue
            after = after.with_context(lang="en_US")
            if not after.programme_id._takes_shipped_quiz(quiz):
                continue
            step = after.programme_id._add_quiz_step(
                after,
                {"name": name, "survey_id": quiz.id, "instructions": instructions},
            )
            self.env["ir.model.data"]._update_xmlids(
                [{"xml_id": step_xmlid, "record": step, "noupdate": True}]
            )
            steps += step
        return steps

    def _takes_shipped_quiz(self, quiz):
        """Tell whether the programme is as it came, and whether the quiz can be taken.

        Steps change in draft only, so a programme is as it came while what is published
        is what its first version says. People who are enrolled are no hindrance: they
        keep the steps that they began with.

        :param quiz: ``survey.survey`` record
        """
        self.ensure_one()
        first = self.version_ids.filtered(lambda version: version.version == 1)
        return (
            self.active
            and self.state == "published"
            and first.digest == self.published_digest
            and quiz.active
            and quiz.certification
            and bool(quiz.question_ids)
        )

    def _add_quiz_step(self, after, values):
        """Add a step with a quiz and publish the programme as a new version.

        :param after: the ``training.step`` record that the quiz comes after; the quiz
            is due together with the step that follows it
        :param values: dict with the name, the quiz and the instructions
        :return: the new ``training.step`` record
        """
        self.ensure_one()
        steps = self.step_ids.sorted(lambda step: (step.sequence, step.id))
        place = steps.ids.index(after.id)
        following = steps[place + 1 : place + 2] or after
        self.action_revise()
        step = after.create(
            {
                "programme_id": self.id,
                "section": after.section,
                "sequence": (after.sequence + following.sequence) // 2,
                "kind": "quiz",
                "signoff": "none",
                "minutes": 15,
                "due_days": following.due_days,
                **values,
            }
        )
        self.action_publish()
        self.message_post(
            body=self.env._(
                "The quiz “%(quiz)s” came with the add-on and is a step from version "
                "%(version)s on. Whoever was enrolled before keeps the earlier "
                "version. Press Revise to move the step or to take it out.",
                quiz=step.survey_id.title,
                version=self.version,
            )
        )
        return step

    @api.model
    def _remove_quizzes(self):
        """Leave programmes that work without quizzes, before the add-on is removed.

        The steps that came with the add-on go; those of an author are read and
        acknowledged from now on. What was published is published again, unless no step
        is left.
        """
        Step = self.env["training.step"]
        steps = Step.search([("kind", "=", "quiz")])
        known = self.env["ir.model.data"].search(
            [
                ("module", "=", "front_office_training_survey"),
                ("model", "=", Step._name),
            ]
        )
        shipped = steps & Step.browse(known.mapped("res_id"))
        by_state = steps.programme_id.grouped("state")
        steps.programme_id.action_revise()
        (steps - shipped).write({"kind": "acknowledge", "survey_id": False})
        shipped.unlink()
        by_state.get("published", self.browse()).filtered("step_ids").action_publish()
        by_state.get("retired", self.browse()).action_retire()
