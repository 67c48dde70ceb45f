"""The architecture, checked on the source of the add-ons; Odoo need not run for it.

Every check is a function over a folder of add-ons that yields a sentence a problem.
``test_architecture_refuses.py`` shows for each of them that it can fail.
"""

import ast
import csv
import functools
import importlib.util
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

ADDONS = Path(__file__).resolve().parents[1] / "addons"

APP, GLUE, COUNTRY, TEST = "app", "glue", "country pack", "test add-on"

# The diagram: what each add-on is, and which of our own add-ons it may depend on.
# A glue, a country pack and a test add-on depend on all of them; an app may do with
# fewer.
DIAGRAM = {
    "office_role": (APP, set()),
    "office_role_hiring": (APP, {"office_role"}),
    "front_office_training": (APP, {"office_role"}),
    "office_role_hiring_training": (
        GLUE,
        {"office_role_hiring", "front_office_training"},
    ),
    "front_office_training_survey": (GLUE, {"front_office_training"}),
    "front_office_training_slides": (GLUE, {"front_office_training"}),
    "front_office_training_crm": (GLUE, {"front_office_training"}),
    "front_office_training_digest": (GLUE, {"front_office_training"}),
    "front_office_training_sale": (GLUE, {"front_office_training"}),
    "front_office_training_sale_crm": (GLUE, {"front_office_training"}),
    "front_office_quota": (APP, set()),
    "front_office_quota_crm": (GLUE, {"front_office_quota"}),
    "front_office_quota_digest": (GLUE, {"front_office_quota"}),
    "front_office_receivable": (APP, set()),
    "front_office_receivable_sale": (GLUE, {"front_office_receivable"}),
    "front_office_desk": (APP, set()),
    "front_office_desk_sale": (GLUE, {"front_office_desk"}),
    "front_office_desk_receivable": (
        GLUE,
        {"front_office_desk", "front_office_receivable"},
    ),
    "back_office_claims": (APP, {"office_role"}),
    "back_office_compliance": (APP, set()),
    "back_office_compliance_attendance": (GLUE, {"back_office_compliance"}),
    "back_office_compliance_training": (
        GLUE,
        {"back_office_compliance", "front_office_training"},
    ),
    "back_office_compliance_claims": (
        GLUE,
        {"back_office_compliance", "back_office_claims"},
    ),
    "back_office_compliance_quota": (
        GLUE,
        {"back_office_compliance", "front_office_quota"},
    ),
    "back_office_compliance_us": (COUNTRY, {"back_office_compliance"}),
    "back_office_compliance_es": (COUNTRY, {"back_office_compliance"}),
    "back_office_compliance_se": (COUNTRY, {"back_office_compliance"}),
    "back_office_compliance_ph": (COUNTRY, {"back_office_compliance"}),
    "test_back_office_compliance": (TEST, {"back_office_compliance"}),
}

# Stored models without a company of their own: the model's name, and the reason.
WITHOUT_COMPANY: dict[str, str] = {}

REQUIRED_FILES = (
    "__init__.py",
    "static/description/icon.png",
    "static/description/index.html",
    "readme/DESCRIPTION.md",
)
MODEL_BASES = {"Model", "TransientModel", "AbstractModel"}
PERMISSIONS = ("perm_read", "perm_write", "perm_create", "perm_unlink")
MAX_METHOD_LINES = 50
SUDO_COMMENT_REACH = 3

Check = Callable[[Path], Iterator[str]]
CHECKS: list[Check] = []


def check(function: Check) -> Check:
    """Register a check, so that it runs and has to be shown to fail."""
    CHECKS.append(function)
    return function


# --- reading an add-on ----------------------------------------------------------------


@dataclass(frozen=True)
class ModelClass:
    """A class that makes or extends a model."""

    file: Path
    node: ast.ClassDef
    base: str
    name: str
    parents: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        return self.name not in self.parents

    @property
    def is_stored(self) -> bool:
        """Whether the class makes a model with a table or a view of its own."""
        return self.is_new and self.base == "Model" and not self.setting("_abstract")

    @property
    def needs_access(self) -> bool:
        """Whether nobody could use the model without an access row."""
        return self.is_stored or (self.is_new and self.base == "TransientModel")

    @property
    def xmlid(self) -> str:
        return "model_" + self.name.replace(".", "_")

    @property
    def attributes(self) -> set[str]:
        return {name for name, _value in _assignments(self.node)}

    def setting(self, name: str):
        """Return the literal value of a class attribute, None if there is none."""
        return _literal_attribute(self.node, name)


