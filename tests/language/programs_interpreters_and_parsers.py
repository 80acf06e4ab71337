# Whole small programs: a calculator, a Lisp, a stack machine, a regular-expression matcher and a template engine.


class Calculator:
    """Recursive descent over + - * / ^ unary minus, parentheses, names and calls."""

    def __init__(self, text, names):
        self.tokens, self.names, self.at = self.scan(text), names, 0

    def scan(self, text):
        tokens, i = [], 0
        while i < len(text):
            if text[i].isspace():
                i += 1
            elif text[i].isdigit():
                j = i
                while j < len(text) and (text[j].isdigit() or text[j] == "."):
                    j += 1
                tokens.append(float(text[i:j]) if "." in text[i:j] else int(text[i:j]))
                i = j
            elif text[i].isalpha():
                j = i
                while j < len(text) and text[j].isalnum():
                    j += 1
                tokens.append(("name", text[i:j]))
                i = j
            elif text[i] in "+-*/^(),=":
                tokens.append(text[i])
                i += 1
            else:
                raise SyntaxError(f"unexpected {text[i]!r} at {i}")
        return tokens + [None]

    def take(self, *expected):
        token = self.tokens[self.at]
        if isinstance(token, str) and token in expected:
            self.at += 1
            return token
        return None

    def parse(self):
        if isinstance(self.tokens[0], tuple) and self.tokens[1] == "=":
            self.at = 2
            self.names[self.tokens[0][1]] = value = self.sum()
        else:
            value = self.sum()
        if self.tokens[self.at] is not None:
            raise SyntaxError(f"left over: {self.tokens[self.at]}")
        return value

    def sum(self):
        value = self.product()
        while operator := self.take("+", "-"):
            right = self.product()
            value = value + right if operator == "+" else value - right
        return value

    def product(self):
        value = self.unary()
        while operator := self.take("*", "/"):
            right = self.unary()
            value = value * right if operator == "*" else value / right
        return value

    def unary(self):
        return -self.unary() if self.take("-") else self.power()

    def power(self):
        base = self.atom()
        return base ** self.unary() if self.take("^") else base

    def atom(self):
        token = self.tokens[self.at]
        self.at += 1
        if isinstance(token, (int, float)):
            return token
        if token == "(":
            value = self.sum()
            if not self.take(")"):
                raise SyntaxError("missing )")
            return value
        if isinstance(token, tuple):
            if self.take("("):
                arguments = [self.sum()]
                while self.take(","):
                    arguments.append(self.sum())
                if not self.take(")"):
                    raise SyntaxError("missing )")
                return self.names[token[1]](*arguments)
            return self.names[token[1]]
        raise SyntaxError(f"unexpected {token!r}")


names = {"max": max, "abs": abs, "pi": 3}
for line in (
    "1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "-2 ^ 2", "x = 10 / 4", "x * x - 1", "max(1, x, abs(-7))", "1 +",
    "2 $ 3", "(1", "y", "1 / 0", "1 2", "max(1", "2 - -3 - 4", "10 - 4 - 3", "pi * 2 ^ -1"
):
    try:
        print(line, "=", Calculator(line, names).parse())
    except Exception as error:
        print(line, "->", type(error).__name__, error)


class Lisp:
    """Lists, integers and symbols; special forms quote, if, define, lambda, let, begin."""

    def __init__(self):
        self.globals = {
            "+": lambda *a: sum(a), "-": lambda a, *b: a - sum(b) if b else -a, "*": self.multiply, "<": lambda a,
            b: a < b, "=": lambda a, b: a == b, "car": lambda x: x[0], "cdr": lambda x: x[1:], "cons": lambda a,
            b: [a, *b], "list": lambda *a: list(a), "null?": lambda x: x == [],
            "display": lambda x: self.output.append(self.show(x))
        }
        self.output = []

    def multiply(self, *arguments):
        product = 1
        for argument in arguments:
            product *= argument
        return product

    def read(self, text):
        tokens = text.replace("(", " ( ").replace(")", " ) ").replace("'", " ' ").split()

        def form():
            token = tokens.pop(0)
            if token == "(":
                items = []
                while tokens[0] != ")":
                    items.append(form())
                tokens.pop(0)
                return items
            if token == "'":
                return ["quote", form()]
            try:
                return int(token)
            except ValueError:
                return token

        forms = []
        while tokens:
            forms.append(form())
        return forms

    def show(self, value):
        return "(" + " ".join(map(self.show, value)) + ")" if isinstance(value, list) else {True: "#t", False: "#f"}.get(value, str(value)) if isinstance(value, bool) else str(value)

    def lookup(self, name, scope):
        while scope is not None:
            if name in scope[0]:
                return scope[0][name]
            scope = scope[1]
        return self.globals[name]

    def evaluate(self, x, scope=None):
        while True:
            if isinstance(x, str):
                return self.lookup(x, scope)
            if not isinstance(x, list):
                return x
            head, *rest = x
            if head == "quote":
                return rest[0]
            if head == "if":
                x = rest[1] if self.evaluate(rest[0], scope) is not False else rest[2]
            elif head == "define":
                (scope[0] if scope else self.globals)[rest[0]] = self.evaluate(rest[1], scope)
                return rest[0]
            elif head == "lambda":
                return (rest[0], ["begin", *rest[1:]], scope)
            elif head == "let":
                scope = ({name: self.evaluate(value, scope) for name, value in rest[0]}, scope)
                x = ["begin", *rest[1:]]
            elif head == "begin":
                for form in rest[:-1]:
                    self.evaluate(form, scope)
                x = rest[-1]
            else:
                function, *arguments = [self.evaluate(form, scope) for form in x]
                if callable(function):
                    return function(*arguments)
                parameters, x, closure = function
                scope = (dict(zip(parameters, arguments)), closure)

    def run(self, text):
        return [self.show(self.evaluate(form)) for form in self.read(text)]


