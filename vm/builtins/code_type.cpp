// The code type: its constructor, co_… attributes, co_lines(), co_positions(), replace().
#include "vm/adaptive_view.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/code.h"
#include "vm/code_make.h"
#include "vm/modules/native_arguments.h"
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

// Constants are equal when their types are, too, at every depth: 1, 1.0 and True are three, and so are 0.0 and -0.0.
Fallible<bool> sameConstant(Thread& thread, Value a, Value b) {
  KRAIT_CHECK_NATIVE_STACK(thread, " in comparison");
  if (a.is(b)) return true;
  if (typeOf(a) != typeOf(b)) return false;
  Type* type = typeOf(a);
  if (type == types.tuple) {
    const Tuple *left = a.as<Tuple>(), *right = b.as<Tuple>();
    if (left->length != right->length) return false;
    for (uint64_t i = 0; i < left->length; i++)
      if (!TRY(sameConstant(thread, left->items[i].get(), right->items[i].get()))) return false;
    return true;
  }
  if (type == types.frozenset) {
    if (!TRY(equals(thread, a, b))) return false;
    uint64_t position = 0;
    for (Value key; setNext(a.as<Set>(), position, key);) {
      bool found = false;
      uint64_t other = 0;
      for (Value candidate; !found && setNext(b.as<Set>(), other, candidate);)
        found = TRY(sameConstant(thread, key, candidate));
      if (!found) return false;
    }
    return true;
  }
  if (type == types.float_ || type == types.complex)  // shows the sign of zeros
    return strEquals(TRY(repr(thread, a)), TRY(repr(thread, b)));
  if (type == types.int_ || type == types.str || type == types.bytes || type == types.code) return equals(thread, a, b);
  return false;  // identity alone
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
                            {Value::of(a->names.get()), Value::of(b->names.get())},
                            {Value::of(a->localsplusNames.get()), Value::of(b->localsplusNames.get())},
                            {Value::of(a->lineTable.get()), Value::of(b->lineTable.get())},
                            {Value::of(a->exceptionTable.get()), Value::of(b->exceptionTable.get())}};
  for (const auto& pair : pairs)
    if (!TRY(equals(thread, pair[0], pair[1]))) return Value::boolean(false);
  return Value::boolean(TRY(sameConstant(thread, Value::of(a->constants.get()), Value::of(b->constants.get()))));
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

// --- making code objects from their parts ------------------------------------------------------------------------------
// The parts in the order of the constructor's parameters.
enum Part : unsigned {
  kArgumentCount,
  kPositionalOnlyCount,
  kKeywordOnlyCount,
  kLocalCount,
  kStackSize,
  kFlags,
  kBytecode,
  kConstants,
  kNames,
  kVariableNames,
  kFilename,
  kName,
  kQualname,
  kFirstLine,
  kLineTable,
  kExceptionTable,
  kFreeNames,
  kCellNames,
  kPartCount
};
constexpr const char* kPartNames[kPartCount] = {
    "argcount", "posonlyargcount", "kwonlyargcount", "nlocals",        "stacksize", "flags",
    "code",     "consts",          "names",          "varnames",       "filename",  "name",
    "qualname", "firstlineno",     "linetable",      "exceptiontable", "freevars",  "cellvars"};
// What replace() reads one after the other.
constexpr Part kReplaceOrder[] = {kArgumentCount, kPositionalOnlyCount, kKeywordOnlyCount, kLocalCount, kStackSize,
                                  kFlags,         kFirstLine,           kBytecode,         kConstants,  kNames,
                                  kVariableNames, kFreeNames,           kCellNames,        kFilename,   kName,
                                  kQualname,      kLineTable,           kExceptionTable};

bool isNumber(unsigned part) { return part <= kFlags || part == kFirstLine; }

struct Parts {
  int numbers[kPartCount];
  Value objects[kPartCount];
};

