// Operators, comparisons, conditions, subscripts and loops word by word: which form their operands get.
#include "tests/unit/places.h"

namespace krait {
namespace {

constexpr const char* kOperands =
    "class V:\n"
    "  def __add__(self, other): return NotImplemented if other == 'no' else self\n"
    "  def __radd__(self, other): return self\n"
    "  def __isub__(self, other): return self\n"
    "  def __lt__(self, other): return True\n"
    "  def __getitem__(self, key): return key\n"
    "  def __setitem__(self, key, value): pass\n"
    "  def __contains__(self, item): return True\n"
    "  def __bool__(self): return True\n"
    "class P: pass\n"
    "class Sub(V):\n"
    "  def __radd__(self, other): return 'sub'\n"
    "v, p, s, big = V(), P(), Sub(), 2**80\n"
    "d, l, t, u = {'a': 1, 'b': 2}, [1, 2, 3], (1, 2, 3), {1, 2}\n"
    "b, a = b'abc', bytearray(b'abc')\n"
    "def g():\n"
    "  yield 1\n"
    "  yield 2\n";

struct Case {
  const char *body, *form;
};

}  // namespace

#define KRAIT_CHECK_FORMS(BASE, ...)                                                                  \
  for (const Case& c : std::initializer_list<Case>{__VA_ARGS__}) {                                    \
    INFO(c.body);                                                                                     \
    Function* f = compileFunction(std::string(kOperands) + "def f(n):\n  x = n\n  " + c.body + "\n"); \
    for (int i = 1; i < 8; i++) micro::callWith(thread, f, i);                                        \
    std::string form = opOf(f, Op::BASE);                                                             \
    CHECK(form == c.form);                                                                            \
  }

TEST_CASE_METHOD(VmFixture, "An operator becomes the form of its operands") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,back-off-first=0,back-off-last=0");
  KRAIT_CHECK_FORMS(BINARY_OP, {"n + 1", "BINARY_OP_ADD_INT"}, {"1.5 - 0.5 * n", "BINARY_OP_MULTIPLY_NUMBER"},
                    {"x = 1.5; x * x", "BINARY_OP_MULTIPLY_FLOAT"}, {"x = 0.0; x - x", "BINARY_OP_SUBTRACT_NUMBER"},
                    {"n // -2", "BINARY_OP_FLOOR_DIVIDE_INT"}, {"n % -2", "BINARY_OP_REMAINDER_INT"},
                    {"n / 3", "BINARY_OP_TRUE_DIVIDE_INT"}, {"big + n", "BINARY_OP_ADD_BIG_INT"},
                    {"n << 2", "BINARY_OP_LSHIFT_INT"}, {"n ** 2", "BINARY_OP_POWER_INT"},
                    {"x = 2.5; x ** n", "BINARY_OP_POWER_FLOAT"}, {"x = n > 3; x & x", "BINARY_OP_AND_BOOL"},
                    {"x = 'a'; x += 'b'", "BINARY_OP_ADD_UNICODE"}, {"l + l", "BINARY_OP_ADD_LIST"},
                    {"t + t", "BINARY_OP_ADD_TUPLE"}, {"l * n", "BINARY_OP_MULTIPLY_SEQUENCE"},
                    {"'%s'.upper().lower() % n", "BINARY_OP_REMAINDER_STR"}, {"u | u", "BINARY_OP_OR_SET"},
                    {"u - u", "BINARY_OP_SUBTRACT_SET"}, {"d | d", "BINARY_OP_OR_DICT"}, {"v + n", "BINARY_OP_ADD_PY"},
                    {"v + 'no' if n > 9 else v + v", "BINARY_OP_ADD_ADAPTIVE"}, {"n + v", "BINARY_OP_ADD_PY_REFLECTED"},
                    {"x = v; x -= n", "BINARY_OP_SUBTRACT_PY_IN_PLACE"}, {"v + s", "BINARY_OP_ADD_ADAPTIVE"},
                    {"1j + n", "BINARY_OP_ADD_COMPLEX"}, {"x = 2j; n / x", "BINARY_OP_TRUE_DIVIDE_COMPLEX"},
                    {"'ab' * (n > 0)", "BINARY_OP_MULTIPLY_SEQUENCE"}, {"b + b", "BINARY_OP_ADD_ADAPTIVE"})
}

