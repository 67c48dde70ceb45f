from odoo import Command

from .common import TrainingFixture

CRITERIA = [("Listens", 3), ("Articulate", 1), ("Patient", 1)]


def criterion_values(name, weight=1, **vals):
    """Return the values of a criterion with its four levels described."""
    return {
        "name": name,
        "weight": weight,
        **{f"level_{level}": f"{name} at level {level}" for level in (1, 2, 3, 4)},
        **vals,
    }


class RubricFixture(TrainingFixture):
    """The programme of the fixture, with a rubric on *Greet a visitor*."""

    # The weights are 3, 1 and 1: what each of these comes to, in percent.
    ALL_FOURS = (4, 4, 4)
    PASSING = (3, 3, 3)  # 66.67
    FAILING = (1, 4, 4)  # 40

    @classmethod
    def _set_up_programme(cls):
        result = super()._set_up_programme()
        cls.programme.action_revise()
        cls.greet_step = cls.programme.step_ids.sorted("sequence")[1]
        cls.greet_step.criterion_ids = [
            Command.create(criterion_values(name, weight, sequence=sequence))
            for sequence, (name, weight) in enumerate(CRITERIA)
        ]
        cls.programme.action_publish()
        return result

    @classmethod
    def _greet(cls, employee=None, **vals):
        """Enrol somebody and return their step with the rubric, done by them."""
        step = cls._steps(cls._enrol(employee, **vals))[1]
        cls._tick(step)
        return step

    @classmethod
    def _tick(cls, step):
        step.with_user(step.trainee_user_id or cls.trainer_user).action_done()

    @classmethod
    def _levels(cls, step, levels):
        return dict(zip(step.criterion_ids.ids, levels, strict=True))

    @classmethod
    def _give(cls, user, step, levels, feedback=False):
        """Score the step as ``user``."""
        return step.with_user(user)._score(cls._levels(step, levels), feedback)
