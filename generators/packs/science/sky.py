"""Moon phases, seasons and the sun's longitude, after Jean Meeus, Astronomical Algorithms.

Good to a few minutes for the years 1900 to 2100, which days need. Instants are returned as UTC;
the difference between UTC and dynamical time, about 70 seconds in these years, is taken off.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import cos, radians, sin

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_DELTA_T = timedelta(seconds=70)
SYNODIC = 29.530588861
"""Days from new moon to new moon, in the mean."""


def _instant(jde: float) -> datetime:
    return _J2000 + timedelta(days=jde - 2451545.0) - _DELTA_T


def _centuries(moment: datetime) -> float:
    return (moment - _J2000 + _DELTA_T) / timedelta(days=36525)


def _wave(terms: str, **angle: float) -> float:
    """Sum of `coefficient * sin(angles)`; one term a line: coefficient, then multiples."""
    total = 0.0
    for line in terms.split(";"):
        coefficient, *multiples = line.split()
        argument = 0.0
        for part in multiples:
            count, name = int(part[:-1] or 1) if part[:-1] != "-" else -1, part[-1]
            argument += count * angle[name]
        total += float(coefficient) * sin(argument)
    return total


# Angles: m the sun's mean anomaly, p the moon's, f its argument of latitude. Meeus, chapter 49;
# terms under half a minute of time are left out, and so is the eccentricity factor's square.
_NEW = (
    "-0.40720 p;0.17241 m;0.01608 2p;0.01039 2f;0.00739 p -m;-0.00514 p m;0.00208 2m;"
    "-0.00111 p -2f;-0.00057 p 2f;0.00056 2p m;-0.00042 3p;0.00042 m 2f;0.00038 m -2f;"
    "-0.00024 2p -m"
)
_FULL = (
    "-0.40614 p;0.17302 m;0.01614 2p;0.01043 2f;0.00734 p -m;-0.00515 p m;0.00209 2m;"
    "-0.00111 p -2f;-0.00057 p 2f;0.00056 2p m;-0.00042 3p;0.00042 m 2f;0.00038 m -2f;"
    "-0.00024 2p -m"
)
_QUARTER = (
    "-0.62801 p;0.17172 m;-0.01183 p m;0.00862 2p;0.00804 2f;0.00454 p -m;0.00204 2m;"
    "-0.00180 p -2f;-0.00070 p 2f;-0.00040 3p;-0.00034 2p -m;0.00032 m 2f;0.00032 m -2f;"
    "-0.00028 p 2m;0.00027 2p m"
)


def moon_phase_at(k: float) -> datetime:
    """The instant of phase number `k`: whole = new moon, +.25, +.5, +.75 the other phases."""
    t = k / 1236.85
    jde = 2451550.09766 + SYNODIC * k + 0.00015437 * t * t
    m = radians(2.5534 + 29.10535670 * k)
    p = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    f = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    phase = round(k % 1 * 4) % 4
    jde += _wave({0: _NEW, 2: _FULL}.get(phase, _QUARTER), m=m, p=p, f=f)
    if phase in (1, 3):
        w = 0.00306 - 0.00038 * cos(m) + 0.00026 * cos(p)
        jde += w if phase == 1 else -w
    return _instant(jde)


def _number(day: date) -> float:
    """About which phase number it is on `day`."""
    return (day - date(2000, 1, 6)).days / SYNODIC


def next_phase(day: date, phase: int) -> datetime:
    """First instant of `phase` (0 new, 1 first quarter, 2 full, 3 last quarter) from `day` on."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    k = int(_number(day)) - 2 + phase / 4
    while (moment := moon_phase_at(k)) < start:
        k += 1
    return moment


def moon_age(moment: datetime) -> float:
    """Days since the last new moon."""
    k = int(_number(moment.date())) + 2
    while (new := moon_phase_at(k)) > moment:
        k -= 1
    return (moment - new) / timedelta(days=1)


def moon_illumination(moment: datetime) -> float:
    """Illuminated share of the moon's disc, 0 to 1. Meeus, chapter 48."""
    t = _centuries(moment)
    d = radians(297.8501921 + 445267.1114034 * t)
    m = radians(357.5291092 + 35999.0502909 * t)
    p = radians(134.9633964 + 477198.8675055 * t)
    correction = _wave("-6.289 p;2.100 m;-1.274 2d -p;-0.658 2d;-0.214 2p;-0.110 d", m=m, p=p, d=d)
    angle = radians(180 + correction) - d
    return (1 + cos(angle)) / 2


# Meeus, chapter 27: March, June, September, December; then A, B, C of A cos(B + C t).
_SEASONS = (
    (2451623.80984, 365242.37404, 0.05169, -0.00411, -0.00057),
    (2451716.56767, 365241.62603, 0.00325, 0.00888, -0.00030),
    (2451810.21715, 365242.01767, -0.11575, 0.00337, 0.00078),
    (2451900.05952, 365242.74049, -0.06223, -0.00823, 0.00032),
)
_SEASON_TERMS = (
    (485, 324.96, 1934.136), (203, 337.23, 32964.467), (199, 342.08, 20.186),
    (182, 27.85, 445267.112), (156, 73.14, 45036.886), (136, 171.52, 22518.443),
    (77, 222.54, 65928.934), (74, 296.72, 3034.906), (70, 243.58, 9037.513),
    (58, 119.81, 33718.147), (52, 297.17, 150.678), (50, 21.02, 2281.226),
    (45, 247.54, 29929.562), (44, 325.15, 31555.956), (29, 60.93, 4443.417),
    (18, 155.12, 67555.328), (17, 288.79, 4562.452), (16, 198.04, 62894.029),
    (14, 199.76, 31436.921), (12, 95.39, 14577.848), (12, 287.11, 31931.756),
    (12, 320.81, 34777.259), (9, 227.73, 1222.114), (8, 15.45, 16859.074),
)  # fmt: skip


def season_at(year: int, season: int) -> datetime:
    """Equinox or solstice: 0 March, 1 June, 2 September, 3 December; years 1900 to 2100."""
    y = (year - 2000) / 1000
    mean = sum(c * y**n for n, c in enumerate(_SEASONS[season]))
    t = (mean - 2451545.0) / 36525
    w = radians(35999.373 * t - 2.47)
    factor = 1 + 0.0334 * cos(w) + 0.0007 * cos(2 * w)
    total = sum(a * cos(radians(b + c * t)) for a, b, c in _SEASON_TERMS)
    return _instant(mean + 0.00001 * total / factor)


def sun_longitude(moment: datetime) -> float:
    """The sun's ecliptic longitude in degrees, equinox J2000, to about 0.01."""
    t = _centuries(moment)
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t) * sin(anomaly)
        + 0.019993 * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    of_date = 280.46646 + 36000.76983 * t + 0.0003032 * t * t + centre
    return (of_date - 1.396971 * t - 0.00569) % 360


def when_sun_at(longitude: float, year: int) -> datetime:
    """When in `year` the sun reaches an ecliptic longitude (degrees, J2000)."""
    days = (longitude - 280.4) % 360 / 360 * 365.25
    moment = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=days)
    for _ in range(6):
        gap = (longitude - sun_longitude(moment) + 180) % 360 - 180
        moment += timedelta(days=gap / 0.9856)
    return moment
