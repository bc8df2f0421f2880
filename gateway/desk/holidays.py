"""Public holidays of a country and region, from the library `holidays`. Pure.

The library is imported when the first holiday is asked for: it takes some 20 MiB, which a desk without a country need
not pay.
"""

import warnings
from collections.abc import Mapping
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=256)
def holidays_of(country: str, region: str, year: int) -> Mapping[date, str]:
    """The days of a year that are public holidays, with their English names where the library has them.

    For some countries it knows few years; in others they have none. ValueError: no such country or region.
    """
    if not country:
        return {}
    import holidays

    try:
        with warnings.catch_warnings():
            # Of a year outside its data: an operator can do nothing about it, and the days are simply not there.
            warnings.simplefilter("ignore")
            found = holidays.country_holidays(
                country, subdiv=region or None, years=year, expand=False, language="en_US"
            )
            return {day: name for day, name in sorted(found.items()) if day.year == year}
    except NotImplementedError as error:
        raise ValueError(str(error)) from None
