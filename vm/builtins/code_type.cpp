// The code type: co_… attributes, co_lines(), co_positions(), replace().
#include "vm/adaptive_view.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/code.h"
#include "vm/names.h"
#include "vm/prepared.h"

namespace krait {
namespace {

Code* self(Value v) { return v.as<Code>(); }

template <uint32_t Code::*member>
Fallible<Value> number(Thread&, Value v) {
  return Value::inlineInt(static_cast<int32_t>(self(v)->*member));
}
template <class T, Field<T*> Code::*member>
Fallible<Value> object(Thread&, Value v) {
  return Value::of((self(v)->*member).get());
}

// co_code, but for the instructions that are specialised and their caches.
Fallible<Value> adaptiveCode(Thread& thread, Value v) {
  return adaptiveView.code == nullptr ? Value::of(self(v)->code.get()) : adaptiveView.code(thread, self(v));
}

// The names of localsplus entries of a kind, in order.
Fallible<Value> namesOfKind(Thread& thread, Code* code, uint8_t kind) {
  List* list = TRY(makeListWithCapacity(thread, code->localCount));
  for (uint32_t i = 0; i < code->localCount; i++)
    if (code->localsplusKinds->data[i] & kind) TRY(listAppend(thread, list, code->localsplusNames->items[i].get()));
  return Value::of(TRY(makeTuple(thread, list->values())));
}
Fallible<Value> variableNames(Thread& thread, Value v) { return namesOfKind(thread, self(v), Code::kLocal); }
Fallible<Value> cellNames(Thread& thread, Value v) { return namesOfKind(thread, self(v), Code::kCell); }
Fallible<Value> freeNames(Thread& thread, Value v) { return namesOfKind(thread, self(v), Code::kFree); }
Fallible<Value> plainLocalCount(Thread&, Value v) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < self(v)->localCount; i++) count += (self(v)->localsplusKinds->data[i] & Code::kLocal) != 0;
  return Value::inlineInt(count);
}

Value lineOrNone(int line) { return line < 0 ? Value::none() : Value::inlineInt(line); }

// An iterator over what `add(list, start, end, position)` appends for each entry of the line table.
template <class Add>
Fallible<Value> overLocations(Thread& thread, const Code* code, Add add) {
  struct State {
    List* list;
    Add add;
  } state{TRY(makeListWithCapacity(thread, 16)), add};
  bool complete = forEachLocation(
      code,
      [](void* context, int start, int end, const SourcePosition& position) {
        State& s = *static_cast<State*>(context);
        return !s.add(s.list, start, end, position).isRaised();
      },
      &state);
  if (!complete) return Raised{};
  return iterate(thread, Value::of(state.list));
}

// (start, end, line) for each entry of the line table.
Fallible<Value> lines(Thread& thread, Value v) {
  return overLocations(
      thread, self(v), [&thread](List* list, int start, int end, const SourcePosition& p) -> Fallible<void> {
        Tuple* entry = TRY(makeTuple(thread, {Value::inlineInt(start), Value::inlineInt(end), lineOrNone(p.line)}));
        return listAppend(thread, list, Value::of(entry));
      });
}

// One (line, end line, column, end column) per code unit.
Fallible<Value> positions(Thread& thread, Value v) {
  return overLocations(
      thread, self(v), [&thread](List* list, int start, int end, const SourcePosition& p) -> Fallible<void> {
        Tuple* entry = TRY(makeTuple(
            thread, {lineOrNone(p.line), lineOrNone(p.endLine), lineOrNone(p.column), lineOrNone(p.endColumn)}));
        for (int at = start; at < end; at += 2) TRY(listAppend(thread, list, Value::of(entry)));
        return {};
      });
}

Fallible<Value> representation(Thread& thread, Value v) {
  Code* code = self(v);
  return Value::of(TRY(makeStr(
      thread, fmt::format("<code object {} at {:#x}, file \"{}\", line {}>", strToUtf8(code->name), v.bits() - 1,
                          strToUtf8(code->filename),
                          static_cast<int32_t>(code->firstLine) > 0 ? static_cast<int32_t>(code->firstLine) : -1))));
}

