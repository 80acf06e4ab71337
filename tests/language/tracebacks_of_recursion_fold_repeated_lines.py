# A runaway recursion that nobody catches shows each repeated frame three times and counts the rest.


def runaway(n):
    return runaway(n + 1)


runaway(0)
