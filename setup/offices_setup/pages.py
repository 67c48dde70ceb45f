"""The pictures that setup/screenshots takes."""

from __future__ import annotations

from typing import NamedTuple

DOCS = "docs/images"


class Page(NamedTuple):
    """A picture of a page.

    ``steps`` are done in order once the page is there: a selector is clicked, a
    selector after ``wait:`` is waited for.
    """

    name: str
    #: who is logged in; "" for a stranger
    login: str
    #: the path
    url: str
    width: int = 1280
    height: int = 800
    steps: tuple[str, ...] = ()
    #: the folder, relative to the checkout
    folder: str = DOCS


PAGES: tuple[Page, ...] = (
    Page("roles", "admin", "/odoo/office-roles", steps=("wait:.o_kanban_record",)),
    Page(
        "role",
        "admin",
        "/odoo/office-roles",
        steps=(".o_kanban_record:has-text('Receptionist')", "wait:.o_form_view"),
    ),
    Page(
        "skill-gaps",
        "admin",
        "/odoo/skill-gaps",
        steps=(".o_switch_view.o_pivot", "wait:.o_pivot table"),
    ),
    Page(
        "employee",
        "hr",
        "/odoo/employees",
        steps=(
            ".o_kanban_record:has-text('Nina Berg')",
            "wait:button[name=action_view_training_enrolments]",
        ),
    ),
    Page(
        "job-position",
        "hr",
        "/odoo/action-hr.action_hr_job",
        steps=(
            ".o_data_row:has-text('Receptionist') td[name=office_role_id]",
            "wait:button[name=action_align_skills_with_role]",
        ),
    ),
    Page("ranking", "admin", "/odoo/applicant-ranking", steps=("wait:.o_data_row",)),
    Page(
        "compare",
        "admin",
        "/odoo/applicant-ranking",
        height=1000,
        steps=(
            "wait:.o_data_row",
            ".o_data_row:has-text('Elena Marsh') input[type=checkbox]",
            ".o_data_row:has-text('Kofi') input[type=checkbox]",
            ".o_data_row:has-text('Amina') input[type=checkbox]",
            "button:has-text('Compare')",
            "wait:.o_role_comparison table",
        ),
    ),
    Page(
        "interview",
        "admin",
        "/odoo/interview-rounds",
        height=900,
        steps=(
            ".o_data_row:has-text('Kofi Mensah') >> nth=0 >> td >> nth=1",
            "[name=applicant_id] a",
            "a[name=interviews]",
            "wait:[name=interview_summary] table",
        ),
    ),
    Page(
        "my-training",
        "trainee",
        "/odoo/my-training",
        width=390,
        height=844,
        steps=(
            ".o_kanban_group:has-text('Receptionist') summary >> nth=0",
            "wait:details[open]",
        ),
    ),
    Page(
        "to-sign-off",
        "trainer",
        "/odoo/training-to-sign",
        steps=("wait:.o_training_sign",),
    ),
    Page(
        "enrolments",
        "trainer",
        "/odoo/training-enrolments",
        steps=("wait:.o_data_row",),
    ),
    Page(
        "enrolment",
        "trainer",
        "/odoo/training-enrolments",
        steps=(
            ".o_data_row:has-text('Nina Berg') td[name=programme_id]",
            "wait:.o_form_view",
        ),
    ),
    Page(
        "programme",
        "admin",
        "/odoo/training-programmes",
        steps=(".o_kanban_record:has-text('Receptionist')", "wait:.o_form_view"),
    ),
    Page(
        "dashboard",
        "admin",
        "/odoo/training-dashboard",
        steps=("wait:.o_training_dashboard",),
    ),
    Page(
        "certificate",
        "admin",
        "/odoo/training-certificates",
        steps=(".o_data_row >> nth=0 >> td >> nth=2", "wait:.o_form_view"),
    ),
    Page(
        "score",
        "trainer",
        "/odoo/training-to-sign",
        steps=(".o_training_open_score >> nth=0", "wait:.modal .o_form_view"),
    ),
    Page(
        "quota-month", "admin", "/odoo/quota-month", height=900, steps=("wait:canvas",)
    ),
    Page(
        "quota-plan",
        "admin",
        "/odoo/quota-plans",
        height=1000,
        steps=(
            ".o_kanban_record:has-text('Approved')",
            "a.nav-link:has-text('From costs to targets')",
            "wait:canvas",
        ),
    ),
    Page(
        "quota-statement",
        "admin",
        "/odoo/my-statements",
        steps=(
            ".o_data_row:has-text('Computed') >> nth=1 >> td >> nth=1",
            "a[name=explanation]",
            "wait:[name=explanation] table",
        ),
    ),
    Page(
        "quota-uncredited",
        "admin",
        "/odoo/quota-uncredited",
        steps=("wait:.o_data_row",),
    ),
    Page(
        "my-plan",
        "admin",
        "/odoo/my-plan",
        width=390,
        height=844,
        steps=("wait:.o_kanban_record",),
    ),
    Page(
        "compliance-filings",
        "compliance",
        "/odoo/filings",
        steps=(".o_switch_view.o_kanban", "wait:.o_kanban_record"),
    ),
    Page(
        "compliance-filing",
        "compliance",
        "/odoo/filings",
        height=1000,
        steps=(
            ".o_data_row:has-text('In review') >> nth=0 >> td >> nth=1",
            "a[name=checks]",
            "wait:[name=gate_finding_ids] .o_data_row",
        ),
    ),
    Page(
        "compliance-findings",
        "compliance",
        "/odoo/compliance-findings",
        steps=(".o_switch_view.o_list", "wait:.o_data_row"),
    ),
    Page(
        "compliance-obligations",
        "compliance",
        "/odoo/compliance-obligations",
        steps=("wait:.o_data_row",),
    ),
    Page("desk-board", "frontdesk", "/odoo/desk-board", steps=("wait:.o_data_row",)),
    Page(
        "desk-request",
        "backoffice",
        "/odoo/desk-requests",
        height=900,
        steps=(
            ".o_data_row td:has-text('Desk delivered a week late')",
            "a[name=improvement]",
            "wait:[name=cause_id]",
        ),
    ),
    Page(
        "desk-portal",
        "customer",
        "/my/requests",
        width=900,
        height=640,
        steps=("wait:.o_portal_my_doc_table",),
    ),
    Page(
        "receivable-board",
        "admin",
        "/odoo/receivables-overdue",
        steps=("wait:.o_data_row",),
    ),
    Page(
        "receivable-ageing",
        "admin",
        "/odoo/receivables-ageing",
        steps=("wait:.o_pivot table",),
    ),
)