Fallible<Value> equal(Thread& thread, Value left, Value right) {
  if (!isKind(right, Kind::kCode)) return Value::notImplemented();
  if (left.is(right)) return Value::boolean(true);
  Code *a = self(left), *b = self(right);
  if (a->argumentCount != b->argumentCount || a->positionalOnlyCount != b->positionalOnlyCount ||
      a->keywordOnlyCount != b->keywordOnlyCount || a->codeFlags != b->codeFlags || a->firstLine != b->firstLine)
    return Value::boolean(false);
  const Value pairs[][2] = {{Value::of(a->name.get()), Value::of(b->name.get())},
                            {Value::of(a->code.get()), Value::of(b->code.get())},
                            {Value::of(a->constants.get()), Value::of(b->constants.get())},
                            {Value::of(a->names.get()), Value::of(b->names.get())},
                            {Value::of(a->localsplusNames.get()), Value::of(b->localsplusNames.get())},
                            {Value::of(a->lineTable.get()), Value::of(b->lineTable.get())},
                            {Value::of(a->exceptionTable.get()), Value::of(b->exceptionTable.get())}};
  for (const auto& pair : pairs)
    if (!TRY(equals(thread, pair[0], pair[1]))) return Value::boolean(false);
  return Value::boolean(true);
}
Fallible<Value> notEqual(Thread& thread, Value left, Value right) {
  Value same = TRY(equal(thread, left, right));
  return same.isNotImplemented() ? same : Value::boolean(!same.isTrue());
}

// co_lnotab, as before 3.10: pairs of byte and line increments.
Fallible<Value> oldLineTable(Thread& thread, Value v) {
  ByteBuilder table;
  struct State {
    ByteBuilder* table;
    int start, line;
  } state{&table, 0, static_cast<int>(self(v)->firstLine)};
  forEachLocation(
      self(v),
      [](void* context, int start, int, const SourcePosition& position) {
        State& s = *static_cast<State*>(context);
        if (position.line < 0 || position.line == s.line) return true;
        int bytes = start - s.start, lines = position.line - s.line;
        auto put = [&](int a, int b) {
          char pair[] = {static_cast<char>(a), static_cast<char>(b)};
          s.table->append({pair, 2});
        };
        for (; bytes > 255; bytes -= 255) put(255, 0);
        for (; lines > 127; lines -= 127, bytes = 0) put(bytes, 127);
        for (; lines < -128; lines += 128, bytes = 0) put(bytes, -128);
        put(bytes, lines);
        s.start = start;
        s.line = position.line;
        return true;
      },
      &state);
  return Value::of(TRY(table.build(thread)));
}

Fallible<Value> variableName(Thread& thread, Value v, Value number) {
  int64_t i = TRY(indexAsInt64(thread, number, exceptions.IndexError));
  const Tuple* all = self(v)->localsplusNames;
  if (i < 0 || static_cast<uint64_t>(i) >= all->length)
    return raise(thread, exceptions.IndexError, "tuple index out of range");
  return all->items[i].get();
}

Fallible<Value> sizeOf(Thread&, Value v) {
  return Value::inlineInt(static_cast<int64_t>(sizeof(Code) + self(v)->code->length));
}

Fallible<Value> hashOf(Thread& thread, Value v) {
  Code* code = self(v);
  int64_t h = TRY(hash(thread, Value::of(code->name.get()))) ^ TRY(hash(thread, Value::of(code->code.get()))) ^
              TRY(hash(thread, Value::of(code->names.get()))) ^ code->argumentCount ^ code->codeFlags;
  return makeInt(thread, h == -1 ? -2 : h);
}

template <class T>
struct ObjectField {
  const char* name;
  Field<T*> Code::*member;
};
// Sets the field called `key`, if it is one of these; `done` tells.
template <class T>
Fallible<void> replaceObject(Thread& thread, Code* code, const std::string& key, Value value, bool& done,
                             const char* typeName, T* (*convert)(Value), std::initializer_list<ObjectField<T>> fields) {
  for (const ObjectField<T>& field : fields) {
    if (key != field.name) continue;
    T* converted = convert(value);
    if (converted == nullptr)
      return raiseTypeError(thread, "replace() argument '{}' must be {}, not {}", key, typeName, nameOf(value));
    code->*field.member = converted;
    done = true;
  }
  return {};
}

