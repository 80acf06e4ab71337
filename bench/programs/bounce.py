"""Balls bounce in a box and every bounce is counted.

The Bounce workload of the Are-We-Fast-Yet suite (Marr, Daloze and Moessenboeck 2016): small objects whose integer
attributes are read and written in a tight loop.
"""

import sys

WIDTH = HEIGHT = 500
BALLS = 100
STEPS = 50


class Random:
    """A small linear congruential generator, so that every run draws the same numbers."""

    def __init__(self):
        self.seed = 74755

    def next(self):
        self.seed = (self.seed * 1309 + 13849) & 65535
        return self.seed


class Ball:
    def __init__(self, random):
        self.x = random.next() % WIDTH
        self.y = random.next() % HEIGHT
        self.x_velocity = random.next() % 300 - 150
        self.y_velocity = random.next() % 300 - 150

    def move(self):
        """Advances one step; whether a wall was hit."""
        bounced = False
        self.x += self.x_velocity
        self.y += self.y_velocity
        if self.x > WIDTH:
            self.x = WIDTH
            self.x_velocity = -abs(self.x_velocity)
            bounced = True
        if self.x < 0:
            self.x = 0
            self.x_velocity = abs(self.x_velocity)
            bounced = True
        if self.y > HEIGHT:
            self.y = HEIGHT
            self.y_velocity = -abs(self.y_velocity)
            bounced = True
        if self.y < 0:
            self.y = 0
            self.y_velocity = abs(self.y_velocity)
            bounced = True
        return bounced


def simulate():
    random = Random()
    balls = [Ball(random) for _ in range(BALLS)]
    bounces = 0
    for _ in range(STEPS):
        for ball in balls:
            if ball.move():
                bounces += 1
    return bounces


def main(rounds):
    bounces = [simulate() for _ in range(rounds)]
    if min(bounces) != max(bounces):
        raise RuntimeError(f"the rounds differ: {sorted(set(bounces))}")
    print("rounds:", rounds)
    print("bounces of a round:", bounces[0])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
