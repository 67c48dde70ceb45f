"""What a period ends with if open opportunities are won more often, or less; no ORM."""

from collections.abc import Iterable

# what the slider offers, in percent of the win rate as it is
RATES = range(0, 201, 5)


def forecast_at(
    forecast: float,
    opportunities: Iterable[tuple[float, float]],
    factor: float,
    rate: float,
) -> float:
    """Return the forecast with every probability multiplied by ``rate`` percent.

    At 100 % it is the forecast itself; none is won with more than 100 %.

    Args:
        forecast: what the period ends with at the probabilities as they are.
        opportunities: probability in percent, and expected revenue.
        factor: what of an opportunity's revenue counts.
        rate: in percent of the win rate as it is.

    >>> half = [(50.0, 800.0), (90.0, 100.0)]
    >>> forecast_at(790.0, half, 1.0, 100)
    790.0
    >>> forecast_at(790.0, half, 1.0, 150)
    1000.0
    >>> forecast_at(790.0, half, 1.0, 0)
    300.0
    """
    change = sum(
        (min(100.0, probability * (rate / 100.0)) - probability) / 100.0 * revenue
        for probability, revenue in opportunities
    )
    return forecast + change * factor
