"""Makes reference.tsv, what SkyReferenceTest compares with: python3 reference.py > reference.tsv

Made with Debian 12's python3-astropy 5.2.1 and python3-ephem 4.1.4, neither of which shares code with what is tested:
astropy has frames of its own for galactic coordinates, FK4 and FK5 (SOFA's, in C, only for times), PyEphem has VSOP87 for
the Sun, Moshier's theory for the Moon and Meeus' formulas for the ecliptic. Both hold positions of 1960 to 2099 to far
less than what is demanded.
"""
import math
import random

import ephem
from astropy import units
from astropy.coordinates import FK4, FK5, ICRS, Galactic, SkyCoord
from astropy.time import Time

rng = random.Random(20140430)


def place():
    return round(rng.uniform(0, 360), 6), round(math.degrees(math.asin(rng.uniform(-1, 1))), 6)


def when():
    mjd = rng.uniform(Time("1960-01-02").mjd, Time("2099-12-30").mjd)
    # To the millisecond in which it is written down.
    return Time(Time(mjd, format="mjd", scale="utc", precision=3).isot, scale="utc", precision=3)


def row(kind, *values):
    print(kind, *(v if isinstance(v, str) else format(v, ".9f") for v in values), sep="\t")


def degrees(coordinates):
    return coordinates.icrs.ra.deg, coordinates.icrs.dec.deg


def ecliptic(ra, dec):
    e = ephem.Ecliptic(ephem.Equatorial(math.radians(ra), math.radians(dec), epoch="2000"), epoch="2000")
    return math.degrees(e.lon), math.degrees(e.lat)


print("# kind, arguments, expected; made by reference.py")
special = [(0, 0), (0, 90), (0, -90), (266.405, -28.936175), (192.859508, 27.128336), (83.633083, 22.0145), (359.999999, 0.000001)]
for ra, dec in special + [place() for _ in range(60)]:
    c = SkyCoord(ra, dec, unit="deg", frame=ICRS)
    g = c.transform_to(Galactic())
    row("galactic", ra, dec, g.l.deg, g.b.deg)
    row("ecliptic", ra, dec, *ecliptic(ra, dec))
    row("from-galactic", ra, dec, *degrees(SkyCoord(ra, dec, unit="deg", frame=Galactic)))
    row("from-fk5", ra, dec, *degrees(SkyCoord(ra, dec, unit="deg", frame=FK5)))
    e = ephem.Equatorial(ephem.Ecliptic(math.radians(ra), math.radians(dec), epoch="2000"), epoch="2000")
    row("from-ecliptic", ra, dec, math.degrees(e.ra), math.degrees(e.dec))
    t = when()
    row("from-fk4", ra, dec, t.isot, *degrees(SkyCoord(ra, dec, unit="deg", frame=FK4(equinox="B1950", obstime=t))))
for _ in range(60):
    a, b = place(), place()
    near = (a[0] + rng.uniform(-1, 1) * 1e-3, max(-90, min(90, a[1] + rng.uniform(-1, 1) * 1e-3)))
    for other in b, near, ((a[0] + 180) % 360, -a[1]):
        other = round(other[0], 6), round(other[1], 6)
        separation = SkyCoord(*a, unit="deg").separation(SkyCoord(*other, unit="deg"))
        row("separation", *a, *other, separation.deg)
for _ in range(200):
    t = when()
    # PyEphem guesses how the Earth will turn and so the Terrestrial Time; what it is to be told is the latter.
    date = t.tt.jd - 2415020 - ephem.delta_t(t.utc.jd - 2415020) / 86400
    for name, body in ("sun", ephem.Sun()), ("moon", ephem.Moon()):
        body.compute(date, epoch="2000")
        row(name, t.isot, math.degrees(body.a_ra), math.degrees(body.a_dec))
    row("mjd", t.isot, format(t.mjd, ".12f"))
