// Warnings: filters, registries and how a warning is shown; and errors that nobody can catch.
#include "vm/warnings.h"

#include <unistd.h>

#include <fstream>

#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/function.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/errors.h"
#include "vm/import.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

int64_t filtersVersion = 1;

// To sys.stderr, as long as there is one; else to the descriptor.
void writeToStderr(Thread& thread, const std::string& text) {
  Value stream = runtime.sys == nullptr ? Value::unbound() : dictGetStr(runtime.sys, names.stderr);
  if (stream.isNone()) return;
  if (!stream.isUnbound()) {
    auto written = [&]() -> Fallible<Value> {
      Value str = Value::of(TRY(makeStr(thread, text)));
      return callMethod(thread, stream, names.write, std::span<const Value>(&str, 1));
    };
    if (!written().isRaised()) return;
    clearException(thread);
  }
  size_t done = 0;
  while (done < text.size()) {
    ssize_t n = write(STDERR_FILENO, text.data() + done, text.size() - done);
    if (n <= 0) return;
    done += static_cast<size_t>(n);
  }
}

std::string sourceLine(const std::string& file, int line) {
  std::ifstream in(file);
  std::string text;
  while (line > 0 && std::getline(in, text)) line--;
  if (line > 0) return {};
  size_t first = text.find_first_not_of(" \t\f");
  size_t last = text.find_last_not_of(" \t\f\r\n");
  return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

// --- state ------------------------------------------------------------------------------------------------------------
Fallible<Value> defaultFilters(Thread& thread) {
  const struct {
    const char* action;
    Type* category;
    const char* module;
  } filters[] = {{"default", exceptions.DeprecationWarning, "__main__"},
                 {"ignore", exceptions.DeprecationWarning, nullptr},
                 {"ignore", exceptions.PendingDeprecationWarning, nullptr},
                 {"ignore", exceptions.ImportWarning, nullptr},
                 {"ignore", exceptions.ResourceWarning, nullptr}};
  List* list = TRY(makeListWithCapacity(thread, std::size(filters)));
  for (auto [action, category, module] : filters) {
    Value name = module == nullptr ? Value::none() : Value::of(TRY(intern(thread, module)));
    Value items[] = {Value::of(TRY(intern(thread, action))), Value::none(), Value::of(category), name,
                     Value::inlineInt(0)};
    TRY(listAppend(thread, list, Value::of(TRY(makeTuple(thread, items)))));
  }
  return Value::of(list);
}

// An attribute of the module warnings if that has been imported (or may be, with `import`); else unbound.
Fallible<Value> warningsAttribute(Thread& thread, const char* name, bool import = false) {
  if (runtime.modules == nullptr) return Value::unbound();
  Value module = dictGetStr(runtime.modules, names.warnings);
  if (module.isUnbound() && import) {
    Fallible<Value> imported = importModule(thread, names.warnings);
    if (imported.isRaised()) {
      if (!pendingMatches(thread, exceptions.ImportError)) return Raised{};
      clearException(thread);
      return Value::unbound();
    }
    module = imported.value();
  }
  if (module.isUnbound() || module.isNone()) return Value::unbound();
  return getAttributeOrUnbound(thread, module, TRY(intern(thread, name)));
}

// --- filters ----------------------------------------------------------------------------------------------------------
// A filter's pattern is a compiled regular expression, or plain text in the filters that are there from the start.
Fallible<bool> matches(Thread& thread, Value pattern, Value text) {
  if (pattern.isNone()) return true;
  if (typeOf(pattern) == types.str) return equals(thread, pattern, text);
  return isTrue(thread, TRY(callMethod(thread, pattern, TRY(intern(thread, "match")), {&text, 1})));
}

struct Decision {
  Value action, filter;
};
Fallible<void> decide(Thread& thread, Value category, Value text, int64_t line, Value module, Decision& decision) {
  WarningDefaults defaults = TRY(warningDefaults(thread));
  Value filters = TRY(warningsAttribute(thread, "filters"));
  if (filters.isUnbound()) filters = defaults.filters;
  List* list = toList(filters);
  if (list == nullptr) return raiseValueError(thread, "_warnings.filters must be a list");
  for (uint64_t i = 0; i < list->length; i++) {
    Tuple* item = toTuple(list->storage->slots[i]);
    if (item == nullptr || item->length != 5)
      return raiseValueError(thread, "_warnings.filters item {} isn't a 5-tuple", i);
    if (toStr(item->items[0]) == nullptr)
      return raiseTypeError(thread, "action must be a string, not '{}'", nameOf(item->items[0].get()));
    if (!TRY(matches(thread, item->items[1], text))) continue;
    if (!TRY(isSubclass(thread, category, item->items[2]))) continue;
    if (!TRY(matches(thread, item->items[3], module))) continue;
    int64_t wanted = TRY(indexAsInt64(thread, item->items[4], exceptions.OverflowError));
    if (wanted != 0 && wanted != line) continue;
    decision = {item->items[0], Value::of(item)};
    return {};
  }
  Value action = TRY(warningsAttribute(thread, "defaultaction"));
  if (action.isUnbound()) action = defaults.defaultAction;
  if (toStr(action) == nullptr)
    return raiseTypeError(thread, "_warnings.defaultaction must be a string, not '{}'", nameOf(action));
  decision = {action, Value::none()};
  return {};
}

// Whether `key` was noted in this registry since the filters changed last; notes it when asked to.
Fallible<bool> seenBefore(Thread& thread, Dict* registry, Value key, bool note) {
  Value versionKey = Value::of(TRY(intern(thread, "version")));
  Value version = TRY(dictGet(thread, registry, versionKey));
  if (!version.isInlineInt() || version.asInlineInt() != filtersVersion) {
    dictClear(registry);
    TRY(dictSet(thread, registry, versionKey, Value::inlineInt(filtersVersion)));
  } else {
    Value noted = TRY(dictGet(thread, registry, key));
    if (!noted.isUnbound() && TRY(isTrue(thread, noted))) return true;
  }
  if (note) TRY(dictSet(thread, registry, key, Value::boolean(true)));
  return false;
}

Fallible<void> show(Thread& thread, Value message, Value text, Value category, const WarningPlace& place,
                    Value source) {
  Value function = TRY(warningsAttribute(thread, "_showwarnmsg", !source.isUnbound()));
  if (!function.isUnbound()) {
    if (!isCallable(function)) return raiseTypeError(thread, "warnings._showwarnmsg() must be set to a callable");
    Value type = TRY(warningsAttribute(thread, "WarningMessage"));
    if (type.isUnbound()) return raise(thread, exceptions.RuntimeError, "unable to get warnings.WarningMessage");
    Value none = Value::none();
    Value arguments[] = {message,
                         category,
                         place.filename,
                         TRY(makeInt(thread, place.line)),
                         none,
                         none,
                         source.isUnbound() ? none : source};
    Value shown = TRY(call(thread, type, std::span<const Value>(arguments)));
    TRY(call(thread, function, shown));
    return {};
  }
  std::string file = strToUtf8(toStr(place.filename));
  Value name = TRY(getAttribute(thread, category, names.dunder_name));
  std::string out = fmt::format("{}:{}: {}: {}\n", file, place.line, strToUtf8(TRY(str(thread, name))),
                                strToUtf8(TRY(str(thread, text))));
  std::string line;
  if (toStr(place.sourceLine) != nullptr) {
    line = strToUtf8(toStr(place.sourceLine));
    size_t first = line.find_first_not_of(" \t\014");
    line = first == std::string::npos ? "" : line.substr(first);
  } else {
    line = sourceLine(file, static_cast<int>(place.line));
  }
  if (!line.empty()) out += "  " + line + "\n";
  writeToStderr(thread, out);
  return {};
}

std::string moduleOfFile(const std::string& file) {
  if (file.empty()) return "<unknown>";
  return file.ends_with(".py") ? file.substr(0, file.size() - 3) : file;
}

// --- where a warning comes from ---------------------------------------------------------------------------------------
bool isInternalFrame(const Frame* frame) {
  std::string file = strToUtf8(frame->code->filename);
  return file.find("importlib") != std::string::npos && file.find("_bootstrap") != std::string::npos;
}
Frame* outward(Frame* frame, bool skipInternal) {
  do {
    frame = frame->previous;
  } while (frame != nullptr && skipInternal && isInternalFrame(frame));
  return frame;
}

// The place `stackLevel` frames up, and its registry.
Fallible<void> findPlace(Thread& thread, int64_t stackLevel, WarningPlace& place) {
  Frame* frame = thread.frame;
  bool skipInternal = stackLevel > 0 && frame != nullptr && !isInternalFrame(frame);
  while (--stackLevel > 0 && frame != nullptr) frame = outward(frame, skipInternal);
  Dict* globals = runtime.sys;
  if (frame != nullptr) {
    FrameObject* object = TRY(frameObjectOf(thread, frame));
    globals = frame->function->globals;
    place.filename = Value::of(frame->code->filename.get());
    place.line = frameLine(object);
  } else {
    place.filename = Value::of(TRY(intern(thread, "sys")));
    place.line = 1;
  }
  Str* key = TRY(intern(thread, "__warningregistry__"));
  place.registry = TRY(dictGet(thread, globals, Value::of(key)));
  if (place.registry.isUnbound()) {
    place.registry = Value::of(TRY(makeDict(thread)));
    TRY(dictSetStr(thread, globals, key, place.registry));
  }
  place.module = TRY(dictGet(thread, globals, Value::of(names.dunder_name)));
  if (!place.module.isNone() && toStr(place.module) == nullptr)
    place.module = Value::of(TRY(intern(thread, "<string>")));
  return {};
}

}  // namespace

