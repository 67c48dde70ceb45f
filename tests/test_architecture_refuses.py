"""Every check of the architecture accepts a good add-on and refuses a bad one."""

from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest
import test_architecture as architecture

ACCESS_HEAD = (
    "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n"
)
COMPANY_RULE = """
    <odoo>
        <record id="office_role_rule_company" model="ir.rule">
            <field name="model_id" ref="model_office_role"/>
            <field name="domain_force">[('company_id', 'in', company_ids)]</field>
            {more}
        </record>
    </odoo>
"""
MODEL = """
    from dataclasses import dataclass

    from odoo import fields, models


    @dataclass
    class Summary:
        total: int = 0


    class OfficeRole(models.Model):
        _name = "office.role"
        _inherit = ["mail.thread"]

        company_id = fields.Many2one("res.company")

        def action_view(self):
            '''Open front_office_training.anything: words only.'''
            # sudo: whoever may open the role may count its holders
            return (
                self.env["hr.employee"]
                .sudo()
                .search_count([])
            )
"""


def manifest(**values) -> str:
    """Return a manifest that nothing is to be said against, but for ``values``."""
    return repr(
        {
            "name": "An add-on",
            "version": "19.0.1.0.0",
            "license": "LGPL-3",
            "depends": ["hr_skills"],
            "data": ["security/ir.model.access.csv", "security/ir_rule.xml"],
            **values,
        }
    )


def lines(count: int) -> str:
    """Return a method of so many lines, and its docstring."""
    body = "\n".join(f"    x{number} = {number}" for number in range(count - 1))
    return f'def long():\n    """Say\n\n    much."""\n{body}\n'


GOOD = {
    "office_role/__manifest__.py": manifest(),
    "office_role/__init__.py": "from . import models",
    "office_role/models/__init__.py": "from . import office_role",
    "office_role/models/office_role.py": MODEL,
    "office_role/models/hr_job.py": """
        from odoo import models
        from odoo.addons.hr_skills.models import hr_job


        class HrJob(models.Model):
            _inherit = "hr.job"
    """,
    "office_role/wizards/office_role_merge.py": """
        from odoo import models


        class OfficeRoleMerge(models.TransientModel):
            _name = "office.role.merge"
    """,
    "office_role/tests/test_length.py": lines(50),
    "office_role/security/ir.model.access.csv": ACCESS_HEAD
    + "a,a,model_office_role,base.group_user,1,0,0,0\n"
    + "b,b,office_role.model_office_role_merge,base.group_user,1,1,1,1\n",
    "office_role/security/ir_rule.xml": COMPANY_RULE,
    "office_role/views/office_role_views.xml": """
        <odoo>
            <template id="card"><a t-att-href="office_role.card"/></template>
        </odoo>
    """,
    "office_role/static/description/icon.png": "an image",
    "office_role/static/description/index.html": "<h1>Roles</h1>",
    "office_role/readme/DESCRIPTION.md": "Roles",
}


@dataclass
class Case:
    """Files that spoil the good add-on, and what the check says to them."""

    check: architecture.Check
    says: str
    files: dict[str, str | None] = field(default_factory=dict)


def model_case(check, says, old, new, file="office_role/models/office_role.py"):
    """Return a case that replaces a piece of one of the good files."""
    assert old in GOOD[file], f"the good add-on does not hold {old!r} any more"
    return Case(check, says, {file: GOOD[file].replace(old, new)})


def manifest_case(check, says, name="office_role", **values):
    """Return a case that only differs by the manifest of an add-on."""
    return Case(check, says, {f"{name}/__manifest__.py": manifest(**values)})


def code_case(check, says, code, file="office_role/models/office_role.py"):
    """Return a case that adds code to one of the good files."""
    return Case(check, says, {file: dedent(GOOD[file]) + dedent(code)})


ACCESS = "office_role/security/ir.model.access.csv"
RULES = "office_role/security/ir_rule.xml"
VIEWS = "office_role/views/office_role_views.xml"
GROUPS = """<field name="groups" eval="[Command.link(ref('base.group_user'))]"/>"""

