# Every path through try, except, else and finally, with return, break, continue and nested raises.


def path(action):
    trace = []
    try:
        trace.append("try")
        if action == "raise":
            raise ValueError("v")
        if action == "other":
            raise KeyError("k")
        if action == "return":
            return trace
    except ValueError as error:
        trace.append(f"except {error}")
    else:
        trace.append("else")
    finally:
        trace.append("finally")
    trace.append("after")
    return trace


for action in ("none", "raise", "return"):
    print(action, path(action))
try:
    path("other")
except KeyError as error:
    print("propagated", error)


def select(error):
    try:
        raise error
    except ZeroDivisionError:
        return "zero"
    except (KeyError, IndexError) as caught:
        return f"lookup {type(caught).__name__}"
    except ArithmeticError:
        return "arithmetic"
    except Exception:
        return "exception"
    except BaseException:
        return "base"


for error in (
    ZeroDivisionError(), KeyError(), IndexError(), OverflowError(), ValueError(), KeyboardInterrupt(), SystemExit(),
    LookupError(), GeneratorExit()
):
    print(type(error).__name__, select(error))


def bare():
    try:
        1 / 0
    except:
        return "bare"


print(bare())


def return_in_finally():
    try:
        raise ValueError
    finally:
        return "finally wins"


def return_overridden():
    try:
        return "try"
    finally:
        return "finally"


def return_not_rebound():
    value = 1
    try:
        return value
    finally:
        value = 2


def else_raises():
    try:
        pass
    except ValueError:
        return "caught in its own try"
    else:
        raise ValueError("from else")
    finally:
        log.append("finally of else")


def nested():
    try:
        try:
            raise ValueError("inner")
        except KeyError:
            log.append("wrong handler")
        finally:
            log.append("inner finally")
    except ValueError as error:
        log.append(f"outer {error}")
    else:
        log.append("no else")
    finally:
        log.append("outer finally")


log = []
print(return_in_finally(), return_overridden(), return_not_rebound())
try:
    else_raises()
except ValueError as error:
    print(error, log)
log.clear()
nested()
print(log)


def loop():
    result = []
    for i in range(6):
        try:
            if i == 1:
                continue
            if i == 4:
                break
            if i == 2:
                raise ValueError
            result.append(i)
        except ValueError:
            result.append("caught")
            continue
        else:
            result.append("else")
        finally:
            result.append(f"f{i}")
        result.append("end")
    else:
        result.append("loop else")
    return result


def continue_in_finally():
    count = 0
    while count < 5:
        count += 1
        try:
            raise ValueError
        finally:
            continue
    return count


def break_in_finally():
    for i in range(5):
        try:
            return "returned"
        finally:
            break
    return f"broke at {i}"


def return_in_nested_finally():
    for i in range(3):
        try:
            try:
                1 / 0
            finally:
                log.append(i)
        except ZeroDivisionError:
            if i == 1:
                return i


log.clear()
print(loop(), continue_in_finally(), break_in_finally(), return_in_nested_finally(), log)
try:
    try:
        raise ValueError("first")
    finally:
        raise KeyError("second")
except KeyError as error:
    print(repr(error), repr(error.__context__))
try:
    raise ValueError("deleted after")
except ValueError as error:
    pass
print("error" in globals())


def unbound_after():
    try:
        raise ValueError
    except ValueError as e:
        pass
    return e


try:
    unbound_after()
except UnboundLocalError as error_:
    print(error_)
error = "kept"
try:
    raise ValueError
except ValueError as error:
    error = "rebound"
print("error" in globals())


def yields():
    try:
        yield 1
        yield 2
    except ValueError:
        yield "caught"
    finally:
        yield "finally"


print(list(yields()))
g = yields()
next(g)
print(g.throw(ValueError), next(g), next(g, "end"))
for bad in (5, "str", None, [ValueError], (ValueError, 5)):
    try:
        try:
            raise ValueError("original")
        except bad:
            print("matched")
    except TypeError as error:
        print(error, "|", repr(error.__context__))


def matching(*types):
    try:
        raise KeyError(1)
    except types as error:
        return repr(error)


print(matching(ValueError, LookupError))
try:
    print(matching())
except KeyError as error:
    print("not matched", error)