Fallible<WarningDefaults> warningDefaults(Thread& thread) {
  static auto* const state = new RootVector;
  if (state->empty()) {
    if (!state->push(TRY(defaultFilters(thread))) || !state->push(Value::of(TRY(makeDict(thread)))) ||
        !state->push(Value::of(TRY(intern(thread, "default")))))
      return raiseMemoryError(thread);
  }
  return WarningDefaults{(*state)[0], (*state)[1], (*state)[2]};
}
void warningFiltersChanged() { filtersVersion++; }

Fallible<void> warnAt(Thread& thread, Value message, Value category, const WarningPlace& given, Value source) {
  WarningPlace place = given;
  if (place.module.isNone()) return {};  // interpreter shutdown, says CPython
  if (!place.registry.isUnbound() && !place.registry.isNone() && toDict(place.registry) == nullptr)
    return raiseTypeError(thread, "'registry' must be a dict or None");
  if (place.module.isUnbound())
    place.module = Value::of(TRY(makeStr(thread, moduleOfFile(strToUtf8(toStr(place.filename))))));
  Value text = message;
  if (isInstanceOf(message, exceptions.Warning)) {
    text = Value::of(TRY(str(thread, message)));
    category = Value::of(typeOf(message));
  } else {
    message = TRY(call(thread, category, message));
  }
  Value key = Value::of(TRY(makeTuple(thread, {text, category, TRY(makeInt(thread, place.line))})));
  Dict* registry = toDict(place.registry);
  if (registry != nullptr && TRY(seenBefore(thread, registry, key, false))) return {};
  Decision decision;
  TRY(decide(thread, category, text, place.line, place.module, decision));
  Str* action = toStr(decision.action);
  if (strEqualsUtf8(action, "error")) return raiseInstance(thread, message);
  if (strEqualsUtf8(action, "ignore")) return {};
  if (!strEqualsUtf8(action, "always")) {
    if (registry != nullptr) TRY(dictSet(thread, registry, key, Value::boolean(true)));
    bool known = false;
    if (strEqualsUtf8(action, "once")) {
      if (registry == nullptr) {
        Value once = TRY(warningsAttribute(thread, "onceregistry"));
        registry = toDict(once.isUnbound() ? TRY(warningDefaults(thread)).onceRegistry : once);
        if (registry == nullptr) return raiseTypeError(thread, "_warnings.onceregistry must be a dict");
      }
      known = TRY(seenBefore(thread, registry, Value::of(TRY(makeTuple(thread, {text, category}))), true));
    } else if (strEqualsUtf8(action, "module")) {
      Value anywhere = Value::of(TRY(makeTuple(thread, {text, category, Value::inlineInt(0)})));
      if (registry != nullptr) known = TRY(seenBefore(thread, registry, anywhere, true));
    } else if (!strEqualsUtf8(action, "default")) {
      return raiseFormat(thread, exceptions.RuntimeError, "Unrecognized action ({}) in warnings.filters:\n {}",
                         strToUtf8(TRY(repr(thread, decision.action))), strToUtf8(TRY(repr(thread, decision.filter))));
    }
    if (known) return {};
  }
  return show(thread, message, text, category, place, source.isNone() ? Value::unbound() : source);
}

Fallible<void> warnFrom(Thread& thread, Value message, Value category, int64_t stackLevel, Value source) {
  WarningPlace place;
  TRY(findPlace(thread, stackLevel, place));
  return warnAt(thread, message, category, place, source);
}

Fallible<void> warn(Thread& thread, Type* category, std::string_view message, int stackLevel) {
  return warnFrom(thread, Value::of(TRY(makeStr(thread, message))), Value::of(category), stackLevel, Value::unbound());
}
Fallible<void> warnExplicit(Thread& thread, Type* category, std::string_view message, Str* filename, int line) {
  WarningPlace place;
  place.filename = Value::of(filename);
  place.line = line;
  return warnAt(thread, Value::of(TRY(makeStr(thread, message))), Value::of(category), place, Value::unbound());
}

}  // namespace krait
