"""Matches of 20,000 applicants with 40 roles: the refresh beside hand-written SQL.

    python tests/benchmark/bench_role_match.py -c odoo.conf -d DATABASE

The database has office_role_hiring installed. It is copied, and the copy dropped. The
hand-written statement writes the same rows into the same table, through the same
connection. The exit status is 1 when scoring all applicants for their jobs takes more
than 1.5 times the hand-written statement, all 800,000 pairs more than 2 times, or the
list of 80 by score more than 1.2 times the same list by name.
"""

import resource
import statistics
import sys
import time

import common
from lxml import etree

from odoo import Command
from odoo.tools import SQL

APPLICANTS = 20_000
SKILLS_HELD = 8
ROLES = 40
SKILLS_ASKED = 12
SKILLS = 60
LEVELS = (25, 50, 75, 100)
START = "2020-01-01"
LIMIT_JOBS = 1.5
LIMIT_PAIRS = 2
LIMIT_LIST = 1.2
LIST_SIZE = 80

# What somebody writes by hand who knows the data: the sums of a role, less what the
# skills that are held earn. `%s` is the condition that makes the pairs.
HAND_SELECT = """
    SELECT applicant.id AS applicant_id,
           role.id AS role_id,
           'applicant' AS kind,
           role.id = job.office_role_id AS for_job,
           job.id AS job_id,
           applicant.department_id,
           applicant.company_id,
           TRUE AS has_score,
           ROUND(100 * COALESCE(earned, 0) / role.weight, 2) AS score,
           CASE WHEN COALESCE(met, 0) < musts THEN 'missed'
                WHEN COALESCE(gained, 0) < asked THEN 'partial' ELSE 'full' END AS fit,
           musts - COALESCE(met, 0) AS must_haves_missed,
           asked - COALESCE(gained, 0) AS shortfall,
           COALESCE(skills_held, 0) AS skills_held,
           role.skills AS skills_required,
           'none' AS degree_fit
      FROM hr_applicant applicant
      JOIN hr_job job ON job.id = applicant.job_id
      JOIN (
           SELECT role.id, SUM(weight) AS weight, COUNT(*) AS skills,
                  COUNT(*) FILTER (WHERE must_have) AS musts,
                  SUM(level_progress) AS asked
             FROM office_role role
             JOIN office_role_skill requirement ON requirement.role_id = role.id
             JOIN hr_skill_level level ON level.id = requirement.skill_level_id
            WHERE role.active
         GROUP BY role.id
           ) role
        ON %s
 LEFT JOIN (
           SELECT held.applicant_id, requirement.role_id,
                  SUM(weight * LEAST(progress::numeric / level_progress, 1)) AS earned,
                  COUNT(*) FILTER (WHERE must_have AND progress >= level_progress)
                      AS met,
                  SUM(LEAST(progress, level_progress)) AS gained,
                  COUNT(*) FILTER (WHERE progress >= level_progress) AS skills_held
             FROM (
                  SELECT applicant_id, skill_id, MAX(level_progress) AS progress
                    FROM hr_applicant_skill skill
                    JOIN hr_skill_level level ON level.id = skill.skill_level_id
                   WHERE (valid_from IS NULL OR valid_from <= CURRENT_DATE)
                     AND (valid_to IS NULL OR valid_to >= CURRENT_DATE)
                GROUP BY applicant_id, skill_id
                  ) held
             JOIN office_role_skill requirement
               ON requirement.skill_id = held.skill_id
             JOIN hr_skill_level required ON required.id = requirement.skill_level_id
         GROUP BY held.applicant_id, requirement.role_id
           ) total
        ON total.applicant_id = applicant.id AND total.role_id = role.id
"""
HAND_COLUMNS = """
    applicant_id, role_id, kind, for_job, job_id, department_id, company_id, has_score,
    score, fit, must_haves_missed, shortfall, skills_held, skills_required, degree_fit
"""
JOB_ONLY = "role.id = job.office_role_id"


def create_roles(env):
    """Create the skills, the roles, and a job position for each role."""
    skill_type = env["hr.skill.type"].create(
        {
            "name": "Benchmark",
            "skill_ids": [
                Command.create({"name": f"Skill {number}"}) for number in range(SKILLS)
            ],
            "skill_level_ids": [
                Command.create({"name": f"Level {level}", "level_progress": level})
                for level in LEVELS
            ],
        }
    )
    levels = skill_type.skill_level_ids
    skills = skill_type.skill_ids
    env["office.role"].search([]).active = False
    roles = env["office.role"].create(
        [
            {
                "name": f"Benchmark {number}",
                "code": f"benchmark_{number}",
                "skill_ids": [
                    Command.create(
                        {
                            "skill_id": skills[(number * 7 + place * 5) % SKILLS].id,
                            "skill_level_id": levels[(number + place) % 4].id,
                            "must_have": place % 4 == 0,
                            "weight": 1 + (number + place) % 5,
                        }
                    )
                    for place in range(SKILLS_ASKED)
                ],
            }
            for number in range(ROLES)
        ]
    )
    env["hr.job"].create(
        [{"name": role.name, "office_role_id": role.id} for role in roles]
    )
    # Odoo's own score reads the skills of the position
    for job in roles.job_ids:
        job.action_align_skills_with_role()
    return roles


