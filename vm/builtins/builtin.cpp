// Calling functions written in C++: arity checks, keyword binding, and the dispatch on their signatures.
#include "vm/builtins/builtin.h"

#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/errors.h"
#include "vm/lifetimes.h"
#include "vm/operations.h"

namespace krait {

// --- arguments --------------------------------------------------------------------------------------------------------
uint32_t Arguments::keywordCount() const {
  return keywordNames == nullptr ? 0 : static_cast<uint32_t>(keywordNames->length);
}

Value Arguments::keyword(const char* name) const {
  for (uint32_t i = 0, n = keywordCount(); i < n; i++)
    if (strEqualsUtf8(toStr(keywordNames->items[i]), name)) return first[positional + i];
  return Value::unbound();
}

Fallible<void> Arguments::noKeywords(Thread& thread, const char* function) const {
  if (keywordCount() != 0) return raiseTypeError(thread, "{}() takes no keyword arguments", function);
  return {};
}

KRAIT_COLD static Raised raiseCount(Thread& thread, std::string_view function, uint32_t min, uint32_t max,
                                    uint32_t given) {
  uint32_t wanted = given < min ? min : max;
  return raiseTypeError(thread, "{} expected {}{} argument{}, got {}", function,
                        min == max    ? ""
                        : given < min ? "at least "
                                      : "at most ",
                        wanted, wanted == 1 ? "" : "s", given);
}

Fallible<void> Arguments::count(Thread& thread, const char* function, uint32_t min, uint32_t max) const {
  if (positional < min || positional > max) [[unlikely]]
    return raiseCount(thread, function, min, max, positional);
  return {};
}

Fallible<void> Parameters::bind(Thread& thread, const Arguments& arguments, Value* out) const {
  auto callee = [&](const char* nameless) {
    return function == nullptr ? std::string(nameless) : fmt::format("{}()", function);
  };
  uint32_t total = 0, positionalOnly = 0, maxPositional = 0;
  bool keywordOnly = false;
  for (const char* name : names) {
    if (name[0] == '/') {
      positionalOnly = total;
    } else if (name[0] == '*') {
      keywordOnly = true;
      maxPositional = total;
    } else {
      out[total++] = Value::unbound();
    }
  }
  if (!keywordOnly) maxPositional = total;
  uint32_t given = arguments.positional, keywords = arguments.keywordCount();
  if (given + keywords > total)
    return raiseTypeError(thread, "{} takes at most {} {}argument{} ({} given)", callee("function"), total,
                          given == 0 ? "keyword " : "", total == 1 ? "" : "s", given + keywords);
  if (given > maxPositional) {
    if (maxPositional == 0) return raiseTypeError(thread, "{} takes no positional arguments", callee("function"));
    return raiseTypeError(thread, "{} takes {} {} positional argument{} ({} given)", callee("function"),
                          required < maxPositional ? "at most" : "exactly", maxPositional,
                          maxPositional == 1 ? "" : "s", given);
  }
  for (uint32_t i = 0; i < given; i++) out[i] = arguments[i];
  for (uint32_t k = 0; k < keywords; k++) {
    Str* keyword = toStr(arguments.keywordNames->items[k]);
    uint32_t index = 0;
    bool found = false;
    for (const char* name : names) {
      if (name[0] == '/' || name[0] == '*') continue;
      if (index >= positionalOnly && strEqualsUtf8(keyword, name)) {
        found = true;
        break;
      }
      index++;
    }
    fmt::memory_buffer buffer;
    if (!found)
      return raiseTypeError(thread, "'{}' is an invalid keyword argument for {}", textOf(keyword, buffer),
                            callee("this function"));
    if (index < given)
      return raiseTypeError(thread, "argument for {} given by name ('{}') and position ({})", callee("function"),
                            textOf(keyword, buffer), index + 1);
    out[index] = arguments[given + k];
  }
  for (uint32_t i = given; i < required; i++) {
    if (!out[i].isUnbound()) continue;
    if (i < positionalOnly) {
      uint32_t least = required < positionalOnly ? required : positionalOnly;
      return raiseTypeError(thread, "{} takes {} {} positional argument{} ({} given)", callee("function"),
                            required < maxPositional ? "at least" : "exactly", least, least == 1 ? "" : "s", given);
    }
    uint32_t index = 0;
    for (const char* name : names) {
      if (name[0] == '/' || name[0] == '*') continue;
      if (index++ == i)
        return raiseTypeError(thread, "{} missing required argument '{}' (pos {})", callee("function"), name, i + 1);
    }
  }
  return {};
}

// --- making -----------------------------------------------------------------------------------------------------------
static Fallible<Builtin*> makeFunctionCell(Thread& thread, const char* name, void* function, int parameters,
                                           int optional) {
  Builtin* b = TRY(allocate<Builtin>(thread, Kind::kBuiltin, types.builtinFunction->instanceShape));
  b->owner = b->self = Value::unbound();
  b->doc = Value::none();
  b->name = TRY(intern(thread, name));
  b->function = function;
  b->face = Builtin::kFunction;
  b->signature = parameters < 0 ? Builtin::kVariadic : Builtin::kFixed;
  b->minArguments = static_cast<uint8_t>(parameters < 0 ? 0 : parameters - optional);
  b->maxArguments = static_cast<uint8_t>(parameters < 0 ? 255 : parameters);
  return b;
}
Fallible<Builtin*> makeBuiltin(Thread& thread, const char* name, Native1 f, int optional) {
  return makeFunctionCell(thread, name, reinterpret_cast<void*>(f), 1, optional);
}
Fallible<Builtin*> makeBuiltin(Thread& thread, const char* name, Native2 f, int optional) {
  return makeFunctionCell(thread, name, reinterpret_cast<void*>(f), 2, optional);
}
Fallible<Builtin*> makeBuiltin(Thread& thread, const char* name, Native3 f, int optional) {
  return makeFunctionCell(thread, name, reinterpret_cast<void*>(f), 3, optional);
}
Fallible<Builtin*> makeBuiltin(Thread& thread, const char* name, Native4 f, int optional) {
  return makeFunctionCell(thread, name, reinterpret_cast<void*>(f), 4, optional);
}
Fallible<Builtin*> makeBuiltin(Thread& thread, const char* name, NativeVariadic f) {
  return makeFunctionCell(thread, name, reinterpret_cast<void*>(f), -1, 0);
}

// --- calling ----------------------------------------------------------------------------------------------------------
bool acceptsSelf(const Builtin* builtin, Value self) {
  Value owner = builtin->owner;
  return !isKind(owner, Kind::kType) || isInstanceOf(self, owner.as<Type>());
}

static std::string_view ownerName(const Builtin* b) {
  return isKind(b->owner, Kind::kType) ? nameOf(b->owner.get().as<Type>()) : std::string_view("?");
}

// As __qualname__ has it, without the module.
static std::string_view shortOwnerName(const Builtin* b, fmt::memory_buffer& buffer) {
  return isKind(b->owner, Kind::kType) ? textOf(b->owner.get().as<Type>()->name, buffer) : std::string_view("?");
}

// The searching methods of text count their arguments in an older wording.
static bool countsInOldWords(const Builtin* b, std::string_view name) {
  if (!isKind(b->owner, Kind::kType)) return false;
  const Type* owner = b->owner.get().as<Type>();
  if (owner != types.str && owner != types.bytes && owner != types.bytearray) return false;
  return name == "find" || name == "rfind" || name == "index" || name == "rindex" || name == "count" ||
         name == "startswith" || name == "endswith";
}

// The module of a function, empty for those of builtins.
static std::string_view moduleName(const Builtin* b, fmt::memory_buffer& buffer) {
  const Str* module = toStr(b->owner);
  return module != nullptr && !strEqualsUtf8(module, "builtins") ? textOf(module, buffer) : std::string_view();
}

// CPython names methods with their class where they take no or one argument, and plainly otherwise.
KRAIT_COLD static Raised raiseArity(Thread& thread, const Builtin* b, uint32_t given) {
  fmt::memory_buffer buffer;
  std::string_view name = textOf(b->name, buffer);
  bool bound = b->face != Builtin::kFunction;
  uint32_t self = bound ? 1 : 0, min = b->minArguments - self, max = b->maxArguments - self;
  given -= self;
  if (b->face == Builtin::kSlotWrapper) {
    if (min != max || max > 1) return raiseCount(thread, "", min, max, given);
    return raiseTypeError(thread, "expected {} argument{}, got {}", min, min == 1 ? "" : "s", given);
  }
  if (bound && countsInOldWords(b, name)) {
    uint32_t wanted = given < min ? min : max;
    return raiseTypeError(thread, "{}() takes at {} {} argument{} ({} given)", name, given < min ? "least" : "most",
                          wanted, wanted == 1 ? "" : "s", given);
  }
  if (max > 1 || min != max) return raiseCount(thread, name, min, max, given);
  fmt::memory_buffer moduleBuffer;
  std::string_view prefix = bound ? shortOwnerName(b, moduleBuffer) : moduleName(b, moduleBuffer);
  return raiseTypeError(thread, "{}{}{}() takes {} ({} given)", prefix, prefix.empty() ? "" : ".", name,
                        max == 0 ? "no arguments" : "exactly one argument", given);
}

KRAIT_COLD static Raised raiseKeywords(Thread& thread, const Builtin* b) {
  fmt::memory_buffer buffer;
  std::string_view name = textOf(b->name, buffer);
  if (b->face == Builtin::kSlotWrapper) return raiseTypeError(thread, "wrapper {}() takes no keyword arguments", name);
  if (b->face == Builtin::kFunction) {
    fmt::memory_buffer moduleBuffer;
    std::string_view prefix = moduleName(b, moduleBuffer);
    return raiseTypeError(thread, "{}{}{}() takes no keyword arguments", prefix, prefix.empty() ? "" : ".", name);
  }
  fmt::memory_buffer ownerBuffer;
  return raiseTypeError(thread, "{}.{}() takes no keyword arguments", shortOwnerName(b, ownerBuffer), name);
}

KRAIT_COLD static Raised raiseWrongSelf(Thread& thread, const Builtin* b, const Arguments& arguments) {
  fmt::memory_buffer buffer;
  std::string_view name = textOf(b->name, buffer), owner = ownerName(b);
  switch (b->face) {
    case Builtin::kSlotWrapper:
      if (arguments.positional == 0)
        return raiseTypeError(thread, "descriptor '{}' of '{}' object needs an argument", name, owner);
      return raiseTypeError(thread, "descriptor '{}' requires a '{}' object but received a '{}'", name, owner,
                            nameOf(arguments[0]));
    case Builtin::kConstructor:
      if (arguments.positional == 0) return raiseTypeError(thread, "{}.__new__(): not enough arguments", owner);
      if (!isKind(arguments[0], Kind::kType))
        return raiseTypeError(thread, "{}.__new__(X): X is not a type object ({})", owner, nameOf(arguments[0]));
      return raiseTypeError(thread, "{}.__new__({}): {} is not a subtype of {}", owner, nameOf(arguments[0].as<Type>()),
                            nameOf(arguments[0].as<Type>()), owner);
    case Builtin::kClassMethodDescriptor:
      if (arguments.positional == 0)
        return raiseTypeError(thread, "descriptor '{}' of '{}' object needs an argument", name, owner);
      if (!isKind(arguments[0], Kind::kType))
        return raiseTypeError(thread, "descriptor '{}' for type '{}' needs a type, not a '{}' as arg 2", name, owner,
                              nameOf(arguments[0]));
      return raiseTypeError(thread, "descriptor '{}' requires a subtype of '{}' but received '{}'", name, owner,
                            nameOf(arguments[0].as<Type>()));
    default:
      if (arguments.positional == 0) {
        fmt::memory_buffer ownerBuffer;
        return raiseTypeError(thread, "unbound method {}.{}() needs an argument", shortOwnerName(b, ownerBuffer), name);
      }
      return raiseTypeError(thread, "descriptor '{}' for '{}' objects doesn't apply to a '{}' object", name, owner,
                            nameOf(arguments[0]));
  }
}

static bool selfFits(const Builtin* b, const Arguments& arguments) {
  if (arguments.positional == 0) return false;
  if (b->face == Builtin::kMethodDescriptor || b->face == Builtin::kSlotWrapper) return acceptsSelf(b, arguments[0]);
  return isKind(arguments[0], Kind::kType) &&
         (!isKind(b->owner, Kind::kType) || isSubtype(arguments[0].as<Type>(), b->owner.get().as<Type>()));
}

Fallible<Value> callBuiltin(Thread& thread, Builtin* b, const Arguments& arguments) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  if (b->face != Builtin::kFunction && !selfFits(b, arguments)) [[unlikely]]
    return raiseWrongSelf(thread, b, arguments);
  if (b->signature == Builtin::kVariadic) {
    auto f = reinterpret_cast<NativeVariadic>(b->function);
    if (b->face == Builtin::kFunction) return f(thread, b->self, arguments);
    if (b->face == Builtin::kConstructor) [[unlikely]] {  // cls.__new__(cls, ...), called by name
      Value made =
          TRY(f(thread, arguments[0], {arguments.first + 1, arguments.positional - 1, arguments.keywordNames}));
      TRY(registerMade(thread, made));
      return made;
    }
    return f(thread, arguments[0], {arguments.first + 1, arguments.positional - 1, arguments.keywordNames});
  }
  if (arguments.keywordCount() != 0) [[unlikely]]
    return raiseKeywords(thread, b);
  uint32_t n = arguments.positional;
  if (n < b->minArguments || n > b->maxArguments) [[unlikely]]
    return raiseArity(thread, b, n);
  if (b->signature == Builtin::kNext) {
    Value v = TRY(reinterpret_cast<Native1>(b->function)(thread, arguments[0]));
    if (v.isUnbound()) return raiseWithArgument(thread, exceptions.StopIteration, Value::unbound());
    return v;
  }
  auto argument = [&](uint32_t i) { return i < n ? arguments[i] : Value::unbound(); };
  switch (b->maxArguments) {
    case 0: return reinterpret_cast<Fallible<Value> (*)(Thread&)>(b->function)(thread);
    case 1: return reinterpret_cast<Native1>(b->function)(thread, argument(0));
    case 2: return reinterpret_cast<Native2>(b->function)(thread, argument(0), argument(1));
    case 3: return reinterpret_cast<Native3>(b->function)(thread, argument(0), argument(1), argument(2));
    case 4: return reinterpret_cast<Native4>(b->function)(thread, argument(0), argument(1), argument(2), argument(3));
    default:
      return reinterpret_cast<Native5>(b->function)(thread, argument(0), argument(1), argument(2), argument(3),
                                                    argument(4));
  }
}

}  // namespace krait