CASES = [
    manifest_case(
        architecture.every_addon_is_in_the_diagram,
        "middle_office: not in the diagram",
        name="middle_office",
    ),
    # depends
    manifest_case(
        architecture.depends_follow_the_diagram,
        "office_role: must not depend on front_office_quota",
        depends=["hr", "front_office_quota"],
    ),
    manifest_case(
        architecture.depends_follow_the_diagram,
        "front_office_desk: must not depend on office_role",
        name="front_office_desk",
        depends=["office_role"],
    ),
    manifest_case(
        architecture.depends_follow_the_diagram,
        "middle_office: must not depend on office_role",
        name="middle_office",
        depends=["office_role"],
    ),
    manifest_case(
        architecture.depends_follow_the_diagram,
        "_claims: a glue that has to depend on back_office_claims",
        name="back_office_compliance_claims",
        depends=["back_office_compliance"],
    ),
    manifest_case(
        architecture.depends_follow_the_diagram,
        "a country pack that has to depend on back_office_compliance",
        name="back_office_compliance_se",
    ),
    # kinds of add-ons
    manifest_case(
        architecture.glue_installs_itself,
        "front_office_training_crm: a glue needs",
        name="front_office_training_crm",
    ),
    manifest_case(
        architecture.glue_installs_itself,
        "front_office_training_crm: a glue needs",
        name="front_office_training_crm",
        auto_install=["crm"],
    ),
    Case(
        architecture.country_packs_hold_no_python,
        "back_office_compliance_se/models/filing.py: a country pack is data only",
        {
            "back_office_compliance_se/__manifest__.py": manifest(),
            "back_office_compliance_se/__init__.py": "",
            "back_office_compliance_se/models/filing.py": "",
        },
    ),
    Case(
        architecture.country_packs_hold_no_python,
        "back_office_compliance_se/__init__.py: a country pack is data only",
        {
            "back_office_compliance_se/__manifest__.py": manifest(),
            "back_office_compliance_se/__init__.py": "from . import models",
        },
    ),
    manifest_case(architecture.manifests_agree, "license", license="AGPL-3"),
    manifest_case(architecture.manifests_agree, "'18.0.1.0.0'", version="18.0.1.0.0"),
    manifest_case(architecture.manifests_agree, "'19.0.1.0'", version="19.0.1.0"),
    # files
    *(
        Case(
            architecture.required_files_exist,
            f"{name} is missing",
            {f"office_role/{name}": None},
        )
        for name in (*architecture.REQUIRED_FILES, "security/ir.model.access.csv")
    ),
    Case(
        architecture.required_files_exist,
        "static/description/index.html is empty",
        {"office_role/static/description/index.html": "\n"},
    ),
    # imports
    code_case(
        architecture.imports_follow_depends,
        "office_role/models/office_role.py:25: imports crm,",
        "from odoo.addons.crm.models import crm_lead",
    ),
    code_case(
        architecture.imports_follow_depends,
        "imports front_office_training,",
        "from odoo.addons import front_office_training",
    ),
    code_case(
        architecture.imports_follow_depends,
        "imports front_office_training,",
        "def late():\n    import odoo.addons.front_office_training.models",
    ),
    code_case(
        architecture.imports_follow_depends,
        "imports front_office_training,",
        "from ...front_office_training import models",
    ),
    Case(
        architecture.imports_follow_depends,
        "imports crm,",
        {"office_role/tests/common.py": "from odoo.addons.crm.tests import common"},
    ),
    # references
    model_case(
        architecture.references_follow_depends,
        "refers to front_office_training.group_user",
        "office_role.card",
        "front_office_training.group_user",
        file=VIEWS,
    ),
    Case(
        architecture.references_follow_depends,
        "office_role/views/office_role_views.xml:3: refers to front_office_quota.plan",
        {
            VIEWS: "<odoo>\n<record id='a' model='b'>\n"
            "<field name='code'>env.ref('front_office_quota.plan')</field>"
            "</record></odoo>"
        },
    ),
    model_case(
        architecture.references_follow_depends,
        "refers to front_office_training.group_user",
        "model_office_role,base.group_user",
        "model_office_role,front_office_training.group_user",
        file=ACCESS,
    ),
    code_case(
        architecture.references_follow_depends,
        "refers to front_office_training.group_user",
        "GROUPS = 'hr.group_hr_user,front_office_training.group_user'",
    ),
    # access
    model_case(
        architecture.models_have_access_rows,
        "office_role/models/office_role.py:11: office.role has no row",
        "model_office_role,",
        "model_hr_job,",
        file=ACCESS,
    ),
    model_case(
        architecture.models_have_access_rows,
        "office.role.merge has no row",
        "model_office_role_merge",
        "model_hr_job",
        file=ACCESS,
    ),
    model_case(
        architecture.models_have_access_rows,
        "office.role has no row that grants anything",
        "base.group_user,1,0,0,0",
        "base.group_user,0,0,0,0",
        file=ACCESS,
    ),
    manifest_case(
        architecture.models_have_access_rows,
        "office.role has no row",
        data=["security/ir_rule.xml"],
    ),
    # companies
    model_case(
        architecture.stored_models_belong_to_a_company,
        "office.role has no company_id",
        "company_id =",
        "company =",
    ),
    manifest_case(
        architecture.stored_models_belong_to_a_company,
        "office.role has no global ir.rule",
        data=["security/ir.model.access.csv"],
    ),
    model_case(
        architecture.stored_models_belong_to_a_company,
        "office.role has no global ir.rule",
        "('company_id', 'in', company_ids)",
        "(1, '=', 1)",
        file=RULES,
    ),
    model_case(
        architecture.stored_models_belong_to_a_company,
        "office.role has no global ir.rule",
        "model_office_role",
        "model_hr_job",
        file=RULES,
    ),
    *(
        model_case(
            architecture.stored_models_belong_to_a_company,
            "office.role has no global ir.rule",
            "{more}",
            more,
            file=RULES,
        )
        for more in (
            GROUPS,
            """<field name="active" eval="False"/>""",
            """<field name="perm_read" eval="False"/>""",
        )
    ),
    model_case(
        architecture.stored_models_belong_to_a_company,
        "office.role.view has no global ir.rule",
        '_name = "office.role"',
        '_name = "office.role.view"\n        _auto = False',
    ),
    # code
    code_case(
        architecture.one_model_a_file,
        "more than one class: OfficeRole, OfficeRoleSkill",
        """
        class OfficeRoleSkill(models.Model):
            _name = "office.role.skill"
        """,
    ),
    code_case(
        architecture.one_model_a_file,
        "more than one class: OfficeRole, Helper",
        "class Helper:\n    pass",
    ),
    model_case(
        architecture.one_model_a_file,
        "named after something else than the model office.duty",
        '_name = "office.role"',
        '_name = "office.duty"',
    ),
    model_case(
        architecture.one_model_a_file,
        "named after something else than the model hr.employee",
        '_inherit = "hr.job"',
        '_inherit = "hr.employee"',
        file="office_role/models/hr_job.py",
    ),
    Case(
        architecture.methods_are_short,
        "office_role/tests/test_length.py:1: long has 51 lines, more than 50",
        {"office_role/tests/test_length.py": lines(51)},
    ),
    model_case(
        architecture.sudo_says_why,
        "office_role/models/office_role.py:22: sudo() without a comment",
        "# sudo:",
        "# fast:",
    ),
    model_case(
        architecture.sudo_says_why,
        "office_role/models/office_role.py:23: sudo() without a comment",
        "return (",
        "return (\n",
    ),
    code_case(
        architecture.sudo_says_why,
        "sudo() without a comment",
        "def count(self):\n\n\n\n    '# sudo'; return self.sudo()",
    ),
    *(
        code_case(
            architecture.nothing_commits,
            "commits by itself",
            f"def save(self, env):\n    {cursor}.commit()",
        )
        for cursor in ("self.env.cr", "env.cr", "self._cr")
    ),
    code_case(
        architecture.no_sql_constraints,
        "_sql_constraints makes no constraint",
        "class Duty:\n    _sql_constraints = []",
    ),
    model_case(
        architecture.no_tree_views,
        "office_role/views/office_role_views.xml:2: <tree>",
        "<template",
        "<tree/><template",
        file=VIEWS,
    ),
    code_case(architecture.no_tree_views, "<tree>, now <list>", "A = '<tree/>'"),
    model_case(
        architecture.no_attrs,
        "office_role/views/office_role_views.xml:2: attrs=",
        "t-att-href=",
        "attrs=",
        file=VIEWS,
    ),
    code_case(architecture.no_attrs, "attrs= in a view", "A = '<field attrs=\"{}\"/>'"),
]