lisp = Lisp()
print(lisp.run("""(define fact (lambda (n) (if (< n 2) 1 (* n (fact (- n 1))))))
(fact 20) (define loop (lambda (n acc) (if (= n 0) acc (loop (- n 1) (+ acc n))))) (loop 3000 0)
(define map (lambda (f xs) (if (null? xs) '() (cons (f (car xs)) (map f (cdr xs))))))
(map (lambda (x) (* x x)) '(1 2 3 4)) (let ((x 5) (y 6)) (list x y (+ x y) '(a b)))
(define counter ((lambda (n) (lambda () (begin (define n (+ n 1)) n))) 10)) (counter) (begin (display '(1 (2))) 7)"""), lisp.output)


class Machine:
    """A stack machine with jumps and calls."""

    def __init__(self, code):
        self.code = [line.split() for line in code.strip().split("\n")]
        self.labels = {words[0][:-1]: i for i, words in enumerate(self.code) if words[0].endswith(":")}

    def run(self):
        stack, calls, memory, output, at, steps = [], [], {}, [], 0, 0
        while at < len(self.code):
            operation, *operand = self.code[at]
            at += 1
            steps += 1
            match operation, operand:
                case "push", [value]:
                    stack.append(int(value))
                case ("add" | "sub" | "mul" | "less") as name, []:
                    right, left = stack.pop(), stack.pop()
                    stack.append({
                        "add": left + right, "sub": left - right, "mul": left * right, "less": int(left < right)
                    }[name])
                case "load", [name]:
                    stack.append(memory.get(name, 0))
                case "store", [name]:
                    memory[name] = stack.pop()
                case "jump", [label]:
                    at = self.labels[label]
                case "branch", [label] if stack.pop():
                    at = self.labels[label]
                case "call", [label]:
                    calls.append(at)
                    at = self.labels[label]
                case "return", []:
                    at = calls.pop()
                case "print", []:
                    output.append(stack.pop())
                case "halt", []:
                    break
        return output, steps, stack


print(Machine("""push 1
store a
push 0
store b
push 40
store n
loop:
call step
load n
push 1
sub
store n
push 0
load n
less
branch loop
load b
print
halt
step:
load a
load a
load b
add
store a
store b
return""").run())


def match_here(pattern, text):
    if not pattern:
        return True
    if pattern == "$":
        return not text
    first = bool(text) and pattern[0] in (text[0], ".")
    if len(pattern) > 1 and pattern[1] == "*":
        return match_here(pattern[2:], text) or (first and match_here(pattern, text[1:]))
    if len(pattern) > 1 and pattern[1] == "?":
        return (first and match_here(pattern[2:], text[1:])) or match_here(pattern[2:], text)
    return first and match_here(pattern[1:], text[1:])


def search(pattern, text):
    if pattern.startswith("^"):
        return match_here(pattern[1:], text)
    return any(match_here(pattern, text[i:]) for i in range(len(text) + 1))


print([
    (p, t, search(p, t)) for p,
    t in (
        ("a*b", "aaab"), ("^a*b$", "aaabc"), ("h.llo", "say hello"), ("colou?r", "color"), ("^$", ""), ("x*", "abc"),
        ("^.*z$", "abcz"), ("a.*b.*c", "a12b34c"), ("ab?c", "abbc")
    )
])


def render(template, context):
    out, i = [], 0
    while i < len(template):
        if template.startswith("{{", i):
            j = template.index("}}", i)
            value = context
            for part in template[i + 2 : j].strip().split("."):
                value = value[part] if isinstance(value, dict) else getattr(value, part)
            out.append(str(value))
            i = j + 2
        elif template.startswith("{%", i):
            j = template.index("%}", i)
            _, name, _, source = template[i + 2 : j].split()
            k = template.index("{%end%}", j)
            out.extend(render(template[j + 2 : k], {**context, name: item}) for item in context[source])
            i = k + 7
        else:
            out.append(template[i])
            i += 1
    return "".join(out)


print(render(
    "Dear {{ person.name }}, items:{% for x in items %} [{{x.n}}]{%end%}. {{ total }}",
    {"person": {"name": "Ann"}, "items": [{"n": i} for i in range(3)], "total": 3}
))
