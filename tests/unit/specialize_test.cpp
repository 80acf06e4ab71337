// The adaptive layer word by word: what a place becomes, and when it goes back.
#include <catch2/catch.hpp>

#include "specialize/word_view.h"
#include "tests/unit/places.h"

namespace krait {
namespace {

std::string wordAt(const Function* function, Op base) {  // with what it is fused with
  std::string name = "none";
  forEachWord(function->code->prepared, [&](Unit* word) {
    if (baseOpAt(word) == base && name == "none") name = kOpNames[static_cast<unsigned>(opAt(word))];
  });
  return name;
}

constexpr const char* kPoint =
    "class P:\n"
    "  def __init__(self): self.x = 1\n"
    "class Q:\n"
    "  def __init__(self): self.y = 2; self.x = 3\n"
    "p, q = P(), Q()\n"
    "def change(): P.z = property(lambda self: 1)\n";

}  // namespace

TEST_CASE_METHOD(VmFixture, "A place observes after its warm-up and keeps its form") {
  WithPolicy with("inline-cache,warm-up=2,first-attempt=1");
  Function* f = compileFunction(std::string(kPoint) + "def f(n): return p.x\n");
  micro::callWith(thread, f, 0);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR");
  micro::callWith(thread, f, 0);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_INSTANCE_VALUE");
  CHECK(opOf(f, Op::LOAD_GLOBAL) == "LOAD_GLOBAL_MODULE");
  for (int i = 0; i < 100; i++) micro::callWith(thread, f, 0);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_INSTANCE_VALUE");
}

TEST_CASE_METHOD(VmFixture, "Under policy none no word ever counts") {
  WithPolicy with("none");
  Function* f = compileFunction(std::string(kPoint) + "def f(n): return p.x\n");
  for (int i = 0; i < 100; i++) micro::callWith(thread, f, 0);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR");
  CHECK(opOf(f, Op::RESUME) == "RESUME");
}

TEST_CASE_METHOD(VmFixture, "Under policy quicken nothing is cached") {
  WithPolicy with("quicken,warm-up=1,first-attempt=1");
  Function* f = compileFunction(std::string(kPoint) + "def f(n): return p.x\n");
  for (int i = 0; i < 3; i++) micro::callWith(thread, f, 0);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_ADAPTIVE");
}

TEST_CASE_METHOD(VmFixture, "Misses use up the budget, then the place goes back and observes again") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,miss-budget=3,after-deopt=2");
  Function* f = compileFunction(std::string(kPoint) + "def f(n): return (p if n else q).x\n");
  micro::callWith(thread, f, 1);
  REQUIRE(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_INSTANCE_VALUE");
  micro::callWith(thread, f, 0);
  micro::callWith(thread, f, 0);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_INSTANCE_VALUE");
  micro::callWith(thread, f, 0);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_ADAPTIVE");
  for (int i = 0; i < 8; i++) micro::callWith(thread, f, 0);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_INSTANCE_VALUE");
}

TEST_CASE_METHOD(VmFixture, "A place that keeps changing its mind comes to rest in the generic form") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1,miss-budget=1,after-deopt=1,deopt-limit=2");
  Function* f = compileFunction(std::string(kPoint) + "def f(n): return (p if n & 1 else q).x\n");
  for (int i = 0; i < 50; i++) micro::callWith(thread, f, i);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR");
  CHECK(listing(f->code).find("too many shapes, stays generic") != std::string::npos);
}

TEST_CASE_METHOD(VmFixture, "A polymorphic place learns shapes up to its limit") {
  WithPolicy with("polymorphic:2,warm-up=1,first-attempt=1,miss-budget=2");
  Function* f = compileFunction(std::string(kPoint) +
                                "class R: x = 5\n"
                                "r = R()\n"
                                "def f(n): return (p, q, r)[n].x\n");
  micro::callWith(thread, f, 0);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_INSTANCE_VALUE");
  micro::callWith(thread, f, 1);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_POLYMORPHIC");
  for (int i = 0; i < 50; i++) micro::callWith(thread, f, i % 2);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_POLYMORPHIC");
  micro::callWith(thread, f, 2);
  micro::callWith(thread, f, 2);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR");
}

TEST_CASE_METHOD(VmFixture, "A change of the class clears the caches that rely on it, a plain store does not") {
  WithPolicy with("inline-cache,warm-up=1,first-attempt=1");
  Function* f = compileFunction(
      "class B: v = 1\n"
      "class C(B): pass\n"
      "c = C()\n"
      "def f(n):\n"
      "  if n == 1: B.v = 2\n"
      "  if n == 2: C.v = 3\n"
      "  return c.v\n");
  micro::callWith(thread, f, 0);
  REQUIRE(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_CLASS_VALUE");
  micro::callWith(thread, f, 1);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_CLASS_VALUE");
  micro::callWith(thread, f, 2);
  CHECK(opOf(f, Op::LOAD_ATTR) == "LOAD_ATTR_ADAPTIVE");
}

TEST_CASE_METHOD(VmFixture, "A superinstruction stands while both halves are what they were") {
  WithPolicy with("inline-cache+super,warm-up=1,first-attempt=1,miss-budget=1");
  Function* f = compileFunction("def f(n):\n  a = n\n  return a\n");
  micro::callWith(thread, f, 0);
  CHECK(wordAt(f, Op::STORE_FAST) == "STORE_FAST__LOAD_FAST");
  CHECK(opOf(f, Op::STORE_FAST) == "STORE_FAST");
}

TEST_CASE("Policies and thresholds are read, and what is wrong is said") {
  Policy before = policy;
  SpecializeTuning tuning = specializeTuning;
  std::string problem;
  CHECK(setPolicy("polymorphic:4+super,warm-up=3,miss-budget=9", problem));
  CHECK(policyName() == "polymorphic:4+super");
  CHECK(specializeTuning.warmUp == 3);
  CHECK(specializeTuning.missBudget == 9);
  CHECK(setPolicy("warm-up=7", problem));
  CHECK(policyName() == "polymorphic:4+super");
  CHECK_FALSE(setPolicy("jit", problem));
  CHECK(problem.find("unknown policy 'jit'") != std::string::npos);
  CHECK_FALSE(setPolicy("none,warm-up=many", problem));
  CHECK_FALSE(setPolicy("none,cool-down=1", problem));
  CHECK_FALSE(setPolicy("", problem));
  policy = before;
  specializeTuning = tuning;
}

}  // namespace krait
