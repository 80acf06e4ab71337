// Calls word by word: which form a callee gets, and what it takes to lose it.
#include "tests/unit/places.h"

namespace krait {
namespace {

constexpr const char* kCallees =
    "def two(a, b): return a\n"
    "def optional(a, b=2): return a\n"
    "def rest(*a): return a\n"
    "def only(a, *, k=1): return a\n"
    "class P:\n"
    "  def __init__(self, x): self.x = x\n"
    "  def m(self, x): return x\n"
    "  def __len__(self): return 1\n"
    "class D:\n"
    "  def __init__(self, x=1): self.x = x\n"
    "class E: pass\n"
    "class X(Exception):\n"
    "  def __init__(self, x): pass\n"
    "class M(type): pass\n"
    "class W(metaclass=M):\n"
    "  def __init__(self, x): pass\n"
    "p = P(1)\n"
    "l = []\n"
    "def make():\n"
    "  while True: yield 1\n"
    "g = make()\n";

}  // namespace

TEST_CASE_METHOD(VmFixture, "A call becomes the form of its callee") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,back-off-first=0,back-off-last=0");
  struct Case {
    const char *call, *form;
  };
  constexpr Case kCases[] = {
      {"two(n, n)", "CALL_PY_EXACT_ARGS"},
      {"p.m(n)", "CALL_METHOD_PY_EXACT_ARGS"},
      {"bound(n)", "CALL_BOUND_METHOD_EXACT_ARGS"},
      {"optional(n)", "CALL_PY_WITH_DEFAULTS"},
      {"rest(n)", "CALL_PY_GENERAL"},
      {"two(n, b=n)", "CALL_KW_PY"},
      {"p.m(x=n)", "CALL_KW_METHOD_PY"},
      {"only(n, k=n)", "CALL_KW_PY"},
      {"rest(n, n)", "CALL_PY_GENERAL"},
      {"P(n)", "CALL_ALLOC_AND_ENTER_INIT"},
      {"D()", "CALL_ALLOC_AND_ENTER_INIT_WITH_DEFAULTS"},
      {"P(x=n)", "CALL_KW_ALLOC_AND_ENTER_INIT"},
      {"E()", "CALL_ALLOC"},
      {"X(n)", "CALL_BUILTIN_NEW_AND_ENTER_INIT"},
      {"W(n)", "CALL_ADAPTIVE"},
      {"int(n)", "CALL_BUILTIN_CLASS"},
      {"ValueError(n)", "CALL_BUILTIN_CLASS_INIT"},
      {"type(n)", "CALL_NO_KW_TYPE_1"},
      {"str(n)", "CALL_NO_KW_STR_1"},
      {"tuple(l)", "CALL_NO_KW_TUPLE_1"},
      {"len(l)", "CALL_NO_KW_LEN"},
      {"len(p.__dict__)", "CALL_NO_KW_LEN"},
      {"isinstance(p, P)", "CALL_NO_KW_ISINSTANCE"},
      {"ord('a')", "CALL_NO_KW_ORD"},
      {"chr(n)", "CALL_NO_KW_CHR"},
      {"range(n)", "CALL_NO_KW_RANGE_1"},
      {"range(1, n)", "CALL_NO_KW_RANGE_2"},
      {"range(n, 9, 2)", "CALL_NO_KW_RANGE_3"},
      {"range(True)", "CALL_BUILTIN_CLASS"},
      {"len(p)", "CALL_NO_KW_LEN_PY"},
      {"next(g)", "CALL_NO_KW_NEXT_GEN"},
      {"g.send(None)", "CALL_NO_KW_GEN_SEND"},
      {"str.upper('a')", "CALL_UNBOUND_METHOD_DESCRIPTOR"},
      {"abs(n)", "CALL_NO_KW_ABS"},
      {"min(n, n)", "CALL_NO_KW_MIN_2_INT"},
      {"max(n, n)", "CALL_NO_KW_MAX_2_INT"},
      {"max(n, 1.5)", "CALL_BUILTIN_FAST_WITH_KEYWORDS"},
      {"repr(n)", "CALL_NO_KW_BUILTIN_O"},
      {"getattr(p, 'x')", "CALL_NO_KW_BUILTIN_FAST_3"},
      {"hasattr(p, 'x')", "CALL_NO_KW_BUILTIN_FAST"},
      {"sorted(l, key=len)", "CALL_KW_BUILTIN_FAST_WITH_KEYWORDS"},
      {"l.append(n)", "CALL_NO_KW_LIST_APPEND"},
      {"push(n)", "CALL_BOUND_METHOD_DESCRIPTOR_O"},
      {"l.copy()", "CALL_NO_KW_METHOD_DESCRIPTOR_NOARGS"},
      {"l.count(n)", "CALL_NO_KW_METHOD_DESCRIPTOR_O"},
      {"l.sort(key=int)", "CALL_KW_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS"},
  };
  for (const Case& c : kCases) {
    INFO(c.call);
    Function* f =
        compileFunction(std::string(kCallees) + "bound = p.m\npush = l.append\ndef f(n): return " + c.call + "\n");
    for (int i = 0; i < 6; i++) micro::callWith(thread, f, i);
    std::string form = opOf(f, Op::CALL);
    CHECK(form == c.form);
  }
}

