"""What is left of a price: plain functions without the ORM."""


def discounted(price: float, discount: float) -> float:
    """Return a price less a discount in percent.

    >>> discounted(200.0, 25)
    150.0
    """
    return price * (1 - discount / 100)


def margin(price: float, cost: float) -> float:
    """Return the part of a price that is above the cost, 0 without a price.

    >>> margin(200.0, 150.0), margin(100.0, 150.0), margin(0.0, 5.0)
    (0.25, -0.5, 0.0)
    """
    return (price - cost) / price if price > 0 else 0.0


def highest_discount(price: float, cost: float, floor: float) -> float:
    """Return the highest discount in percent that keeps a margin.

    :param price: the price without discount
    :param cost: what it costs
    :param floor: the least margin, under 1
    :return: from 0 to 100; 0 as well where the price is below the floor already

    >>> highest_discount(200.0, 75.0, 0.25)
    50.0
    >>> highest_discount(100.0, 90.0, 0.2)
    0.0
    """
    if price <= 0 or floor >= 1:
        return 0.0
    least = cost / (1 - floor)
    return max(0.0, min(100.0, (1 - least / price) * 100))