TEST_CASE_METHOD(VmFixture, "A comparison becomes the form of its operands") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,back-off-first=0,back-off-last=0");
  KRAIT_CHECK_FORMS(COMPARE_OP, {"n < 3", "COMPARE_OP_LT_INT"}, {"x = 1.5; x >= x", "COMPARE_OP_GE_FLOAT"},
                    {"n > 1.5", "COMPARE_OP_GT_NUMBER"}, {"'a'.upper() == 'b'.upper()", "COMPARE_OP_EQ_STR"},
                    {"n <= big", "COMPARE_OP_LE_BIG_INT"}, {"v < n", "COMPARE_OP_LT_PY"},
                    {"p == p", "COMPARE_OP_EQ_IDENTITY"}, {"p != None", "COMPARE_OP_NE_IDENTITY"},
                    {"n == None", "COMPARE_OP_EQ_NONE"}, {"x = True; x == x", "COMPARE_OP_EQ_BOOL"},
                    {"p == n", "COMPARE_OP_EQ_ADAPTIVE"}, {"u < u", "COMPARE_OP_LT_BUILTIN"},
                    {"t >= t", "COMPARE_OP_GE_BUILTIN"}, {"t == l", "COMPARE_OP_EQ_ADAPTIVE"})
}

TEST_CASE_METHOD(VmFixture, "A condition becomes the form of its value") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,back-off-first=0,back-off-last=0");
  KRAIT_CHECK_FORMS(POP_JUMP_FORWARD_IF_FALSE, {"x = 1 if n > 3 else 2", "POP_JUMP_FORWARD_IF_FALSE_BOOL"},
                    {"x = 1 if n else 2", "POP_JUMP_FORWARD_IF_FALSE_INT"},
                    {"x = 1 if 'a'.upper() else 2", "POP_JUMP_FORWARD_IF_FALSE_STR"},
                    {"x = 1 if l else 2", "POP_JUMP_FORWARD_IF_FALSE_LIST"},
                    {"x = None; x = 1 if x else 2", "POP_JUMP_FORWARD_IF_FALSE_NONE"},
                    {"x = 1 if p else 2", "POP_JUMP_FORWARD_IF_FALSE_ALWAYS_TRUE"},
                    {"x = 1 if d else 2", "POP_JUMP_FORWARD_IF_FALSE_SIZED"},
                    {"x = 1 if v else 2", "POP_JUMP_FORWARD_IF_FALSE_PY"},
                    {"x = 1 if n * 1.5 else 2", "POP_JUMP_FORWARD_IF_FALSE_ADAPTIVE"})
}

TEST_CASE_METHOD(VmFixture, "Subscripts and membership tests become the form of their container") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,back-off-first=0,back-off-last=0");
  KRAIT_CHECK_FORMS(BINARY_SUBSCR, {"l[-1]", "BINARY_SUBSCR_LIST_INT"}, {"t[1]", "BINARY_SUBSCR_TUPLE_INT"},
                    {"x = 'abc'; x[1]", "BINARY_SUBSCR_STR_INT"}, {"b[1]", "BINARY_SUBSCR_BYTES_INT"},
                    {"a[1]", "BINARY_SUBSCR_BYTEARRAY_INT"}, {"d['a']", "BINARY_SUBSCR_DICT"},
                    {"l[::-1]", "BINARY_SUBSCR_LIST_SLICE"}, {"t[1:]", "BINARY_SUBSCR_TUPLE_SLICE"},
                    {"x = 'abc'; x[:n]", "BINARY_SUBSCR_STR_SLICE"}, {"v[n]", "BINARY_SUBSCR_GETITEM"},
                    {"a[1:]", "BINARY_SUBSCR_ADAPTIVE"})
  KRAIT_CHECK_FORMS(STORE_SUBSCR, {"l[0] = n", "STORE_SUBSCR_LIST_INT"}, {"l[:1] = [n]", "STORE_SUBSCR_LIST_SLICE"},
                    {"d[n] = n", "STORE_SUBSCR_DICT"}, {"a[0] = n", "STORE_SUBSCR_BYTEARRAY_INT"},
                    {"v[0] = n", "STORE_SUBSCR_SETITEM"})
  KRAIT_CHECK_FORMS(CONTAINS_OP, {"n in d", "CONTAINS_OP_DICT"}, {"n not in u", "CONTAINS_OP_SET"},
                    {"n in l", "CONTAINS_OP_LIST"}, {"n in t", "CONTAINS_OP_TUPLE"},
                    {"'a' in 'abc'.upper()", "CONTAINS_OP_STR"}, {"n in v", "CONTAINS_OP_PY"},
                    {"n in range(3)", "CONTAINS_OP_ADAPTIVE"})
}

