# break, continue and return that leave try, with and nested loops, in every combination.

log = []


class Manager:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        log.append(f"+{self.name}")

    def __exit__(self, *details):
        log.append(f"-{self.name}")


def run(action):
    log.clear()
    for i in range(3):
        try:
            try:
                with Manager("a"), Manager("b"):
                    if action == "break":
                        break
                    if action == "continue":
                        continue
                    if action == "return":
                        return "returned", log
                    if action == "raise":
                        raise ValueError
                    if action == "nested":
                        for j in range(2):
                            try:
                                if j == 1:
                                    break
                            finally:
                                log.append(f"j{j}")
            except ValueError:
                log.append("except")
                if i == 1:
                    break
            else:
                log.append("else")
            finally:
                log.append("inner")
        finally:
            log.append(f"outer{i}")
    else:
        log.append("loop else")
    return "end", log


for action in ("none", "break", "continue", "return", "raise", "nested"):
    print(action, *run(action))


def while_version(action):
    log.clear()
    n = 0
    while n < 3:
        n += 1
        try:
            if action == "break":
                break
            elif action == "continue":
                continue
            elif action == "return":
                return n, log
        finally:
            log.append(n)
    else:
        log.append("else")
    return n, log


for action in ("none", "break", "continue", "return"):
    print(action, *while_version(action))


def finally_overrides(how):
    for i in range(3):
        try:
            if how == "return over return":
                return "first"
            if how == "break over return":
                return "first"
            if how == "continue over raise":
                raise ValueError
            if how == "return over raise":
                raise ValueError
        finally:
            if how == "return over return" or how == "return over raise":
                return "second"
            if how == "break over return":
                break
            if how == "continue over raise":
                continue
    return f"after {i}"


for how in ("return over return", "break over return", "continue over raise", "return over raise"):
    print(how, finally_overrides(how))


def in_except():
    for i in range(4):
        try:
            raise KeyError(i)
        except KeyError as error:
            if i < 2:
                continue
            break
        finally:
            log.append(i)
    return i, "error" in locals()


def return_expression():
    value = [1]
    try:
        return value
    finally:
        value.append(2)


def return_evaluated_before():
    def f():
        log.append("evaluated")
        return 1
    try:
        return f()
    finally:
        log.append("finally")


def nested_returns():
    try:
        try:
            return "inner"
        finally:
            log.append("1")
    finally:
        log.append("2")


def raise_in_finally_chain():
    try:
        try:
            return "lost"
        finally:
            raise ValueError("from finally")
    except ValueError as error:
        return f"caught {error} {error.__context__}"


def generator():
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                return "done"
            yield i
        finally:
            yield f"finally {i}"


def with_in_loop():
    out = []
    for i in range(5):
        with Manager(i):
            if i % 2:
                continue
            if i == 4:
                break
            out.append(i)
    else:
        out.append("else")
    return out


log.clear()
print(in_except(), log)
log.clear()
print(
    return_expression(), return_evaluated_before(), nested_returns(), raise_in_finally_chain(), list(generator()),
    with_in_loop(), log
)


def deep():
    for a in range(2):
        try:
            for b in range(2):
                try:
                    for c in range(2):
                        try:
                            if (a, b, c) == (0, 0, 1):
                                break
                            if (a, b, c) == (0, 1, 0):
                                continue
                            if (a, b, c) == (1, 0, 1):
                                raise StopAsyncIteration
                            if (a, b, c) == (1, 1, 1):
                                return "deep return"
                            log.append((a, b, c))
                        finally:
                            log.append("c")
                except StopAsyncIteration:
                    log.append("caught")
                finally:
                    log.append("b")
        finally:
            log.append("a")


log.clear()
print(deep(), log)
