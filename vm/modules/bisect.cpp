// Module _bisect: finding and keeping places in sorted sequences.
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

enum class Side : bool { kLeft, kRight };

struct Search {
  Value sequence, item, key;
  int64_t low, high;
};

Fallible<Search> readArguments(Thread& thread, const Parameters& parameters, const Arguments& arguments) {
  Value values[5];
  TRY(parameters.bind(thread, arguments, values));
  Search search{values[0], values[1], values[4].isUnbound() ? Value::none() : values[4], 0, -1};
  if (!values[2].isUnbound()) search.low = TRY(ssizeArgument(thread, values[2]));
  if (!values[3].isUnbound() && !values[3].isNone()) search.high = TRY(ssizeArgument(thread, values[3]));
  return search;
}

KRAIT_INLINE Fallible<Value> itemAt(Thread& thread, Value sequence, int64_t i) {
  if (isKind(sequence, Kind::kList) && typeOf(sequence) == types.list) {
    const List* list = sequence.as<List>();
    if (static_cast<uint64_t>(i) < list->length) return list->storage->slots[i];
  }
  return getItem(thread, sequence, TRY(makeInt(thread, i)));
}

Fallible<int64_t> find(Thread& thread, const Search& search, Value item, Side side) {
  int64_t low = search.low, high = search.high;
  if (low < 0) return raiseValueError(thread, "lo must be non-negative");
  if (high == -1) high = TRY(length(thread, search.sequence));
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    Value there = TRY(itemAt(thread, search.sequence, middle));
    if (!search.key.isNone()) there = TRY(call(thread, search.key, there));
    bool goRight = side == Side::kLeft ? TRY(compareTruth(thread, Comparison::kLess, there, item))
                                       : !TRY(compareTruth(thread, Comparison::kLess, item, there));
    if (goRight)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

Fallible<Value> insert(Thread& thread, const Search& search, Side side) {
  Value item = search.item, wanted = item;
  if (!search.key.isNone()) wanted = TRY(call(thread, search.key, item));
  int64_t place = TRY(find(thread, search, wanted, side));
  Value arguments[] = {TRY(makeInt(thread, place)), item};
  TRY(callMethod(thread, search.sequence, TRY(intern(thread, "insert")), std::span<const Value>(arguments)));
  return Value::none();
}

Fallible<Value> bisectLeft(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"bisect_left", {"a", "x", "lo", "hi", "*", "key"}, 2};
  Search search = TRY(readArguments(thread, kParameters, arguments));
  return makeInt(thread, TRY(find(thread, search, search.item, Side::kLeft)));
}
Fallible<Value> bisectRight(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"bisect_right", {"a", "x", "lo", "hi", "*", "key"}, 2};
  Search search = TRY(readArguments(thread, kParameters, arguments));
  return makeInt(thread, TRY(find(thread, search, search.item, Side::kRight)));
}
Fallible<Value> insortLeft(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"insort_left", {"a", "x", "lo", "hi", "*", "key"}, 2};
  return insert(thread, TRY(readArguments(thread, kParameters, arguments)), Side::kLeft);
}
Fallible<Value> insortRight(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"insort_right", {"a", "x", "lo", "hi", "*", "key"}, 2};
  return insert(thread, TRY(readArguments(thread, kParameters, arguments)), Side::kRight);
}

}  // namespace

Module* moduleBisect(Thread& thread) {
  return ModuleBuilder(thread, "_bisect", "Bisection algorithms.")
      .variadic("bisect_left", bisectLeft)
      .variadic("bisect_right", bisectRight)
      .variadic("insort_left", insortLeft)
      .variadic("insort_right", insortRight)
      .build();
}

}  // namespace krait
