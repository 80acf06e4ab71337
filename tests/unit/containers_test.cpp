// The containers below their Python methods: tables, order, hashes, slices, sorting.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "tests/unit/vm_fixture.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/range.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/set.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

using namespace krait;

namespace {

Value number(int64_t i) { return Value::inlineInt(i); }

class ContainersFixture : public VmFixture {
 protected:
  std::vector<int64_t> keysOf(const Set* set) {
    std::vector<int64_t> keys;
    uint64_t position = 0;
    for (Value key; setNext(set, position, key);) keys.push_back(key.asInlineInt());
    return keys;
  }
  std::vector<int64_t> keysOf(const Dict* dict) {
    std::vector<int64_t> keys;
    uint64_t position = 0;
    for (Value key, value; dictNext(dict, position, key, value);) keys.push_back(key.asInlineInt());
    return keys;
  }
  Set* multiplesBelow300(int64_t of) {
    Set* set = makeSet(thread, types.set, Value::unbound()).value();
    for (int64_t i = 0; i < 300; i += of) REQUIRE_FALSE(setAdd(thread, set, number(i)).isRaised());
    return set;
  }
  bool raises(bool isRaised, const Type* type) {
    bool matches = isRaised && pendingMatches(thread, type);
    if (isRaised) clearException(thread);
    return matches;
  }
};

}  // namespace

TEST_CASE_METHOD(ContainersFixture, "a dict keeps the order of insertion through deletions and rebuilding") {
  Dict* dict = makeDict(thread).value();
  std::vector<int64_t> expected;
  for (int64_t i = 0; i < 1000; i++) {
    REQUIRE_FALSE(dictSet(thread, dict, number(i * 7919 % 100003), number(i)).isRaised());
    expected.push_back(i * 7919 % 100003);
    if (i % 3 == 2) {
      REQUIRE(dictDelete(thread, dict, number(expected[expected.size() / 2])).value());
      expected.erase(expected.begin() + static_cast<int64_t>(expected.size() / 2));
    }
  }
  CHECK(keysOf(dict) == expected);
  CHECK(dict->length == expected.size());
  CHECK(keysOf(dictCopy(thread, dict).value()) == expected);
}

TEST_CASE_METHOD(ContainersFixture, "a dict's version changes with its keys and not with its values") {
  Dict* dict = makeDict(thread).value();
  Str *a = intern(thread, "a").value(), *b = intern(thread, "b").value();
  REQUIRE_FALSE(dictSetStr(thread, dict, a, number(1)).isRaised());
  uint32_t version = dictKeysVersion(dict);
  REQUIRE(version != 0);
  DictEntry* entry = dictFindStr(dict, a);
  REQUIRE_FALSE(dictSetStr(thread, dict, a, number(2)).isRaised());
  CHECK(dict->keysVersion == version);
  CHECK(entry->value.get().is(number(2)));
  REQUIRE_FALSE(dictSetStr(thread, dict, b, number(3)).isRaised());
  CHECK(dict->keysVersion == 0);
  CHECK(dictKeysVersion(dict) != version);
}

TEST_CASE_METHOD(ContainersFixture, "a dict that is used as a stack does not fill its index") {
  Dict* dict = makeDict(thread).value();
  for (int64_t i = 0; i < 5000; i++) {
    REQUIRE_FALSE(dictSet(thread, dict, number(i), number(i)).isRaised());
    Value key, value;
    REQUIRE(dictPopLast(dict, key, value));
    CHECK(key.is(number(i)));
    CHECK(dictGet(thread, dict, number(-1)).value().isUnbound());
  }
  CHECK(dict->keys->indexSize == 8);
}

TEST_CASE_METHOD(ContainersFixture, "a set is walked in the order that CPython's table gives") {
  Set* set = makeSet(thread, types.set, Value::unbound()).value();
  for (int64_t i = 0; i < 40; i++) REQUIRE_FALSE(setAdd(thread, set, number(i * i * 31 % 1009)).isRaised());
  for (int64_t i = 0; i < 40; i += 3) REQUIRE_FALSE(setDiscard(thread, set, number(i * i * 31 % 1009)).isRaised());
  for (int64_t i = 40; i < 50; i++) REQUIRE_FALSE(setAdd(thread, set, number(i * i * 31 % 1009)).isRaised());
  CHECK(keysOf(set) == std::vector<int64_t>{642, 774, 775, 776, 521, 11,  652, 530, 22,  794, 31,  159,
                                            292, 815, 61,  194, 198, 73,  204, 846, 975, 465, 724, 88,
                                            217, 92,  485, 873, 876, 878, 496, 368, 887, 124, 510, 255});
  Set *sevens = multiplesBelow300(7), *fives = multiplesBelow300(5);
  CHECK(keysOf(setIntersection(thread, sevens, Value::of(fives)).value()) ==
        std::vector<int64_t>{0, 35, 70, 105, 140, 175, 210, 245, 280});
  CHECK(setDifference(thread, sevens, Value::of(fives)).value()->used == 34);
}

