from odoo import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user

# One that nobody signs, one for the trainer, one for the manager, and an optional one.
STEPS = [
    {
        "name": "Read the rules",
        "section": "Desk",
        "kind": "acknowledge",
        "signoff": "none",
        "sequence": 10,
        "due_days": 1,
        "minutes": 10,
        "instructions": "<p>Read them.</p>",
    },
    {
        "name": "Greet a visitor",
        "section": "Desk",
        "kind": "practice",
        "signoff": "trainer",
        "sequence": 20,
        "due_days": 3,
        "minutes": 20,
    },
    {
        "name": "Run the desk for an hour",
        "section": "Desk",
        "kind": "practice",
        "signoff": "manager",
        "sequence": 30,
        "due_days": 10,
        "minutes": 60,
    },
    {
        "name": "Visit the warehouse",
        "kind": "acknowledge",
        "signoff": "none",
        "sequence": 40,
        "due_days": 20,
        "mandatory": False,
    },
]


class TrainingFixture:
    """People, a role and a programme; mix into any Odoo test case class."""

    @classmethod
    def _set_up_training(cls):
        cls.env = cls.env(
            context={**cls.env.context, "tracking_disable": True, "lang": "en_US"}
        )
        cls.company = cls.env.ref("base.main_company")
        cls.env.user.company_id = cls.company
        cls._set_up_users()
        cls._set_up_employees()
        cls._set_up_programme()

    @classmethod
    def _user(cls, login, groups="base.group_user", **kwargs):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=kwargs.pop("company_id", cls.company.id),
            tz="UTC",
            **kwargs,
        )

    @classmethod
    def _manager_elsewhere(cls):
        """Return a training manager of another company, which has nobody else."""
        company = cls.env["res.company"].create({"name": "Test elsewhere"})
        return cls._user(
            "t_elsewhere",
            "front_office_training.group_training_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _set_up_users(cls):
        cls.trainee_user = cls._user("t_trainee")
        cls.colleague_user = cls._user("t_colleague")
        cls.boss_user = cls._user("t_boss")
        cls.trainer_user = cls._user(
            "t_trainer", "front_office_training.group_training_trainer"
        )
        cls.manager_user = cls._user(
            "t_manager", "front_office_training.group_training_manager"
        )
        cls.hr_user = cls._user("t_hr", "hr.group_hr_user")

    @classmethod
    def _set_up_employees(cls):
        cls.role = cls.env["office.role"].create(
            {"name": "Test receptionist", "code": "test_receptionist", "side": "front"}
        )
        cls.job = cls.env["hr.job"].create(
            {"name": "Test receptionist", "office_role_id": cls.role.id}
        )
        cls.department = cls.env["hr.department"].create({"name": "Test front desk"})
        cls.boss = cls._employee("Test boss", user_id=cls.boss_user.id)
        cls.trainee = cls._employee(
            "Test trainee", user_id=cls.trainee_user.id, parent_id=cls.boss.id
        )
        cls.colleague = cls._employee("Test colleague", user_id=cls.colleague_user.id)
        cls.without_login = cls._employee("Test without login", parent_id=cls.boss.id)

    @classmethod
    def _employee(cls, name, **vals):
        return cls.env["hr.employee"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "department_id": cls.department.id,
                **vals,
            }
        )

    @classmethod
    def _set_up_programme(cls):
        cls.programme = cls.env["training.programme"].create(
            {
                "name": "Test programme",
                "role_ids": [Command.set(cls.role.ids)],
                "responsible_id": cls.trainer_user.id,
                "step_ids": [Command.create(vals) for vals in STEPS],
            }
        )
        cls.programme.action_publish()

    @classmethod
    def _enrol(cls, employee=None, **vals):
        enrolment = cls.env["training.enrolment"].create(
            {
                "employee_id": (employee or cls.trainee).id,
                "programme_id": cls.programme.id,
                **vals,
            }
        )
        cls.env.flush_all()
        return enrolment

    @classmethod
    def _steps(cls, enrolment):
        """Return the four steps: nobody signs, the trainer, the manager, optional."""
        return [
            step.with_env(cls.env) for step in enrolment.step_ids.sorted("sequence")
        ]

    def _rpc(self, user, model, method, *args, **kwargs):
        """Call a method as the web client and the external API do."""
        self.env.invalidate_all()
        return call_kw(self.env[model].with_user(user), method, args, kwargs)