def write(root: Path, files: dict[str, str | None]) -> Path:
    """Write the files; those without content are left out."""
    for name, content in files.items():
        if content is not None:
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            text = dedent(content.replace("{more}", ""))
            file.write_text(text.lstrip("\n"), encoding="utf-8")
    return root


@pytest.mark.parametrize("rule", architecture.CHECKS, ids=lambda rule: rule.__name__)
def test_good_addon_is_accepted(rule, tmp_path):
    assert list(rule(write(tmp_path, GOOD))) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check.__name__)
def test_bad_addon_is_refused(case, tmp_path):
    problems = list(case.check(write(tmp_path, {**GOOD, **case.files})))
    assert any(case.says in problem for problem in problems), problems


def test_every_check_is_shown_to_fail():
    assert {case.check for case in CASES} == set(architecture.CHECKS)


def test_imports_follow_the_manifests_of_odoo(tmp_path):
    """What an add-on of Odoo depends on may be imported where Odoo is in reach."""
    code = "from odoo.addons.hr.models import hr_employee"
    root = write(tmp_path / "own", {**GOOD, "office_role/tests/common.py": code})
    odoo = write(
        tmp_path / "odoo",
        {
            "hr_skills/__manifest__.py": "{'depends': ['hr']}",
            "hr/__manifest__.py": "{}",
        },
    )
    (refused,) = architecture.imports_follow_depends(root, [])
    assert "imports hr," in refused
    assert list(architecture.imports_follow_depends(root, [odoo])) == []