// Reads one part; `argument` names it in messages: "code() argument 7", "replace() argument 'co_code'".
Fallible<void> readPart(Thread& thread, Parts& parts, unsigned part, Value given, const std::string& argument) {
  if (isNumber(part)) {
    parts.numbers[part] = TRY(intArgument(thread, given));
    return {};
  }
  const void* converted = nullptr;
  const char* wanted = "tuple";
  if (part == kFilename || part == kName || part == kQualname) {
    wanted = "str";
    converted = toStr(given);
  } else if (part == kBytecode || part == kLineTable || part == kExceptionTable) {
    wanted = "bytes";
    converted = toBytes(given);
  } else {
    converted = toTuple(given);
  }
  if (converted == nullptr)
    return raiseTypeError(thread, "{} must be {}, not {}", argument, wanted, given.isNone() ? "None" : nameOf(given));
  parts.objects[part] = Value::of(static_cast<const Cell*>(converted));
  return {};
}

// The frame's slots from the three tuples of names: a parameter or local variable that inner functions use is one slot
// of two kinds. False: a name that is no str.
Fallible<void> layOutSlots(Thread& thread, const Parts& parts, CodeFields& fields) {
  Tuple* locals = parts.objects[kVariableNames].as<Tuple>();
  List* names = TRY(makeList(thread, locals->values()));
  std::string kinds(locals->length, static_cast<char>(Code::kLocal));
  Tuple* cells = parts.objects[kCellNames].as<Tuple>();
  for (uint64_t i = 0; i < cells->length; i++) {
    bool isLocal = false;
    for (uint64_t k = 0; k < locals->length && !isLocal; k++) {
      isLocal = TRY(equals(thread, cells->items[i].get(), locals->items[k].get()));
      if (isLocal) kinds[k] = static_cast<char>(Code::kLocal | Code::kCell);
    }
    if (isLocal) continue;
    TRY(listAppend(thread, names, cells->items[i].get()));
    kinds += static_cast<char>(Code::kCell);
  }
  Tuple* frees = parts.objects[kFreeNames].as<Tuple>();
  for (uint64_t i = 0; i < frees->length; i++) TRY(listAppend(thread, names, frees->items[i].get()));
  kinds.append(frees->length, static_cast<char>(Code::kFree));
  fields.localsplusNames = Value::of(TRY(makeTuple(thread, names->values())));
  fields.localsplusKinds = Value::of(TRY(makeBytes(thread, kinds)));
  return {};
}

Fallible<Value> assemble(Thread& thread, const Parts& parts) {
  CodeFields fields;
  fields.argumentCount = parts.numbers[kArgumentCount];
  fields.positionalOnlyCount = parts.numbers[kPositionalOnlyCount];
  fields.keywordOnlyCount = parts.numbers[kKeywordOnlyCount];
  fields.stackSize = parts.numbers[kStackSize];
  fields.codeFlags = parts.numbers[kFlags];
  fields.firstLine = parts.numbers[kFirstLine];
  fields.code = parts.objects[kBytecode];
  fields.constants = parts.objects[kConstants];
  fields.names = parts.objects[kNames];
  fields.filename = parts.objects[kFilename];
  fields.name = parts.objects[kName];
  fields.qualname = parts.objects[kQualname];
  fields.lineTable = parts.objects[kLineTable];
  fields.exceptionTable = parts.objects[kExceptionTable];
  TRY(layOutSlots(thread, parts, fields));
  Code* made = TRY(makeCode(thread, fields));
  if (static_cast<uint64_t>(parts.numbers[kLocalCount]) != parts.objects[kVariableNames].as<Tuple>()->length)
    return raiseValueError(thread, "code: co_nlocals != len(co_varnames)");
  return Value::of(made);
}

// A tuple of names of its own, of plain strs.
Fallible<Value> copyNames(Thread& thread, Value names) {
  const Tuple* given = names.as<Tuple>();
  Tuple* copy = TRY(makeTupleUninitialised(thread, given->length));
  for (uint64_t i = 0; i < given->length; i++) {
    Str* name = toStr(given->items[i].get());
    if (name == nullptr)
      return raiseTypeError(thread, "name tuples must contain only strings, not '{}'", nameOf(given->items[i].get()));
    copy->items[i] = Value::of(name);
  }
  return Value::of(copy);
}

