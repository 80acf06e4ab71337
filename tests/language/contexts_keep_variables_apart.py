# contextvars: variables, tokens, contexts, and a context of its own for every thread.
import contextvars
import pickle
import re
import threading
from contextvars import Context, ContextVar, Token, copy_context


def shown(value):
    return re.sub('0x[0-9a-f]+', '0x', repr(value))


def attempt(function, *arguments, **keywords):
    try:
        print(shown(function(*arguments, **keywords)))
    except BaseException as error:
        print(type(error).__name__, re.sub('0x[0-9a-f]+', '0x', str(error)))


variable = ContextVar('variable')
other = ContextVar('other', default=5)
attempt(variable.get)
attempt(variable.get, 3)
attempt(other.get)
attempt(other.get, 1)
token = variable.set(10)
print(variable.get(), shown(variable), shown(other), shown(token))
print(token.old_value, token.var is variable, Token.MISSING, type(Token.MISSING))
attempt(other.reset, token)
variable.reset(token)
attempt(variable.get)
attempt(variable.reset, token)
print(shown(token))
token = variable.set(3)
context = copy_context()


def change(*arguments, **keywords):
    print(arguments, keywords, variable.get())
    variable.set(99)
    return variable.get()


print(context.run(change, 1, k=2), variable.get(), context[variable])
attempt(context.run, variable.reset, token)
attempt(context.run)
attempt(context.run, lambda: context.run(print))
attempt(context.run, lambda: 1 / 0)
print(context.run(lambda: copy_context() == context))
empty = Context()
print(len(empty), empty == Context(), empty != context, empty == {}, list(empty), variable in context,
      variable in empty)
attempt(lambda: 1 in context)
attempt(lambda: context[1])
attempt(lambda: empty[variable])
print(context.get(variable), empty.get(variable), empty.get(variable, 7))
attempt(context.get, 1)
attempt(context.get)
attempt(hash, context)
attempt(hash, token)
attempt(lambda: setattr(variable, 'name', 'x'))
attempt(lambda: context < context)
attempt(Context, 1)
attempt(ContextVar)
attempt(ContextVar, 1)
attempt(ContextVar, 'a', 1)
attempt(ContextVar, 'a', foo=1)
attempt(ContextVar, name='a')
attempt(Token)
attempt(copy_context, 1)
attempt(variable.get, 1, 2)
attempt(variable.get, default=1)
attempt(variable.set)
attempt(variable.reset, 1)
for base in Context, ContextVar, Token:
    attempt(lambda: type('Derived', (base,), {}))
    attempt(pickle.dumps, {Context: context, ContextVar: variable, Token: token}[base])
print([(k.name, v) for k, v in context.items()], list(context.values()), [k.name for k in context],
      [k.name for k in context.keys()])
print(ContextVar[int], Token[str], context.copy() == context, context.copy() is context)

# A copy is not disturbed by what comes later, and an iteration not by changes.
first = copy_context()
other.set('later')
print(other in first, other in copy_context())


def iterate():
    for i, key in enumerate(copy_context()):
        ContextVar('new').set(i)
    mine = iter(copy_context().items())
    variable.set('changed')
    return sorted((v for k, v in mine), key=str)  # in the order of the variables' hashes, which are addresses


print(first.run(iterate))

# Every thread begins with an empty context; asyncio and others carry theirs along.
values = []


def thread():
    values.append(variable.get('nothing'))
    variable.set('thread')
    values.append(variable.get())


t = threading.Thread(target=thread)
t.start()
t.join()
print(values, variable.get())
t = threading.Thread(target=copy_context().run, args=(thread,))
t.start()
t.join()
print(values, variable.get())


def generator():
    variable.set('in generator')
    yield variable.get()
    yield variable.get()


g = generator()
print(next(g), variable.get())
variable.set('outside')
print(next(g))