// replace(**changes): the same code with some fields changed. The prepared form is made anew.
Fallible<Value> replace(Thread& thread, Value v, const Arguments& arguments) {
  if (arguments.positional != 0) return raiseTypeError(thread, "replace() takes no positional arguments");
  Code* old = self(v);
  Code* code = TRY(allocate<Code>(thread, Kind::kCode, types.code->instanceShape));
  Cell header = *code;
  *code = *old;
  static_cast<Cell&>(*code) = header;
  code->prepared = nullptr;
  for (uint32_t i = 0; i < arguments.keywordCount(); i++) {
    std::string key = strToUtf8(toStr(arguments.keywordNames->items[i].get()));
    Value value = arguments[arguments.positional + i];
    struct NumberField {
      const char* name;
      uint32_t Code::*member;
    };
    static constexpr NumberField kNumbers[] = {{"co_argcount", &Code::argumentCount},
                                               {"co_posonlyargcount", &Code::positionalOnlyCount},
                                               {"co_kwonlyargcount", &Code::keywordOnlyCount},
                                               {"co_flags", &Code::codeFlags},
                                               {"co_stacksize", &Code::stackSize},
                                               {"co_firstlineno", &Code::firstLine}};
    bool done = false;
    for (const NumberField& field : kNumbers) {
      if (key != field.name) continue;
      code->*field.member = static_cast<uint32_t>(TRY(indexAsInt64(thread, value, exceptions.OverflowError)));
      done = true;
    }
    TRY(replaceObject<Str>(
        thread, code, key, value, done, "str", toStr,
        {{"co_filename", &Code::filename}, {"co_name", &Code::name}, {"co_qualname", &Code::qualname}}));
    TRY(replaceObject<Bytes>(
        thread, code, key, value, done, "bytes", toBytes,
        {{"co_code", &Code::code}, {"co_linetable", &Code::lineTable}, {"co_exceptiontable", &Code::exceptionTable}}));
    TRY(replaceObject<Tuple>(thread, code, key, value, done, "tuple", toTuple,
                             {{"co_consts", &Code::constants}, {"co_names", &Code::names}}));
    if (!done) return raiseTypeError(thread, "'{}' is an invalid keyword argument for replace()", key);
  }
  return Value::of(code);
}

}  // namespace

void initialiseCode(Thread& thread) {
  types.code = TypeBuilder(thread, "code", types.object, Kind::kCode)
                   .getter("co_code", object<Bytes, &Code::code>)
                   .getter("co_consts", object<Tuple, &Code::constants>, refuseAssignment)
                   .getter("co_names", object<Tuple, &Code::names>, refuseAssignment)
                   .getter("co_varnames", variableNames)
                   .getter("co_cellvars", cellNames)
                   .getter("co_freevars", freeNames)
                   .getter("co_filename", object<Str, &Code::filename>, refuseAssignment)
                   .getter("co_name", object<Str, &Code::name>, refuseAssignment)
                   .getter("co_qualname", object<Str, &Code::qualname>, refuseAssignment)
                   .getter("co_linetable", object<Bytes, &Code::lineTable>, refuseAssignment)
                   .getter("co_exceptiontable", object<Bytes, &Code::exceptionTable>, refuseAssignment)
                   .getter("co_argcount", number<&Code::argumentCount>, refuseAssignment)
                   .getter("co_posonlyargcount", number<&Code::positionalOnlyCount>, refuseAssignment)
                   .getter("co_kwonlyargcount", number<&Code::keywordOnlyCount>, refuseAssignment)
                   .getter("co_flags", number<&Code::codeFlags>, refuseAssignment)
                   .getter("co_stacksize", number<&Code::stackSize>, refuseAssignment)
                   .getter("co_firstlineno", number<&Code::firstLine>, refuseAssignment)
                   .getter("co_nlocals", plainLocalCount, refuseAssignment)
                   .getter("_co_code_adaptive", adaptiveCode)
                   .getter("co_lnotab", oldLineTable)
                   .method("_varname_from_oparg", variableName)
                   .method("__sizeof__", sizeOf)
                   .method("co_lines", lines)
                   .method("co_positions", positions)
                   .variadic("replace", replace)
                   .special("__repr__", representation)
                   .special("__eq__", equal)
                   .special("__ne__", notEqual)
                   .special("__lt__", objectUnordered)
                   .special("__le__", objectUnordered)
                   .special("__gt__", objectUnordered)
                   .special("__ge__", objectUnordered)
                   .special("__hash__", hashOf)
                   .build();
}

}  // namespace krait
