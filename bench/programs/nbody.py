"""Integrates the Sun and the four outer planets with a symplectic (leapfrog) method and reports the system's energy.

The n-body workload of the Computer Language Benchmarks Game; orbits from the JPL HORIZONS ephemeris.
"""

import math
import sys

DAYS_PER_YEAR = 365.24
SOLAR_MASS = 4.0 * math.pi * math.pi
STEP = 0.01


class Body:
    """A point mass: position in astronomical units, velocity in units per year."""

    def __init__(self, name, position, velocity_per_day, solar_masses):
        self.name = name
        self.x, self.y, self.z = position
        self.vx, self.vy, self.vz = [v * DAYS_PER_YEAR for v in velocity_per_day]
        self.mass = solar_masses * SOLAR_MASS


def solar_system():
    return [
        Body("Sun", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 1.0),
        Body(
            "Jupiter",
            (4.84143144246472090e00, -1.16032004402742839e00, -1.03622044471123109e-01),
            (1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05),
            9.54791938424326609e-04,
        ),
        Body(
            "Saturn",
            (8.34336671824457987e00, 4.12479856412430479e00, -4.03523417114321381e-01),
            (-2.76742510726411899e-03, 4.99852801234917238e-03, 2.30417297573763929e-05),
            2.85885980666130812e-04,
        ),
        Body(
            "Uranus",
            (1.28943695621391310e01, -1.51111514016986312e01, -2.23307578892655734e-01),
            (2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05),
            4.36624404335156298e-05,
        ),
        Body(
            "Neptune",
            (1.53796971148509165e01, -2.59193146099879641e01, 1.79258772950371181e-01),
            (2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05),
            5.15138902046611451e-05,
        ),
    ]


def pairs_of(bodies):
    return [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1 :]]


def remove_drift(bodies):
    """Give the first body the momentum that makes the whole system's zero."""
    sun = bodies[0]
    sun.vx = -sum(b.vx * b.mass for b in bodies) / sun.mass
    sun.vy = -sum(b.vy * b.mass for b in bodies) / sun.mass
    sun.vz = -sum(b.vz * b.mass for b in bodies) / sun.mass


def energy(bodies, pairs):
    total = 0.0
    for body in bodies:
        total += 0.5 * body.mass * (body.vx * body.vx + body.vy * body.vy + body.vz * body.vz)
    for a, b in pairs:
        dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
        total -= a.mass * b.mass / math.sqrt(dx * dx + dy * dy + dz * dz)
    return total


def advance(bodies, pairs, steps, dt):
    for _ in range(steps):
        for a, b in pairs:
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            squared = dx * dx + dy * dy + dz * dz
            magnitude = dt / (squared * math.sqrt(squared))
            pull = b.mass * magnitude
            a.vx -= dx * pull
            a.vy -= dy * pull
            a.vz -= dz * pull
            pull = a.mass * magnitude
            b.vx += dx * pull
            b.vy += dy * pull
            b.vz += dz * pull
        for body in bodies:
            body.x += dt * body.vx
            body.y += dt * body.vy
            body.z += dt * body.vz


def main(steps):
    bodies = solar_system()
    pairs = pairs_of(bodies)
    remove_drift(bodies)
    before = energy(bodies, pairs)
    advance(bodies, pairs, steps, STEP)
    after = energy(bodies, pairs)
    if abs(after - before) > 2e-4 * abs(before):
        raise RuntimeError(f"energy is not conserved: {before!r} became {after!r}")
    momentum = sum(b.vx * b.mass for b in bodies)
    if abs(momentum) > 1e-12:
        raise RuntimeError(f"momentum is not conserved: {momentum!r}")
    print("steps:", steps)
    print("energy before: %.9f" % before)
    print("energy after: %.9f" % after)
    for body in bodies:
        print(f"{body.name}: {body.x!r} {body.y!r} {body.z!r}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 450000)
