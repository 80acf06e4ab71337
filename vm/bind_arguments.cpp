// Binding a call's arguments to a Python function's parameters, with CPython's TypeErrors.
#include <string>
#include <vector>

#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/semantics.h"

namespace krait {
namespace {

std::string qualnameOf(Function* function) {
  Str* name = toStr(function->qualname.get());
  return name == nullptr ? "?" : strToUtf8(name);
}
std::string parameterName(Code* code, uint32_t i) { return strToUtf8(code->localsplusNames->items[i].get().as<Str>()); }

// "'a'", "'a' and 'b'", "'a', 'b', and 'c'"
std::string quotedList(Code* code, const std::vector<uint32_t>& which) {
  std::string text;
  for (size_t i = 0; i < which.size(); i++) {
    if (i > 0) text += which.size() == 2 ? " and " : i + 1 == which.size() ? ", and " : ", ";
    text += "'" + parameterName(code, which[i]) + "'";
  }
  return text;
}

KRAIT_COLD Raised raiseMissing(Thread& thread, Function* function, const std::vector<uint32_t>& missing,
                               const char* kind) {
  return raiseTypeError(thread, "{}() missing {} required {} argument{}: {}", qualnameOf(function), missing.size(),
                        kind, missing.size() == 1 ? "" : "s", quotedList(function->code, missing));
}

KRAIT_COLD Raised raiseTooMany(Thread& thread, Function* function, Value* locals, uint32_t given) {
  Code* code = function->code;
  uint32_t keywordOnlyGiven = 0;
  for (uint32_t i = 0; i < code->keywordOnlyCount; i++)
    keywordOnlyGiven += !locals[code->argumentCount + i].isUnbound();
  Tuple* defaults = toTuple(function->defaults.get());
  uint32_t defaultCount = defaults == nullptr ? 0 : static_cast<uint32_t>(defaults->length);
  std::string takes = std::to_string(code->argumentCount);
  bool plural = code->argumentCount != 1;
  if (defaultCount > 0) {
    takes = "from " + std::to_string(int64_t{code->argumentCount} - defaultCount) + " to " + takes;
    plural = true;
  }
  std::string were = std::to_string(given);
  if (keywordOnlyGiven > 0)
    were += fmt::format(" positional argument{} (and {} keyword-only argument{})", given == 1 ? "" : "s",
                        keywordOnlyGiven, keywordOnlyGiven == 1 ? "" : "s");
  return raiseTypeError(thread, "{}() takes {} positional argument{} but {} {} given", qualnameOf(function), takes,
                        plural ? "s" : "", were, given == 1 && keywordOnlyGiven == 0 ? "was" : "were");
}

// A keyword that names no parameter: positional-only ones get a message of their own.
KRAIT_COLD Raised raiseUnexpectedKeyword(Thread& thread, Function* function, Tuple* keywordNames, Str* keyword) {
  Code* code = function->code;
  std::string positionalOnly;
  for (uint32_t p = 0; p < code->positionalOnlyCount; p++) {
    for (const Value& name : keywordNames->values()) {
      if (!strEquals(toStr(name), code->localsplusNames->items[p].get().as<Str>())) continue;
      if (!positionalOnly.empty()) positionalOnly += ", ";
      positionalOnly += parameterName(code, p);
    }
  }
  if (!positionalOnly.empty())
    return raiseTypeError(thread, "{}() got some positional-only arguments passed as keyword arguments: '{}'",
                          qualnameOf(function), positionalOnly);
  return raiseTypeError(thread, "{}() got an unexpected keyword argument '{}'", qualnameOf(function),
                        strToUtf8(keyword));
}

int64_t findParameter(Code* code, Str* keyword) {
  uint32_t parameters = code->argumentCount + code->keywordOnlyCount;
  Field<Value>* names = code->localsplusNames->items;
  for (uint32_t i = code->positionalOnlyCount; i < parameters; i++)
    if (names[i].get().as<Str>() == keyword) return i;
  for (uint32_t i = code->positionalOnlyCount; i < parameters; i++)
    if (strEquals(names[i].get().as<Str>(), keyword)) return i;
  return -1;
}

}  // namespace

Fallible<void> bindArguments(Thread& thread, Function* function, Value* locals, uint32_t positional,
                             Tuple* keywordNames) {
  Code* code = function->code;
  uint32_t keywords = keywordNames == nullptr ? 0 : static_cast<uint32_t>(keywordNames->length);
  uint32_t given = positional + keywords;
  uint32_t parameters = code->argumentCount + code->keywordOnlyCount;
  // The arguments move above the locals; both stay below sp while we allocate.
  Value* arguments = locals + (code->localCount > given ? code->localCount : given);
  for (uint32_t i = given; i-- > 0;) arguments[i] = locals[i];
  for (uint32_t i = 0; i < code->localCount; i++) locals[i] = Value::unbound();
  if (arguments + given > thread.sp) thread.sp = arguments + given;

  uint32_t direct = positional < code->argumentCount ? positional : code->argumentCount;
  for (uint32_t i = 0; i < direct; i++) locals[i] = arguments[i];
  uint32_t next = parameters;
  if (code->codeFlags & Code::kVarargs) {
    Tuple* rest = TRY(makeTuple(thread, std::span<const Value>(arguments + direct, positional - direct)));
    locals[next++] = Value::of(rest);
  }
  Dict* extra = nullptr;
  if (code->codeFlags & Code::kVarkeywords) {
    extra = TRY(makeDict(thread));
    locals[next] = Value::of(extra);
  }
  for (uint32_t k = 0; k < keywords; k++) {
    Str* keyword = toStr(keywordNames->items[k].get());
    if (keyword == nullptr) return raiseTypeError(thread, "{}() keywords must be strings", qualnameOf(function));
    int64_t parameter = findParameter(code, keyword);
    if (parameter >= 0) {
      if (!locals[parameter].isUnbound())
        return raiseTypeError(thread, "{}() got multiple values for argument '{}'", qualnameOf(function),
                              strToUtf8(keyword));
      locals[parameter] = arguments[positional + k];
    } else if (extra != nullptr) {
      TRY(dictSet(thread, extra, keywordNames->items[k].get(), arguments[positional + k]));
    } else {
      return raiseUnexpectedKeyword(thread, function, keywordNames, keyword);
    }
  }
  if (positional > code->argumentCount && !(code->codeFlags & Code::kVarargs))
    return raiseTooMany(thread, function, locals, positional);

  std::vector<uint32_t> missing;
  if (positional < code->argumentCount) {
    Tuple* defaults = toTuple(function->defaults.get());
    uint32_t defaultCount = defaults == nullptr ? 0 : static_cast<uint32_t>(defaults->length);
    uint32_t firstDefault = code->argumentCount > defaultCount ? code->argumentCount - defaultCount : 0;
    for (uint32_t i = positional; i < code->argumentCount; i++) {
      if (!locals[i].isUnbound()) continue;
      if (i >= firstDefault && defaultCount > 0)
        locals[i] = defaults
                        ->items[i - firstDefault +
                                (defaultCount > code->argumentCount ? defaultCount - code->argumentCount : 0)]
                        .get();
      else
        missing.push_back(i);
    }
    if (!missing.empty()) return raiseMissing(thread, function, missing, "positional");
  }
  if (code->keywordOnlyCount > 0) {
    Dict* defaults = toDict(function->kwdefaults.get());
    for (uint32_t i = code->argumentCount; i < parameters; i++) {
      if (!locals[i].isUnbound()) continue;
      if (defaults != nullptr) locals[i] = TRY(dictGet(thread, defaults, code->localsplusNames->items[i].get()));
      if (locals[i].isUnbound()) missing.push_back(i);
    }
    if (!missing.empty()) return raiseMissing(thread, function, missing, "keyword-only");
  }
  return {};
}

}  // namespace krait