def create_applicants(env, roles):
    """Create the applicants and their skills in SQL."""
    env.flush_all()
    env.cr.execute("DELETE FROM hr_applicant")
    env.cr.execute(
        SQL(
            """
            WITH job AS (
                SELECT id, company_id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place
                  FROM hr_job WHERE office_role_id = ANY(%(roles)s)
            ),
            applicant AS (
                INSERT INTO hr_applicant
                       (partner_name, job_id, company_id, active, kanban_state,
                        stage_id, create_date, office_every_role, office_in_pool)
                SELECT 'Benchmark ' || md5(number::text), job.id, job.company_id, TRUE,
                       'normal', (SELECT MIN(id) FROM hr_recruitment_stage), now(),
                       FALSE, FALSE
                  FROM generate_series(1, %(applicants)s) number
                  JOIN job ON job.place = number %% %(count)s
             RETURNING id
            ),
            skill AS (
                SELECT id, skill_type_id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place
                  FROM hr_skill
                 WHERE skill_type_id = (
                       SELECT MAX(skill_type_id) FROM office_role_skill
                        WHERE role_id = ANY(%(roles)s))
            )
            INSERT INTO hr_applicant_skill
                   (applicant_id, skill_id, skill_type_id, skill_level_id, valid_from)
            SELECT applicant.id, skill.id, skill.skill_type_id, level.id, %(start)s
              FROM applicant
              JOIN generate_series(0, %(held)s - 1) number ON TRUE
              JOIN skill ON skill.place = (applicant.id * 11 + number * 7) %% %(skills)s
              JOIN hr_skill_level level
                ON level.skill_type_id = skill.skill_type_id
               AND level.level_progress = 25 * (1 + (applicant.id + number) %% 4)
            """,
            roles=roles.ids,
            applicants=APPLICANTS,
            count=ROLES,
            held=SKILLS_HELD,
            skills=SKILLS,
            start=START,
        )
    )
    env.invalidate_all()
    vacuum(env)
    refresh_applicants(env)
    vacuum(env)


def vacuum(env):
    """Commit; then clear away what earlier measurements left behind."""
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr._obj.execute("VACUUM ANALYZE hr_applicant")
    env.cr._obj.execute("VACUUM ANALYZE hr_applicant_skill")
    env.cr._obj.execute("VACUUM ANALYZE office_role_match")
    env.cr._obj.execute("VACUUM ANALYZE office_role_skill")
    env.cr._cnx.autocommit = False


def from_nothing_ms(env, function, expected, repeat):
    """Return the median milliseconds of ``function()``, each time from no matches."""
    times = []
    for _number in range(repeat + 1):
        env.cr.execute("DELETE FROM office_role_match")
        start = time.perf_counter()
        function()
        times.append((time.perf_counter() - start) * 1000)
        env.cr.execute("SELECT COUNT(*), SUM(score) FROM office_role_match")
        count, total = env.cr.fetchone()
        if count != expected:
            raise SystemExit(f"{count} matches, and not {expected}")
        env.cr.rollback()
        vacuum(env)
    return statistics.median(times[1:]), total


def refresh_applicants(env):
    """Score every applicant, as the nightly job does, but in one transaction."""
    match = env["office.role.match"]
    for person, scope in match._get_batches():
        if person == "applicant":
            match._refresh(person, scope)


