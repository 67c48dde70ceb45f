"""The templates follow the code, and every language is complete."""

import io
import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
ADDONS = sorted(
    path.parent.name for path in (ROOT / "addons").glob("[!t]*/__manifest__.py")
)
LANGUAGES = ("es", "sv", "tl")
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|%d")


def folder(addon):
    return ROOT / "addons" / addon / "i18n"


def problems_of(template, translation):
    """Tell what is missing or wrong in a translation.

    :param template: the template, a ``polib.POFile``
    :param translation: the same terms in a language
    :return: sentences, each about one term
    """
    terms = {entry.msgid: entry for entry in translation if not entry.obsolete}
    found = [f"not in the template: {msgid}" for msgid in terms]
    for entry in template:
        found = [
            text for text in found if text != f"not in the template: {entry.msgid}"
        ]
        term = terms.get(entry.msgid)
        if term is None or not term.msgstr or term.fuzzy:
            found.append(f"not translated: {entry.msgid}")
        elif sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(
            PLACEHOLDER.findall(term.msgstr)
        ):
            found.append(f"other placeholders: {entry.msgid}")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("addon", ADDONS)
def test_every_term_is_translated(addon, language):
    template = polib.pofile(str(folder(addon) / f"{addon}.pot"))
    translation = polib.pofile(str(folder(addon) / f"{language}.po"))
    assert problems_of(template, translation) == []


@pytest.mark.parametrize(
    ("translation", "problem"),
    [
        ("", "not translated: Sign %s"),
        ('msgid "Sign %s"\nmsgstr ""\n', "not translated: Sign %s"),
        ('#, fuzzy\nmsgid "Sign %s"\nmsgstr "Firmar %s"\n', "not translated: Sign %s"),
        ('msgid "Sign %s"\nmsgstr "Firmar"\n', "other placeholders: Sign %s"),
        (
            'msgid "Sign %s"\nmsgstr "Firmar %s"\n\nmsgid "Old"\nmsgstr "Viejo"\n',
            "not in the template: Old",
        ),
    ],
)
def test_incomplete_translations_are_found(translation, problem):
    template = polib.pofile('msgid "Sign %s"\nmsgstr ""\n')
    assert problems_of(template, polib.pofile(translation)) == [problem]


@pytest.mark.parametrize("addon", ADDONS)
def test_template_follows_the_code(addon, env):
    """The terms that Odoo exports are those of the template in the repository."""
    from odoo.tools.translate import trans_export

    with io.BytesIO() as buffer:
        trans_export(False, [addon], buffer, "po", env)
        exported = polib.pofile(buffer.getvalue().decode())
    template = polib.pofile(str(folder(addon) / f"{addon}.pot"))
    assert {entry.msgid for entry in exported} == {entry.msgid for entry in template}


@pytest.fixture
def env():
    """Give an environment of the test database; nothing is written."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
        cr.rollback()