@dataclass(frozen=True)
class Addon:
    """The files of one add-on."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @functools.cached_property
    def manifest(self) -> dict:
        return _read_manifest(self.path)

    @functools.cached_property
    def depends(self) -> set[str]:
        return set(self.manifest.get("depends", ()))

    @functools.cached_property
    def models(self) -> list[ModelClass]:
        return [
            model
            for file in self.files("py", tests=False)
            for model in _model_classes(file)
        ]

    def files(self, suffix: str, tests: bool = True) -> list[Path]:
        """Return the files of a kind, sorted.

        :param suffix: how the names end, without the dot
        :param tests: whether those under ``tests/`` count
        """
        return sorted(
            file
            for file in self.path.rglob(f"*.{suffix}")
            if tests or file.relative_to(self.path).parts[0] != "tests"
        )

    def loaded(self, suffix: str) -> list[Path]:
        """Return the existing data files of a kind that an installation loads."""
        files = [self.path / name for name in self.manifest.get("data", ())]
        return [file for file in files if file.suffix == f".{suffix}" and file.exists()]

    def local_xmlid(self, xmlid: str) -> str:
        return xmlid.removeprefix(f"{self.name}.")


def addons_in(root: Path) -> dict[str, Addon]:
    """Return the add-ons of a folder by name, sorted."""
    manifests = sorted(root.glob("*/__manifest__.py"))
    return {file.parent.name: Addon(file.parent) for file in manifests}


def place(file: Path, root: Path, line: int | None = None) -> str:
    """Return where something is, for a message."""
    text = file.relative_to(root).as_posix()
    return f"{text}:{line}" if line else text


def _read_manifest(path: Path) -> dict:
    text = (path / "__manifest__.py").read_text(encoding="utf-8")
    return ast.literal_eval(text)


def _parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def _assignments(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value:
            targets = [statement.target]
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                yield target.id, statement.value


def _literal_attribute(node: ast.ClassDef, name: str):
    for attribute, value in _assignments(node):
        if attribute == name:
            try:
                return ast.literal_eval(value)
            except ValueError:
                return None
    return None


def _last_name(node: ast.expr) -> str:
    """Return ``c`` for ``a.b.c`` and for ``c``."""
    return getattr(node, "attr", None) or getattr(node, "id", "")


def _model_classes(file: Path) -> Iterator[ModelClass]:
    for node in ast.walk(_parse(file)):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = [_last_name(base) for base in node.bases]
        base = next((name for name in bases if name in MODEL_BASES), None)
        if not base:
            continue
        parents = _literal_attribute(node, "_inherit") or ()
        name = _literal_attribute(node, "_name")
        if isinstance(parents, str):
            name = name or parents
            parents = (parents,)
        # what Odoo makes of a class without a name
        name = name or re.sub(r"(?<=[^_])([A-Z])", r".\1", node.name).lower()
        yield ModelClass(file, node, base, name, tuple(parents))


def _docstring_node(node: ast.AST) -> ast.Constant | None:
    body = getattr(node, "body", None)
    if not isinstance(body, list) or not body or not isinstance(body[0], ast.Expr):
        return None
    value = body[0].value
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return value if is_text else None


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of every string that is not a docstring."""
    docstrings = {id(_docstring_node(node)) for node in ast.walk(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:
                yield node.lineno, node.value


def _elements(file: Path) -> Iterator[etree._Element]:
    for element in etree.parse(str(file)).iter():
        if isinstance(element.tag, str):
            yield element


# --- manifests ------------------------------------------------------------------------


@check
def every_addon_is_in_the_diagram(root: Path) -> Iterator[str]:
    for name in addons_in(root):
        if name not in DIAGRAM:
            yield f"{name}: not in the diagram; say there what it may depend on"


@check
def depends_follow_the_diagram(root: Path) -> Iterator[str]:
    addons = addons_in(root)
    for name, addon in addons.items():
        kind, allowed = DIAGRAM.get(name, (APP, set()))
        own = addon.depends & (DIAGRAM.keys() | addons.keys())
        for other in sorted(own - allowed):
            yield f"{name}: must not depend on {other}"
        if kind != APP:
            for other in sorted(allowed - own):
                yield f"{name}: a {kind} that has to depend on {other}"


@check
def glue_installs_itself(root: Path) -> Iterator[str]:
    for name, addon in addons_in(root).items():
        kind, _allowed = DIAGRAM.get(name, (APP, set()))
        if kind == GLUE and addon.manifest.get("auto_install") is not True:
            yield f"{name}: a glue needs 'auto_install': True"


@check
def country_packs_hold_no_python(root: Path) -> Iterator[str]:
    """What is installed is data; an empty ``__init__.py`` and tests are allowed."""
    for name, addon in addons_in(root).items():
        kind, _allowed = DIAGRAM.get(name, (APP, set()))
        if kind != COUNTRY:
            continue
        for file in addon.files("py", tests=False):
            if file == addon.path / "__manifest__.py":
                continue
            if file != addon.path / "__init__.py" or _parse(file).body:
                yield f"{place(file, root)}: a country pack is data only"


@check
def manifests_agree(root: Path) -> Iterator[str]:
    for name, addon in addons_in(root).items():
        if addon.manifest.get("license") != "LGPL-3":
            yield f"{name}: the license is not LGPL-3"
        version = addon.manifest.get("version", "")
        if not re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", version):
            yield f"{name}: the version {version!r} is not of the form 19.0.x.y.z"


@check
def required_files_exist(root: Path) -> Iterator[str]:
    for name, addon in addons_in(root).items():
        required = list(REQUIRED_FILES)
        if any(model.needs_access for model in addon.models):
            required.append("security/ir.model.access.csv")
        for relative in required:
            file = addon.path / relative
            if not file.is_file():
                yield f"{name}: {relative} is missing"
            elif relative != "__init__.py" and not file.read_bytes().strip():
                yield f"{name}: {relative} is empty"


# --- what an add-on reaches -----------------------------------------------------------


def odoo_addons_paths() -> list[Path]:
    """Return the folders of Odoo's own add-ons, none where Odoo is out of reach."""
    spec = importlib.util.find_spec("odoo")
    packages = [Path(path) for path in (spec and spec.submodule_search_locations) or ()]
    folders = {package / "addons" for package in packages}
    folders |= {package.parent / "addons" for package in packages}
    return sorted(folder for folder in folders if any(folder.glob("*/__manifest__.py")))


def reachable(name: str, addons: dict[str, Addon], odoo_paths: list[Path]) -> set[str]:
    """Return the add-on and all that it depends on, as far as manifests are found."""
    found: set[str] = {"base"}
    pending = [name]
    while pending:
        current = pending.pop()
        if current in found:
            continue
        found.add(current)
        if current in addons:
            pending.extend(addons[current].depends)
            continue
        for folder in odoo_paths:
            if (folder / current / "__manifest__.py").is_file():
                pending.extend(_read_manifest(folder / current).get("depends", ()))
                break
    return found


def _imported_addons(file: Path, addon: Addon) -> Iterator[tuple[int, str]]:
    """Yield the line and the add-on of each import from the namespace of add-ons."""
    depth = len(file.relative_to(addon.path).parts)
    for node in ast.walk(_parse(file)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # so many dots lead out of the add-on
            outside = "odoo.addons" if node.level == depth + 1 else ""
            stem = ".".join(filter(None, (outside, node.module)))
            if not node.level or outside:
                names = [f"{stem}.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("odoo.addons."):
                yield node.lineno, name.split(".")[2]


@check
def imports_follow_depends(
    root: Path, odoo_paths: list[Path] | None = None
) -> Iterator[str]:
    addons = addons_in(root)
    odoo_paths = odoo_addons_paths() if odoo_paths is None else odoo_paths
    for name, addon in addons.items():
        allowed = reachable(name, addons, odoo_paths)
        for file in addon.files("py"):
            for line, imported in _imported_addons(file, addon):
                if imported not in allowed:
                    yield (
                        f"{place(file, root, line)}: imports {imported}, "
                        f"on which {name} does not depend"
                    )


def _texts(addon: Addon) -> Iterator[tuple[Path, int, str]]:
    """Yield file, line and text of all that may hold an external id."""
    for file in addon.files("xml"):
        for element in _elements(file):
            texts = (*element.attrib.values(), element.text, element.tail)
            for text in filter(None, texts):
                yield file, element.sourceline, text
    for file in addon.files("csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            for number, row in enumerate(csv.reader(stream), 1):
                for cell in row:
                    yield file, number, cell
    for file in addon.files("py"):
        if file.name != "__manifest__.py":
            for line, text in _strings(_parse(file)):
                yield file, line, text


@check
def references_follow_depends(root: Path) -> Iterator[str]:
    """External ids of our own add-ons, in XML, CSV and Python."""
    addons = addons_in(root)
    own = sorted(DIAGRAM.keys() | addons.keys())
    reference = re.compile(rf"(?<![\w./])({'|'.join(own)})\.[A-Za-z_]\w*")
    for name, addon in addons.items():
        allowed = reachable(name, addons, [])
        for file, line, text in _texts(addon):
            for match in reference.finditer(text):
                if match[1] not in allowed:
                    yield (
                        f"{place(file, root, line)}: refers to {match[0]}, "
                        f"and {name} does not depend on {match[1]}"
                    )


# --- access and companies -------------------------------------------------------------


def _granted_models(addon: Addon) -> set[str]:
    """Return the external ids of the models that a loaded access row opens."""
    granted = set()
    for file in addon.loaded("csv"):
        if file.name != "ir.model.access.csv":
            continue
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if any(row.get(permission) == "1" for permission in PERMISSIONS):
                    model = row.get("model_id:id") or row.get("model_id/id") or ""
                    granted.add(addon.local_xmlid(model))
    return granted


@check
def models_have_access_rows(root: Path) -> Iterator[str]:
    for addon in addons_in(root).values():
        granted = _granted_models(addon)
        for model in addon.models:
            if model.needs_access and model.xmlid not in granted:
                yield (
                    f"{place(model.file, root, model.node.lineno)}: {model.name} has "
                    "no row that grants anything in a loaded ir.model.access.csv"
                )


def _walled_models(addon: Addon) -> set[str]:
    """Return the external ids of the models with a loaded rule for companies.

    Such a rule is active, holds for everybody and for every operation.
    """
    walled = set()
    for file in addon.loaded("xml"):
        for record in _elements(file):
            if record.tag != "record" or record.get("model") != "ir.rule":
                continue
            fields = {field.get("name"): field for field in record.findall("field")}
            domain = fields.get("domain_force")
            model = fields.get("model_id")
            switches = [fields.get(name) for name in ("active", *PERMISSIONS)]
            switched_off = any(
                (switch.get("eval") or switch.text or "").strip() in ("False", "0", "")
                for switch in switches
                if switch is not None
            )
            if "groups" in fields or switched_off or domain is None or model is None:
                continue
            if re.search(r"\bcompany_id\b", domain.get("eval") or domain.text or ""):
                walled.add(addon.local_xmlid(model.get("ref", "")))
    return walled


def _has_company(model: str, classes: list[ModelClass], seen: tuple = ()) -> bool:
    """Whether one of our classes gives the model, or a parent of it, a company."""
    return any(
        "company_id" in each.attributes
        or any(
            _has_company(parent, classes, (*seen, model))
            for parent in each.parents
            if parent not in (*seen, model)
        )
        for each in classes
        if each.name == model
    )


@check
def stored_models_belong_to_a_company(root: Path) -> Iterator[str]:
    addons = addons_in(root)
    classes = [model for addon in addons.values() for model in addon.models]
    for addon in addons.values():
        walled = _walled_models(addon)
        for model in addon.models:
            if not model.is_stored or model.name in WITHOUT_COMPANY:
                continue
            where = f"{place(model.file, root, model.node.lineno)}: {model.name}"
            if not _has_company(model.name, classes):
                yield f"{where} has no company_id"
            if model.xmlid not in walled:
                yield (
                    f"{where} has no global ir.rule on company_id in a loaded file, "
                    "for all operations"
                )


# --- code -----------------------------------------------------------------------------


def _is_dataclass(node: ast.ClassDef) -> bool:
    decorators = [
        decorator.func if isinstance(decorator, ast.Call) else decorator
        for decorator in node.decorator_list
    ]
    return any(_last_name(decorator) == "dataclass" for decorator in decorators)


@check
def one_model_a_file(root: Path) -> Iterator[str]:
    for addon in addons_in(root).values():
        for file in sorted((addon.path / "models").rglob("*.py")):
            classes = [
                node
                for node in _parse(file).body
                if isinstance(node, ast.ClassDef) and not _is_dataclass(node)
            ]
            if len(classes) > 1:
                names = ", ".join(node.name for node in classes)
                yield f"{place(file, root)}: more than one class: {names}"
            for model in _model_classes(file):
                if file.stem != model.name.replace(".", "_"):
                    yield (
                        f"{place(file, root)}: named after something else than the "
                        f"model {model.name}"
                    )


@check
def methods_are_short(root: Path) -> Iterator[str]:
    for addon in addons_in(root).values():
        for file in addon.files("py"):
            for node in ast.walk(_parse(file)):
                if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    continue
                lines = node.end_lineno - node.lineno + 1
                if docstring := _docstring_node(node):
                    lines -= docstring.end_lineno - docstring.lineno + 1
                if lines > MAX_METHOD_LINES:
                    yield (
                        f"{place(file, root, node.lineno)}: {node.name} has {lines} "
                        f"lines, more than {MAX_METHOD_LINES}"
                    )


def _comments_on_sudo(file: Path) -> set[int]:
    with file.open("rb") as stream:
        return {
            token.start[0]
            for token in tokenize.tokenize(stream.readline)
            if token.type == tokenize.COMMENT and "sudo" in token.string.lower()
        }


@check
def sudo_says_why(root: Path) -> Iterator[str]:
    for addon in addons_in(root).values():
        for file in addon.files("py", tests=False):
            explained = _comments_on_sudo(file)
            for node in ast.walk(_parse(file)):
                if not isinstance(node, ast.Call) or _last_name(node.func) != "sudo":
                    continue
                line = node.func.end_lineno
                if explained.isdisjoint(range(line - SUDO_COMMENT_REACH, line + 1)):
                    yield (
                        f"{place(file, root, line)}: sudo() without a comment that "
                        "says why"
                    )


def _is_commit(node: ast.AST) -> bool:
    """Whether this is a call of ``….env.cr.commit()`` or ``…._cr.commit()``."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    cursor = node.func.value
    if node.func.attr != "commit" or not isinstance(cursor, ast.Attribute):
        return False
    return cursor.attr == "_cr" or (
        cursor.attr == "cr" and _last_name(cursor.value) == "env"
    )


@check
def nothing_commits(root: Path) -> Iterator[str]:
    for addon in addons_in(root).values():
        for file in addon.files("py"):
            for node in ast.walk(_parse(file)):
                if _is_commit(node):
                    yield (
                        f"{place(file, root, node.lineno)}: commits by itself; use a "
                        "savepoint, or ir.cron's _commit_progress"
                    )


@check
def no_sql_constraints(root: Path) -> Iterator[str]:
    for addon in addons_in(root).values():
        for file in addon.files("py"):
            for node in ast.walk(_parse(file)):
                if _last_name(node) == "_sql_constraints":
                    yield (
                        f"{place(file, root, node.lineno)}: _sql_constraints makes no "
                        "constraint any more; use models.Constraint"
                    )


@check
def no_tree_views(root: Path) -> Iterator[str]:
    for addon in addons_in(root).values():
        for file in addon.files("xml"):
            for element in _elements(file):
                if element.tag == "tree":
                    yield f"{place(file, root, element.sourceline)}: <tree>, now <list>"
        for file in addon.files("py"):
            for line, text in _strings(_parse(file)):
                if re.search(r"<tree\b", text):
                    yield f"{place(file, root, line)}: <tree>, now <list>"


@check
def no_attrs(root: Path) -> Iterator[str]:
    for addon in addons_in(root).values():
        for file in addon.files("xml"):
            for element in _elements(file):
                if "attrs" in element.attrib:
                    yield (
                        f"{place(file, root, element.sourceline)}: attrs=, now "
                        "invisible=, readonly= or required="
                    )
        for file in addon.files("py"):
            for line, text in _strings(_parse(file)):
                if re.search(r"<[^>]*\battrs=", text):
                    yield f"{place(file, root, line)}: attrs= in a view"


# --- the tests ------------------------------------------------------------------------


@pytest.mark.parametrize("rule", CHECKS, ids=lambda rule: rule.__name__)
def test_addons_keep_to(rule):
    problems = list(rule(ADDONS))
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def test_there_is_something_to_check():
    assert addons_in(ADDONS)


def test_diagram_knows_whatever_it_names():
    for name, (_kind, allowed) in DIAGRAM.items():
        assert allowed <= DIAGRAM.keys() - {name}


def test_exceptions_have_a_reason_and_are_needed():
    models = {
        model.name
        for addon in addons_in(ADDONS).values()
        for model in addon.models
        if model.is_stored
    }
    assert WITHOUT_COMPANY.keys() <= models
    assert all(reason.strip() for reason in WITHOUT_COMPANY.values())