TEST_CASE_METHOD(ContainersFixture, "tuples and frozensets hash as in CPython") {
  CHECK(hashTuple(thread, makeTuple(thread, {number(1), number(2)}).value()).value() == -3550055125485641917);
  CHECK(hashTuple(thread, emptyTuple()).value() == 5740354900026072187);
  Set* set = makeSet(thread, types.frozenset, Value::unbound()).value();
  CHECK(frozensetHash(set) == 133146708735736);
  for (int64_t i : {2, 1}) REQUIRE_FALSE(setAdd(thread, set, number(i)).isRaised());
  CHECK(frozensetHash(set) == -1826646154956904602);
}

TEST_CASE_METHOD(ContainersFixture, "slices select what stepping through the indices selects") {
  for (int64_t length : {0, 1, 5}) {
    for (int64_t start = -7; start <= 7; start++) {
      for (int64_t stop = -7; stop <= 7; stop++) {
        for (int64_t step : {-3, -1, 1, 2}) {
          Value slice = makeSlice(thread, number(start), number(stop), number(step)).value();
          SliceBounds bounds = resolveSlice(thread, slice.as<Slice>(), length).value();
          int64_t first = start < 0 ? start + length : start, last = stop < 0 ? stop + length : stop, count = 0;
          int64_t lowest = step < 0 ? -1 : 0, highest = step < 0 ? length - 1 : length;
          first = std::clamp(first, lowest, highest), last = std::clamp(last, lowest, highest);
          for (int64_t i = first; step > 0 ? i < last : i > last; i += step) count++;
          CHECK(bounds.length == count);
          if (count > 0) CHECK(bounds.start == first);
        }
      }
    }
  }
}

TEST_CASE_METHOD(ContainersFixture, "sorting is stable and finds runs, whatever their shape") {
  std::mt19937 random(1);
  for (int shape = 0; shape < 4; shape++) {
    for (int64_t length : {2, 31, 64, 65, 1000}) {
      std::vector<Value> items;
      for (int64_t i = 0; i < length; i++) {
        int64_t key = shape == 0 ? random() % 10 : shape == 1 ? i / 3 : shape == 2 ? length - i : i % 40;
        items.push_back(number(key << 20 | i));
      }
      // Tuples (key, position): the comparison for tuples of ints, where equal keys fall back to the position.
      List* list = makeList(thread, {}).value();
      for (Value item : items) {
        Tuple* pair = makeTuple(thread, {number(item.asInlineInt() >> 20), item}).value();
        REQUIRE_FALSE(listAppend(thread, list, Value::of(pair)).isRaised());
      }
      REQUIRE_FALSE(listSort(thread, list, Value::none(), false).isRaised());
      List* plain = makeList(thread, items).value();
      REQUIRE_FALSE(listSort(thread, plain, Value::none(), true).isRaised());
      std::sort(items.begin(), items.end(), [](Value a, Value b) { return a.asInlineInt() < b.asInlineInt(); });
      for (uint64_t i = 0; i < items.size(); i++) {
        CHECK(list->storage->slots[i].as<Tuple>()->items[1].get().is(items[i]));
        CHECK(plain->storage->slots[items.size() - 1 - i].is(items[i]));
      }
    }
  }
}

TEST_CASE_METHOD(ContainersFixture, "an iterator over a dict that grew raises, and goes on raising") {
  Dict* dict = makeDict(thread).value();
  REQUIRE_FALSE(dictSet(thread, dict, number(1), number(1)).isRaised());
  Iterator* iterator = makeIterator(thread, types.dictKeyIterator, Value::of(dict)).value().as<Iterator>();
  REQUIRE_FALSE(dictSet(thread, dict, number(2), number(2)).isRaised());
  CHECK(raises(iteratorNext(thread, iterator).isRaised(), exceptions.RuntimeError));
  CHECK(raises(iteratorNext(thread, iterator).isRaised(), exceptions.RuntimeError));
}

TEST_CASE_METHOD(ContainersFixture, "a range beyond 64 bits iterates with an iterator of its own") {
  Value huge = intLeftShift(thread, number(1), number(70)).value();
  Value range = makeRange(thread, huge, intAdd(thread, huge, number(2)).value(), number(1)).value();
  Iterator* iterator = makeIterator(thread, types.rangeIterator, range).value().as<Iterator>();
  CHECK(iterator->code() == IteratorCode::kLongRange);
  CHECK(intCompare(iteratorNext(thread, iterator).value(), huge) == 0);
  CHECK_FALSE(iteratorNext(thread, iterator).value().isUnbound());
  CHECK(iteratorNext(thread, iterator).value().isUnbound());
}
