"""Who is enrolled in what, with the programmes that come before: without the ORM."""

from collections.abc import Collection, Iterable, Mapping

Pair = tuple[int, int]


def with_prerequisites(
    wanted: Iterable[Pair],
    prerequisites: Mapping[int, Iterable[int]],
    running: Collection[Pair] = (),
    done: Collection[Pair] = (),
) -> list[Pair]:
    """Return who is to be enrolled in what, prerequisites first.

    Whoever has a programme under way is left out, and what comes before it is not asked
    for either: they have been let in. A prerequisite that somebody completed once is
    not asked for again; a programme that was wanted by itself is.

    :param wanted: pairs of programme and employee
    :param prerequisites: for a programme the programmes that come directly before it,
        without a cycle
    :param running: pairs that are under way
    :param done: pairs that were completed once
    :return: pairs of programme and employee, each once

    >>> with_prerequisites([(3, 1)], {3: [2], 2: [1]})
    [(1, 1), (2, 1), (3, 1)]
    >>> with_prerequisites([(3, 1)], {3: [2], 2: [1]}, done={(2, 1)})
    [(3, 1)]
    >>> with_prerequisites([(3, 1)], {3: [2], 2: [1]}, running={(2, 1)})
    [(3, 1)]
    >>> with_prerequisites([(2, 1), (1, 1)], {2: [1]}, done={(1, 1)})
    [(1, 1), (2, 1)]
    """
    wanted = list(dict.fromkeys(wanted))
    asked = set(wanted)
    plan: list[Pair] = []
    seen: set[Pair] = set(running)
    # Each pair is met twice: on the way down, and when all before it stands in the
    # plan.
    pending = [(pair, False) for pair in reversed(wanted)]
    while pending:
        pair, ready = pending.pop()
        if ready:
            plan.append(pair)
        elif pair not in seen:
            seen.add(pair)
            programme, employee = pair
            before = [(each, employee) for each in prerequisites.get(programme, ())]
            pending.append((pair, True))
            pending.extend(
                (each, False)
                for each in reversed(before)
                if each not in done or each in asked
            )
    return plan
