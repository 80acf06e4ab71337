# args: one "two words" --three é
# sys: argv, version, limits, streams, modules, exit codes' values, and functions that a program relies on.

import sys

print(
    sys.argv[1:], len(sys.argv), sys.argv[0] == __file__, sys.maxsize, sys.byteorder, sys.maxunicode,
    sys.version_info[:3], sys.version_info.major, sys.version_info.minor, sys.version_info >= (3, 11),
    sys.version_info.releaselevel, sys.hexversion == 0x030B02F0, sys.api_version, sys.platform
)
print(
    sys.version.startswith("3.11.2 "), sys.version_info, len(sys.version_info), sys.copyright[:9],
    sys.float_repr_style, sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getrecursionlimit(),
    sys.flags.optimize, sys.flags.debug, sys.flags.ignore_environment, sys.flags.hash_randomization,
    sys.flags.dont_write_bytecode, sys.flags.isolated, sys.dont_write_bytecode
)
print(
    sys.float_info.max, sys.float_info.epsilon, sys.float_info.dig, sys.float_info.mant_dig, sys.float_info.min,
    sys.float_info.radix, sys.int_info.bits_per_digit, sys.int_info.default_max_str_digits, sys.hash_info.modulus,
    sys.hash_info.width, sys.hash_info.algorithm, sys.hash_info.inf, sys.hash_info.nan, sys.thread_info.name
)
print(
    sys.stdin.name, sys.stdout.name, sys.stderr.name, sys.stdin is sys.__stdin__, sys.stdout.encoding,
    sys.stderr.errors, sys.path[0] == __file__.rpartition("/")[0], isinstance(sys.path, list),
    isinstance(sys.modules, dict), "sys" in sys.modules, sys.modules["sys"] is sys, "sys" in sys.builtin_module_names,
    isinstance(sys.builtin_module_names, tuple)
)
print(
    sys.intern("abc") is sys.intern("ab" + "c"), sys.getrefcount is not None, sys.exc_info(), sys.gettrace(),
    sys.getprofile(), sys.is_finalizing(), sys.getswitchinterval() > 0, sys.get_int_max_str_digits(),
    sys.orig_argv[-1] if hasattr(sys, "orig_argv") else "-", sys.warnoptions, sys.abiflags,
    sys.implementation.cache_tag is not None, isinstance(sys.implementation.name, str), sys.executable != "",
    sys.prefix != "", sys.exec_prefix != "", sys.meta_path is not None, sys.path_hooks is not None
)
for call in (
    "sys.intern(5)", "sys.setrecursionlimit('a')", "sys.setrecursionlimit()", "sys.getrefcount()", "sys.nope",
    "sys._getframe('a')", "sys._getframe(-1).f_code.co_name", "sys._getframe(10**6)", "sys.exc_info(1)",
    "sys.intern()", "sys.set_int_max_str_digits(5)", "sys.set_int_max_str_digits(-1)", "sys.exit.__name__",
    "sys.displayhook.__name__", "sys.version_info[9]", "sys.version_info.nope", "sys.float_info[0]",
    "sys.getsizeof.__name__"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
for code in ((), (0,), (3,), ("message",), (None,), (True,), ([1],), (2.5,)):
    try:
        sys.exit(*code)
    except SystemExit as error:
        print(repr(error), error.code, error.args)
sys.set_int_max_str_digits(1000)
try:
    str(10**1000)
except ValueError as error:
    print(error)
sys.set_int_max_str_digits(0)
print(len(str(10**5000)))
sys.set_int_max_str_digits(4300)


def hook(value):
    print("displayed", value)


sys.displayhook(None)
sys.displayhook(5)
sys.displayhook("text")
saved, sys.displayhook = sys.displayhook, hook
exec(compile("1 + 1", "<s>", "single"))
sys.displayhook = saved
exec(compile("2 + 2", "<s>", "single"))
import builtins

print(builtins._)
events = []


def tracer(frame, event, argument):
    events.append((event, frame.f_lineno - traced.__code__.co_firstlineno, frame.f_code.co_name))
    return tracer


def traced(n):
    total = 0
    for i in range(n):
        total += i
    return total


sys.settrace(tracer)
traced(2)
sys.settrace(None)
print(events)
profile = []


def profiler(frame, event, argument):
    profile.append((event, frame.f_code.co_name, getattr(argument, "__name__", argument)))


sys.setprofile(profiler)
len([1])
traced(1)
sys.setprofile(None)
print(profile)
print("ends with", file=sys.stderr)
sys.excepthook = lambda kind, value, traceback: print("excepthook", kind.__name__, value, traceback is not None)
raise ValueError("handled by the hook")