def measure_refresh(env, title, condition, expected, limit, repeat):
    """Compare the refresh from nothing with the hand-written statement."""
    select = HAND_SELECT % condition
    hand = f"INSERT INTO office_role_match ({HAND_COLUMNS}) {select}"
    theirs, their_total = from_nothing_ms(
        env, lambda: env.cr._obj.execute(hand), expected, repeat
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours, our_total = from_nothing_ms(
        env, lambda: refresh_applicants(env), expected, repeat
    )
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if our_total != their_total:
        raise SystemExit(f"the scores differ: {our_total}, and by hand {their_total}")
    bare = timed_ms(env, f"CREATE TEMP TABLE bare ON COMMIT DROP AS {select}")
    common.say(f"  {title}: a bare table without any key {bare:.1f} ms")
    common.say(f"  {title}: the process grew by {grown / 1024:.1f} MB")
    return common.verdict(f"{title}, from nothing", ours, theirs, limit)


def timed_ms(env, statement):
    """Return the milliseconds of a statement that is rolled back."""
    start = time.perf_counter()
    env.cr._obj.execute(statement)
    elapsed = (time.perf_counter() - start) * 1000
    env.cr.rollback()
    return elapsed


def measure_nothing_new(env, title):
    """Say how long scoring takes where every score stays as it is."""
    start = time.perf_counter()
    refresh_applicants(env)
    common.say(f"  {title} unchanged: {(time.perf_counter() - start) * 1000:.1f} ms")
    env.cr.rollback()


def measure_skill(env):
    """Say what one skill more of one applicant costs among all the others."""
    applicant = env["hr.applicant"].search([], limit=1)
    skill = applicant.applicant_skill_ids[0]
    levels = skill.skill_type_id.skill_level_ids
    for number in range(3):
        skill.skill_level_id = levels[number]
        env.flush_all()
        count = env.cr.sql_log_count
        start = time.perf_counter()
        env["office.role.match"]._refresh_pending()
        elapsed = (time.perf_counter() - start) * 1000
    count = env.cr.sql_log_count - count
    env.cr.rollback()
    common.say(f"  one skill of one applicant: {count} statement, {elapsed:.1f} ms")


def get_list_specification(applicants):
    """Return what the list of applicants has the web client ask for."""
    arch = etree.fromstring(applicants.get_view(view_type="list")["arch"])
    names = set(arch.xpath("//field/@name")) & set(applicants._fields)
    return {
        name: {"fields": {"display_name": {}}}
        if applicants._fields[name].relational
        else {}
        for name in names
    }


def measure_list(env, repeat):
    """Compare the list of applicants by score with the same list by name."""
    applicants = env(user=env.ref("base.user_admin"))["hr.applicant"]
    specification = get_list_specification(applicants)

    def read(order):
        applicants.env.invalidate_all()
        found = applicants.web_search_read(
            [], specification, order=order, limit=LIST_SIZE
        )
        if (len(found["records"]), found["length"]) != (LIST_SIZE, APPLICANTS):
            raise SystemExit("the list is too short")

    by_name = common.median_ms(lambda: read("partner_name, id"), repeat)
    by_score = common.median_ms(lambda: read("office_match_score desc, id"), repeat)
    ratio = by_score / by_name
    common.say(
        f"{LIST_SIZE} of {APPLICANTS} applicants by score: {by_score:.1f} ms; by name "
        f"{by_name:.1f} ms; ratio {ratio:.2f}"
    )
    if ratio > LIMIT_LIST:
        common.say(f"FAILED: the ratio is over {LIMIT_LIST}")
        return 1
    return 0


def measure_odoo(env):
    """Compare reading the scores of everybody with reading Odoo's own."""
    times = {}
    for name in ("office_match_score", "matching_score"):
        env.invalidate_all()
        applicants = env["hr.applicant"].search([])
        start = time.perf_counter()
        applicants.mapped(name)
        times[name] = (time.perf_counter() - start) * 1000
    ours, theirs = times["office_match_score"], times["matching_score"]
    common.say(
        f"reading {APPLICANTS} scores: {ours:.1f} ms; Odoo's own matching_score "
        f"{theirs:.1f} ms; ratio {ours / theirs:.4f}"
    )


def main():
    arguments = common.parse_arguments(__doc__.splitlines()[0])
    status = 0
    with common.scratch_environment(arguments.database) as env:
        roles = create_roles(env)
        create_applicants(env, roles)
        repeat = max(arguments.repeat // 3, 1)
        title = f"{APPLICANTS} applicants for their jobs"
        status |= measure_refresh(env, title, JOB_ONLY, APPLICANTS, LIMIT_JOBS, repeat)
        measure_nothing_new(env, title)
        measure_skill(env)
        status |= measure_list(env, 3 * arguments.repeat)
        measure_odoo(env)
        env.cr.execute("UPDATE hr_applicant SET office_every_role = TRUE")
        env.cr.execute("DELETE FROM office_role_match WHERE employee_id IS NOT NULL")
        vacuum(env)
        title = f"{APPLICANTS} applicants × {ROLES} roles"
        pairs = APPLICANTS * ROLES
        status |= measure_refresh(env, title, "TRUE", pairs, LIMIT_PAIRS, repeat)
    return status


if __name__ == "__main__":
    sys.exit(main())
