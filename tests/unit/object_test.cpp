// Shapes, attribute storage, class lookups and their invalidation: what Python code cannot see directly.
#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/vm_fixture.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/function.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/lookup_cache.h"
#include "vm/object.h"
#include "vm/operations.h"

using namespace krait;

namespace {

class ObjectFixture : public VmFixture {
 protected:
  Str* name(std::string_view text) { return intern(thread, text).value(); }
  Type* makeType(std::string_view text, std::initializer_list<Value> bases = {}) {
    Dict* ns = makeDict(thread).value();
    Tuple* tuple = makeTuple(thread, bases).value();
    return makeClass(thread, types.type, name(text), tuple, ns, nullptr, nullptr).value().as<Type>();
  }
  Value instance(Type* type) { return allocateInstance(thread, type).value(); }
  void set(Value object, std::string_view attribute, int64_t i) {
    REQUIRE_FALSE(setAttribute(thread, object, name(attribute), Value::inlineInt(i)).isRaised());
  }
  int64_t get(Value object, std::string_view attribute) {
    return ownAttribute(object.asCell(), name(attribute)).asInlineInt();
  }
};

}  // namespace

TEST_CASE_METHOD(ObjectFixture, "EqualHistoriesGiveEqualShapes") {
  Type* type = makeType("Point");
  Value a = instance(type), b = instance(type), c = instance(type);
  for (Value v : {a, b}) {
    set(v, "x", 1);
    set(v, "y", 2);
  }
  set(c, "y", 2);
  set(c, "x", 1);
  CHECK(a.asCell()->shape() == b.asCell()->shape());
  CHECK(a.asCell()->shape() != c.asCell()->shape());
  CHECK(get(c, "x") == 1);
  CHECK(get(c, "y") == 2);
}

TEST_CASE_METHOD(ObjectFixture, "DeletingTheNewestAttributeStepsBack") {
  Value v = instance(makeType("Stack"));
  set(v, "a", 1);
  Shape* before = v.asCell()->shape();
  set(v, "b", 2);
  REQUIRE(deleteOwnAttribute(thread, v.asCell(), name("b")).value());
  CHECK(v.asCell()->shape() == before);
  CHECK_FALSE(deleteOwnAttribute(thread, v.asCell(), name("b")).value());
}

TEST_CASE_METHOD(ObjectFixture, "DeletingAnOlderAttributeSwitchesToADictionary") {
  Value v = instance(makeType("Bag"));
  set(v, "a", 1);
  set(v, "b", 2);
  REQUIRE(deleteOwnAttribute(thread, v.asCell(), name("a")).value());
  CHECK(v.asCell()->shape()->isDictionary);
  CHECK(get(v, "b") == 2);
  CHECK(ownAttribute(v.asCell(), name("a")).isUnbound());
}

TEST_CASE_METHOD(ObjectFixture, "AClassLearnsHowManySlotsItsInstancesNeed") {
  Type* type = makeType("Growing");
  uint32_t before = type->instanceShape->inlineCapacity;
  Value first = instance(type);
  for (int i = 0; i < 12; i++) set(first, "attribute" + std::to_string(i), i);
  CHECK(type->instanceShape->inlineCapacity > before);
  for (int i = 0; i < 12; i++) CHECK(get(first, "attribute" + std::to_string(i)) == i);
}

TEST_CASE_METHOD(ObjectFixture, "ThousandsOfAttributesAreKept") {
  Value v = instance(makeType("Wide"));
  for (int i = 0; i < 3000; i++) set(v, "w" + std::to_string(i), i);
  CHECK(v.asCell()->shape()->isDictionary);
  for (int i = 0; i < 3000; i++) CHECK(get(v, "w" + std::to_string(i)) == i);
}

TEST_CASE_METHOD(ObjectFixture, "ChangingAPlainClassValueInvalidatesNoLookup") {
  Type* type = makeType("Counter");
  Str* count = name("count");
  REQUIRE_FALSE(setTypeAttribute(thread, type, count, Value::inlineInt(1)).isRaised());
  CHECK(lookupOnType(type, count).asInlineInt() == 1);
  uint32_t epoch = lookupEpoch;
  REQUIRE_FALSE(setTypeAttribute(thread, type, count, Value::inlineInt(2)).isRaised());
  CHECK(lookupEpoch == epoch);
  CHECK(lookupOnType(type, count).asInlineInt() == 2);
}

TEST_CASE_METHOD(ObjectFixture, "ANewKeyInASubclassHidesTheBases") {
  Type* base = makeType("Base");
  Type* derived = makeType("Derived", {Value::of(base)});
  Str* x = name("x");
  REQUIRE_FALSE(setTypeAttribute(thread, base, x, Value::inlineInt(1)).isRaised());
  CHECK(lookupOnType(derived, x).asInlineInt() == 1);
  REQUIRE_FALSE(setTypeAttribute(thread, derived, x, Value::inlineInt(2)).isRaised());
  CHECK(lookupOnType(derived, x).asInlineInt() == 2);
  REQUIRE_FALSE(deleteTypeAttribute(thread, derived, x).isRaised());
  CHECK(lookupOnType(derived, x).asInlineInt() == 1);
}

TEST_CASE_METHOD(ObjectFixture, "SpecialMethodsReachSubclassesWhenTheBaseGainsThem") {
  Type* base = makeType("Sized");
  Type* derived = makeType("SizedMore", {Value::of(base)});
  CHECK(derived->special(Special::k__len__).isUnbound());
  Value method = types.list->special(Special::k__len__);
  REQUIRE_FALSE(setTypeAttribute(thread, base, specialName(Special::k__len__), method).isRaised());
  CHECK(derived->special(Special::k__len__).is(method));
  // The borrowed method belongs to lists: the instance never reaches its C++ code.
  CHECK(length(thread, instance(derived)).isRaised());
  clearException(thread);
}

TEST_CASE_METHOD(ObjectFixture, "ARaisedExceptionNeverClosesAChainOfContexts") {
  Value a = Value::of(makeException(thread, exceptions.ValueError, {}).value());
  Value b = Value::of(makeException(thread, exceptions.KeyError, {}).value());
  b.as<Exception>()->context = a;
  HandledException level;
  level.exception = b;
  level.previous = thread.handled;
  thread.handled = &level;
  (void)raiseInstance(thread, a);
  thread.handled = level.previous;
  CHECK(takeException(thread).is(a));
  CHECK(a.as<Exception>()->context.get().is(b));
  CHECK(b.as<Exception>()->context.get().isUnbound());
}
