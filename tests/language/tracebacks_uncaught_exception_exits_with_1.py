# An uncaught exception prints its traceback after what was printed before, and the exit status is 1.

print("before")


def level(n):
    if n == 0:
        raise LookupError("at the bottom")
    try:
        level(n - 1)
    finally:
        print("finally", n)


level(3)
print("never reached")