TEST_CASE_METHOD(VmFixture, "A loop becomes the form of its iterator, an assignment that of what it unpacks") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,back-off-first=0,back-off-last=0");
  KRAIT_CHECK_FORMS(FOR_ITER, {"for i in range(n): pass", "FOR_ITER_RANGE"}, {"for i in l: pass", "FOR_ITER_LIST"},
                    {"for i in t: pass", "FOR_ITER_TUPLE"}, {"for i in 'abc': pass", "FOR_ITER_STR"},
                    {"for i in d: pass", "FOR_ITER_DICT_KEYS"}, {"for i in d.values(): pass", "FOR_ITER_DICT_VALUES"},
                    {"for i in d.items(): pass", "FOR_ITER_DICT_ITEMS"},
                    {"for i, j in d.items(): pass", "FOR_ITER_DICT_ITEMS_UNPACKED"},
                    {"for i in enumerate(l): pass", "FOR_ITER_ENUMERATE"},
                    {"for i, j in enumerate(l): pass", "FOR_ITER_ENUMERATE_UNPACKED"},
                    {"for i, j in zip(l, t): pass", "FOR_ITER_ZIP_UNPACKED"},
                    {"for i, j, k in zip(l, l, l): pass", "FOR_ITER_ZIP"}, {"for i in u: pass", "FOR_ITER_SET"},
                    {"for i in map(str, l): pass", "FOR_ITER_ITERATOR"}, {"for i in g(): pass", "FOR_ITER_GEN"})
  KRAIT_CHECK_FORMS(UNPACK_SEQUENCE, {"x, y = d.popitem() if n > 9 else (n, n)", "UNPACK_SEQUENCE_TWO_TUPLE"},
                    {"x, y, z = t", "UNPACK_SEQUENCE_TUPLE"}, {"x, y, z = l", "UNPACK_SEQUENCE_LIST"},
                    {"x, y = {1, 2}", "UNPACK_SEQUENCE_ADAPTIVE"})
}

TEST_CASE_METHOD(VmFixture, "A site that gives up floats or inline ints takes the form for all numbers") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,miss-budget=2,after-deopt=1");
  Function* f = compileFunction("def f(n):\n  x = 1.5 if n else 0.0\n  return x * x\n");
  for (int i = 0; i < 20; i++) micro::callWith(thread, f, i % 2);
  CHECK(opOf(f, Op::BINARY_OP) == "BINARY_OP_MULTIPLY_NUMBER");
  f = compileFunction("def f(n): return (n + 2**61) * 4\n");
  for (int i = 0; i < 20; i++) micro::callWith(thread, f, i % 2);
  CHECK(opOf(f, Op::BINARY_OP, 1) == "BINARY_OP_MULTIPLY_BIG_INT");
}

TEST_CASE_METHOD(VmFixture, "Forms of operators that need no cache are there under policy quicken") {
  WithPolicy with("quicken,warm-up=1,first-attempt=1,back-off-first=0,back-off-last=0");
  KRAIT_CHECK_FORMS(BINARY_OP, {"n + 1", "BINARY_OP_ADD_INT"}, {"u & u", "BINARY_OP_AND_SET"},
                    {"v + n", "BINARY_OP_ADD_ADAPTIVE"})
  KRAIT_CHECK_FORMS(FOR_ITER, {"for i in g(): pass", "FOR_ITER_GEN"})
}
#undef KRAIT_CHECK_FORMS

}  // namespace krait