TEST_CASE_METHOD(VmFixture, "A call keeps its form while defaults change and loses it when the code does") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,back-off-first=0,miss-budget=1");
  Function* f = compileFunction(std::string(kCallees) +
                                "def f(n):\n"
                                "  if n == 1: optional.__defaults__ = (5,)\n"
                                "  if n == 2: optional.__code__ = rest.__code__\n"
                                "  return optional(n)\n");
  for (int i = 0; i < 6; i++) micro::callWith(thread, f, 0);
  REQUIRE(opOf(f, Op::CALL) == "CALL_PY_WITH_DEFAULTS");
  micro::callWith(thread, f, 1);
  CHECK(opOf(f, Op::CALL) == "CALL_PY_WITH_DEFAULTS");
  micro::callWith(thread, f, 2);
  CHECK(opOf(f, Op::CALL) == "CALL_ADAPTIVE");
}

TEST_CASE_METHOD(VmFixture, "A place that calls one function after another stops telling them apart") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,back-off-first=0,miss-budget=2,after-deopt=1");
  Function* f = compileFunction(
      "def a(n): return n\n"
      "def b(n): return n\n"
      "def f(n): return (a if n else b)(n)\n");
  for (int i = 0; i < 40; i++) micro::callWith(thread, f, i % 2);
  CHECK(opOf(f, Op::CALL) == "CALL_PY_ANY_EXACT_ARGS");
}

TEST_CASE_METHOD(VmFixture, "A call of a class forgets it when __init__, __new__ or the order of bases changes") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,back-off-first=0");
  for (const char* change : {"P.__init__ = lambda self, x: None", "P.__new__ = lambda cls, x: None",
                             "B.__init_subclass__ = None; B.__new__ = lambda cls, x: None", "P.__bases__ = (C,)"}) {
    INFO(change);
    Function* f = compileFunction(std::string("class B: pass\n"
                                              "class C: pass\n"
                                              "class P(B):\n"
                                              "  def __init__(self, x): self.x = x\n"
                                              "def f(n):\n"
                                              "  if n == 1: ") +
                                  change + "\n  return P(n) if n < 2 else None\n");
    for (int i = 0; i < 6; i++) micro::callWith(thread, f, 0);
    REQUIRE(opOf(f, Op::CALL, 0) == "CALL_ALLOC_AND_ENTER_INIT");
    micro::callWith(thread, f, 1);
    CHECK(opOf(f, Op::CALL, 0) != "CALL_ALLOC_AND_ENTER_INIT");
  }
}

}  // namespace krait