// code(argcount, posonlyargcount, ..., cellvars=())
Fallible<Value> construct(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "code"));
  TRY(arguments.count(thread, "code", kFreeNames, kPartCount));
  Parts parts;
  parts.objects[kFreeNames] = parts.objects[kCellNames] = Value::of(emptyTuple());
  for (uint32_t i = 0; i < arguments.positional; i++)
    TRY(readPart(thread, parts, i, arguments[i], fmt::format("code() argument {}", i + 1)));
  for (unsigned part : {kArgumentCount, kPositionalOnlyCount, kKeywordOnlyCount, kLocalCount})
    if (parts.numbers[part] < 0) return raiseValueError(thread, "code: {} must not be negative", kPartNames[part]);
  for (unsigned part : {kNames, kVariableNames, kFreeNames, kCellNames})
    parts.objects[part] = TRY(copyNames(thread, parts.objects[part]));
  return assemble(thread, parts);
}

Fallible<void> currentParts(Thread& thread, Code* code, Parts& parts) {
  parts.numbers[kArgumentCount] = static_cast<int>(code->argumentCount);
  parts.numbers[kPositionalOnlyCount] = static_cast<int>(code->positionalOnlyCount);
  parts.numbers[kKeywordOnlyCount] = static_cast<int>(code->keywordOnlyCount);
  parts.numbers[kLocalCount] = static_cast<int>(TRY(plainLocalCount(thread, Value::of(code))).asInlineInt());
  parts.numbers[kStackSize] = static_cast<int>(code->stackSize);
  parts.numbers[kFlags] = static_cast<int>(code->codeFlags);
  parts.numbers[kFirstLine] = static_cast<int>(code->firstLine);
  parts.objects[kBytecode] = Value::of(code->code.get());
  parts.objects[kConstants] = Value::of(code->constants.get());
  parts.objects[kNames] = Value::of(code->names.get());
  parts.objects[kFilename] = Value::of(code->filename.get());
  parts.objects[kName] = Value::of(code->name.get());
  parts.objects[kQualname] = Value::of(code->qualname.get());
  parts.objects[kLineTable] = Value::of(code->lineTable.get());
  parts.objects[kExceptionTable] = Value::of(code->exceptionTable.get());
  parts.objects[kVariableNames] = TRY(namesOfKind(thread, code, Code::kLocal));
  parts.objects[kCellNames] = TRY(namesOfKind(thread, code, Code::kCell));
  parts.objects[kFreeNames] = TRY(namesOfKind(thread, code, Code::kFree));
  return {};
}

// replace(**changes): the same code with some parts changed. The prepared form is made anew.
Fallible<Value> replace(Thread& thread, Value v, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "replace",
      {"*", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_stacksize", "co_flags",
       "co_firstlineno", "co_code", "co_consts", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_filename",
       "co_name", "co_qualname", "co_linetable", "co_exceptiontable"},
      0};
  Value given[kPartCount];
  TRY(kParameters.bind(thread, arguments, given));
  Parts parts;
  TRY(currentParts(thread, self(v), parts));
  for (unsigned i = 0; i < kPartCount; i++) {
    unsigned part = kReplaceOrder[i];
    if (!given[i].isUnbound())
      TRY(readPart(thread, parts, part, given[i], fmt::format("replace() argument 'co_{}'", kPartNames[part])));
  }
  for (unsigned part : kReplaceOrder)
    if (isNumber(part) && parts.numbers[part] < 0)
      return raiseValueError(thread, "co_{} must be a positive integer", kPartNames[part]);
  return assemble(thread, parts);
}

}  // namespace

void initialiseCode(Thread& thread) {
  types.code = TypeBuilder(thread, "code", types.object, Kind::kCode)
                   .flags(Type::kInstantiable)
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
                   .constructor(construct)
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
