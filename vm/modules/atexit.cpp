// Module atexit: functions to be called when the program ends.
#include "vm/modules/atexit.h"

#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"
#include "vm/modules/sys.h"

namespace krait {
namespace {

// Triples: function, tuple of arguments, dict of keywords or None. One that was removed or called is unbound.
RootVector& registered() {
  static auto* functions = new RootVector;  // the collector knows it to the end
  return *functions;
}
constexpr size_t kEntry = 3;

Fallible<Value> registerFunction(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.positional == 0) return raiseTypeError(thread, "register() takes at least 1 argument (0 given)");
  Value function = arguments[0];
  if (!isCallable(function)) return raiseTypeError(thread, "the first argument must be callable");
  Value positional = Value::of(TRY(makeTuple(thread, arguments.positionals().subspan(1)))), keywords = Value::none();
  if (uint32_t count = arguments.keywordCount(); count != 0) {
    Dict* dict = TRY(makeDict(thread, count));
    keywords = Value::of(dict);
    for (uint32_t i = 0; i < count; i++)
      TRY(dictSet(thread, dict, arguments.keywordNames->items[i], arguments[arguments.positional + i]));
  }
  RootVector& functions = registered();
  size_t before = functions.size();
  if (!functions.push(function) || !functions.push(positional) || !functions.push(keywords)) {
    functions.truncate(before);
    return raiseMemoryError(thread);
  }
  return function;
}

Fallible<Value> unregisterFunction(Thread& thread, Value function) {
  for (size_t i = 0; i < registered().size(); i += kEntry) {
    if (registered()[i].isUnbound() || !TRY(equals(thread, registered()[i], function))) continue;
    if (i < registered().size())  // comparing may have cleared them all
      registered()[i] = registered()[i + 1] = registered()[i + 2] = Value::unbound();
  }
  return Value::none();
}

Fallible<void> callEntry(Thread& thread, Value function, Tuple* positional, Value keywords) {
  List* values = TRY(makeList(thread, positional->values()));
  Tuple* keywordNames = nullptr;
  if (Dict* dict = toDict(keywords)) {
    List* keys = TRY(makeList(thread, {}));
    uint64_t position = 0;
    Value key, value;
    while (dictNext(dict, position, key, value)) {
      TRY(listAppend(thread, keys, key));
      TRY(listAppend(thread, values, value));
    }
    keywordNames = TRY(makeTuple(thread, keys->values()));
  }
  TRY(call(thread, function, values->values(), keywordNames));
  return {};
}

Fallible<Value> clear(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "atexit._clear", arguments));
  registered().clear();
  return Value::none();
}
Fallible<Value> runFunctions(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "atexit._run_exitfuncs", arguments));
  runExitFunctions(thread);
  return Value::none();
}
Fallible<Value> countFunctions(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "atexit._ncallbacks", arguments));
  return Value::inlineInt(static_cast<int64_t>(registered().size() / kEntry));
}

}  // namespace

void runExitFunctions(Thread& thread) {
  // What is registered meanwhile is forgotten with the rest.
  for (size_t i = registered().size(); i >= kEntry;) {
    i -= kEntry;
    if (i + kEntry > registered().size()) continue;  // one of them has cleared the list
    Value function = registered()[i], positional = registered()[i + 1], keywords = registered()[i + 2];
    if (function.isUnbound()) continue;
    registered()[i] = Value::unbound();
    if (callEntry(thread, function, positional.as<Tuple>(), keywords).isRaised())
      writeUnraisable(thread, function, "Exception ignored in atexit callback");
  }
  registered().clear();
}

Module* moduleAtexit(Thread& thread) {
  return ModuleBuilder(thread, "atexit", "Functions that run when the interpreter ends in an orderly way.")
      .variadic("register", registerFunction)
      .variadic("_clear", clear)
      .function("unregister", unregisterFunction)
      .variadic("_run_exitfuncs", runFunctions)
      .variadic("_ncallbacks", countFunctions)
      .build();
}

}  // namespace krait
