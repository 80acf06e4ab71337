// Warnings and errors that nobody can catch: what goes to stderr while the program continues.
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
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

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

enum class Action { kIgnore, kShow, kOnce, kError };

// CPython's default filters, after the -W options from last to first.
Action actionFor(Type* category, bool inMain, Value options) {
  if (List* list = toList(options)) {
    for (uint64_t i = list->length; i-- > 0;) {
      Str* option = toStr(list->storage->slots[i]);
      if (option == nullptr) continue;
      std::string text = strToUtf8(option);
      std::string action = text.substr(0, text.find(':'));
      size_t second = text.find(':', text.find(':') == std::string::npos ? text.size() : text.find(':') + 1);
      std::string wanted = second == std::string::npos ? "" : text.substr(second + 1);
      wanted = wanted.substr(0, wanted.find(':'));
      bool applies = wanted.empty();
      for (uint64_t k = 0; k < category->mro->length && !applies; k++)
        applies = nameOf(category->mro->items[k].get().as<Type>()) == wanted;
      if (!applies || action.empty()) continue;
      if (action[0] == 'e') return Action::kError;
      if (action[0] == 'i') return Action::kIgnore;
      if (action[0] == 'a') return Action::kShow;
      return Action::kOnce;
    }
  }
  if (inMain && isSubtype(category, exceptions.DeprecationWarning)) return Action::kOnce;
  for (Type* silent : {exceptions.DeprecationWarning, exceptions.PendingDeprecationWarning, exceptions.ImportWarning,
                       exceptions.ResourceWarning})
    if (isSubtype(category, silent)) return Action::kIgnore;
  return Action::kOnce;
}

// One frame's view of a warning: where it is shown to come from.
struct Place {
  Dict* globals = nullptr;
  std::string file = "sys";
  int line = 1;
};

Fallible<void> findPlace(Thread& thread, int stackLevel, Place& place) {
  Frame* frame = thread.frame;
  for (; frame != nullptr && stackLevel > 1; stackLevel--) frame = frame->previous;
  if (frame == nullptr) return {};
  FrameObject* object = TRY(frameObjectOf(thread, frame));
  place.globals = frame->function->globals;
  place.file = strToUtf8(frame->function->code->filename);
  place.line = frameLine(object);
  return {};
}

// Whether this very warning was shown before; remembers it.
Fallible<bool> seenBefore(Thread& thread, const Place& place, Type* category, Str* text) {
  if (place.globals == nullptr) return false;
  Str* key = TRY(intern(thread, "__warningregistry__"));
  Value registry = dictGetStr(place.globals, key);
  if (!isKind(registry, Kind::kDict)) {
    registry = Value::of(TRY(makeDict(thread)));
    TRY(dictSetStr(thread, place.globals, key, registry));
  }
  Value entry = Value::of(TRY(makeTuple(thread, {Value::of(text), Value::of(category), Value::inlineInt(place.line)})));
  if (TRY(dictContains(thread, registry.as<Dict>(), entry))) return true;
  TRY(dictSet(thread, registry.as<Dict>(), entry, Value::boolean(true)));
  return false;
}

Fallible<void> filterAndShow(Thread& thread, Type* category, std::string_view message, Str* text, const Place& place) {
  Str* mainName = place.globals == nullptr ? nullptr : toStr(dictGetStr(place.globals, names.dunder_name));
  Str* optionsName = TRY(intern(thread, "warnoptions"));
  Value options = runtime.sys == nullptr ? Value::unbound() : dictGetStr(runtime.sys, optionsName);
  switch (actionFor(category, mainName != nullptr && strEquals(mainName, names.dunder_main), options)) {
    case Action::kIgnore: return {};
    case Action::kError: return raise(thread, category, message);
    case Action::kOnce:
      if (TRY(seenBefore(thread, place, category, text))) return {};
      break;
    case Action::kShow: break;
  }
  std::string shown = fmt::format("{}:{}: {}: {}\n", place.file, place.line, nameOf(category), message);
  std::string line = sourceLine(place.file, place.line);
  if (!line.empty()) shown += "  " + line + "\n";
  writeToStderr(thread, shown);
  return {};
}

}  // namespace

Fallible<void> warn(Thread& thread, Type* category, std::string_view message, int stackLevel) {
  Str* text = TRY(makeStr(thread, message));
  // A program that has loaded the warnings module has its filters and hooks there.
  Value module =
      runtime.modules == nullptr ? Value::unbound() : dictGetStr(runtime.modules, TRY(intern(thread, "warnings")));
  if (isKind(module, Kind::kModule)) {
    Value function = TRY(getAttributeOrUnbound(thread, module, TRY(intern(thread, "warn"))));
    if (!function.isUnbound()) {
      TRY(call(thread, function, Value::of(text), Value::of(category), Value::inlineInt(stackLevel)));
      return {};
    }
  }
  Place place;
  TRY(findPlace(thread, stackLevel, place));
  return filterAndShow(thread, category, message, text, place);
}

Fallible<void> warnExplicit(Thread& thread, Type* category, std::string_view message, Str* filename, int line) {
  Str* text = TRY(makeStr(thread, message));
  Value module =
      runtime.modules == nullptr ? Value::unbound() : dictGetStr(runtime.modules, TRY(intern(thread, "warnings")));
  if (isKind(module, Kind::kModule)) {
    Value function = TRY(getAttributeOrUnbound(thread, module, TRY(intern(thread, "warn_explicit"))));
    if (!function.isUnbound()) {
      Value arguments[] = {Value::of(text), Value::of(category), Value::of(filename), Value::inlineInt(line)};
      TRY(call(thread, function, std::span<const Value>(arguments)));
      return {};
    }
  }
  Place place;
  place.file = strToUtf8(filename);
  place.line = line;
  return filterAndShow(thread, category, message, text, place);
}

void writeUnraisable(Thread& thread, Value where) {
  Value exception = takeException(thread);
  std::string text;
  if (!where.isUnbound() && !where.isNone()) {
    Fallible<Str*> shown = repr(thread, where);
    if (shown.isRaised()) clearException(thread);
    text = "Exception ignored in: " + (shown.isRaised() ? "<object repr() failed>" : strToUtf8(shown.value())) + "\n";
  }
  Fallible<Str*> trace = formatException(thread, exception);
  if (trace.isRaised())
    clearException(thread);
  else
    text += strToUtf8(trace.value());
  writeToStderr(thread, text);
}

}  // namespace krait