def test_imports_follow_our_own_manifests(tmp_path):
    code = "from odoo.addons.hr_skills.tests import common"
    name = "front_office_training"
    files = {
        f"{name}/__manifest__.py": manifest(depends=["office_role"]),
        f"{name}/tests/common.py": code,
    }
    root = write(tmp_path, {**GOOD, **files})
    assert list(architecture.imports_follow_depends(root, [])) == []


def test_company_may_come_from_a_parent_of_ours(tmp_path):
    mixin = """
        from odoo import fields, models


        class OfficeCompanyMixin(models.AbstractModel):
            _name = "office.company.mixin"

            company_id = fields.Many2one("res.company")
    """
    model = MODEL.replace("mail.thread", "office.company.mixin")
    model = model.replace("company_id =", "company =")
    files = {
        "office_role/models/office_company_mixin.py": mixin,
        "office_role/models/office_role.py": model,
    }
    root = write(tmp_path, {**GOOD, **files})
    assert list(architecture.stored_models_belong_to_a_company(root)) == []


def test_exception_needs_no_company(tmp_path, monkeypatch):
    model = MODEL.replace("company_id =", "company =")
    files = {"office_role/models/office_role.py": model}
    root = write(tmp_path, {**GOOD, **files})
    assert list(architecture.stored_models_belong_to_a_company(root))
    monkeypatch.setitem(architecture.WITHOUT_COMPANY, "office.role", "shared by all")
    assert list(architecture.stored_models_belong_to_a_company(root)) == []
