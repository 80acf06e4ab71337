// Module _symtable: builds the symbol table of a program and hands it over as a tree of entries.
#include "compiler/modules/symtable_module.h"

#include "compiler/compile_failure.h"
#include "compiler/materialise.h"
#include "compiler/symtable.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"

namespace krait {
namespace {

using codegen::BlockKind;
using codegen::NameScope;
using codegen::SymbolBlock;

// The entry of one scope.
struct TableEntry : NativeObject {
  Field<Str*> name;
  Field<Dict*> symbols;   // name -> flags
  Field<List*> varnames;  // the parameters
  Field<List*> children;
  uint64_t id;
  int32_t line;
  BlockKind block;
  bool isNested;
};
void traceEntry(Cell* cell, Marker& marker) {
  auto* entry = static_cast<TableEntry*>(cell);
  marker.mark(entry->name);
  marker.mark(entry->symbols);
  marker.mark(entry->varnames);
  marker.mark(entry->children);
}
constexpr NativeTraits kEntryTraits{"symtable entry", traceEntry, nullptr};
Type* entryType;
uint64_t lastId;

TableEntry* entryOf(Value v) { return v.as<TableEntry>(); }

template <class T, Field<T*> TableEntry::*member>
Fallible<Value> object(Thread&, Value v) {
  return Value::of((entryOf(v)->*member).get());
}
Fallible<Value> idOf(Thread& thread, Value v) { return makeIntUnsigned(thread, entryOf(v)->id); }
Fallible<Value> lineOf(Thread&, Value v) { return Value::inlineInt(entryOf(v)->line); }
Fallible<Value> kindOf(Thread&, Value v) { return Value::inlineInt(static_cast<int>(entryOf(v)->block)); }
Fallible<Value> nestedOf(Thread&, Value v) { return Value::inlineInt(entryOf(v)->isNested); }

Fallible<Value> representation(Thread& thread, Value v) {
  const TableEntry* entry = entryOf(v);
  return Value::of(TRY(makeStr(
      thread, fmt::format("<symtable entry {}({}), line {}>", strToUtf8(entry->name), entry->id, entry->line))));
}

Fallible<Value> makeEntry(Thread& thread, const SymbolBlock& block) {
  KRAIT_CHECK_NATIVE_STACK(thread, " during compilation");
  auto* entry = TRY(allocate<TableEntry>(thread, Kind::kNative, entryType->instanceShape));
  entry->traits = &kEntryTraits;
  entry->id = lastId += 16;
  entry->line = block.location.line;
  entry->block = block.kind;
  entry->isNested = block.isNested;
  entry->name = TRY(intern(thread, block.name.view()));
  Dict* symbols = TRY(makeDict(thread, block.symbols.size()));
  entry->symbols = symbols;
  for (const codegen::Symbol& symbol : block.symbols)
    TRY(dictSetStr(thread, symbols, TRY(intern(thread, symbol.name.view())), Value::inlineInt(symbol.flags)));
  List* varnames = TRY(makeListWithCapacity(thread, block.parameters.size()));
  entry->varnames = varnames;
  for (Identifier parameter : block.parameters)
    TRY(listAppend(thread, varnames, Value::of(TRY(intern(thread, parameter.view())))));
  List* children = TRY(makeListWithCapacity(thread, block.children.size()));
  entry->children = children;
  for (const SymbolBlock* child : block.children) TRY(listAppend(thread, children, TRY(makeEntry(thread, *child))));
  return Value::of(entry);
}

// symtable(source, filename, startstr): the entry of the whole program.
Fallible<Value> symtable(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_symtable.symtable"));
  TRY(arguments.count(thread, "symtable", 3, 3));
  Str* filename = TRY(sourceFilename(thread, arguments[1]));
  Str* start = toStr(arguments[2]);
  if (start == nullptr)
    return raiseTypeError(thread, "symtable() argument 3 must be str, not {}",
                          arguments[2].isNone() ? "None" : nameOf(arguments[2]));
  std::string mode = strToUtf8(start);
  if (mode.find('\0') != std::string::npos) return raiseValueError(thread, "embedded null character");
  std::string text;
  CompileRequest request{};
  TRY(sourceText(thread, arguments[0], "symtable", "string or bytes object", text, request.isText));
  ParseMode parseMode;
  if (mode == "exec") {
    parseMode = ParseMode::Exec;
  } else if (mode == "eval") {
    parseMode = ParseMode::Eval;
  } else if (mode == "single") {
    parseMode = ParseMode::Single;
  } else {
    return raiseValueError(thread, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
  }
  try {
    Arena arena;
    ParseResult parsed = parse(arena, request.isText ? Source::fromText(text) : Source::fromBytes(text), parseMode,
                               compileOptions(thread, request).parse);
    TRY(issueWarnings(thread, parsed.warnings, parsed.error, filename));
    if (parsed.module == nullptr) return raiseDiagnostic(thread, *parsed.error, filename);
    try {
      codegen::SymbolTable table;
      codegen::buildSymbolTable(arena, *parsed.module, codegen::findFutures(*parsed.module), table);
      return makeEntry(thread, *table.top());
    } catch (codegen::CompileFailure& failure) {
      failure.diagnostic.isPlacedLater = true;
      return raiseDiagnostic(thread, failure.diagnostic, filename);
    }
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
}

int64_t number(NameScope scope) { return static_cast<int64_t>(scope); }
int64_t number(BlockKind kind) { return static_cast<int64_t>(kind); }

}  // namespace

Module* moduleSymtable(Thread& thread) {
  entryType = keepType(TypeBuilder(thread, "symtable entry", types.object, Kind::kNative)
                           .getter("id", idOf, refuseAssignment)
                           .getter("name", object<Str, &TableEntry::name>, refuseAssignment)
                           .getter("symbols", object<Dict, &TableEntry::symbols>, refuseAssignment)
                           .getter("varnames", object<List, &TableEntry::varnames>, refuseAssignment)
                           .getter("children", object<List, &TableEntry::children>, refuseAssignment)
                           .getter("nested", nestedOf, refuseAssignment)
                           .getter("type", kindOf, refuseAssignment)
                           .getter("lineno", lineOf, refuseAssignment)
                           .special("__repr__", representation)
                           .build());
  ModuleBuilder builder(thread, "_symtable");
  builder.variadic("symtable", symtable);
  const NamedNumber numbers[] = {{"USE", codegen::kUse},
                                 {"DEF_GLOBAL", codegen::kDefGlobal},
                                 {"DEF_NONLOCAL", codegen::kDefNonlocal},
                                 {"DEF_LOCAL", codegen::kDefLocal},
                                 {"DEF_PARAM", codegen::kDefParameter},
                                 {"DEF_FREE", codegen::kDefFree},
                                 {"DEF_FREE_CLASS", codegen::kDefFreeClass},
                                 {"DEF_IMPORT", codegen::kDefImport},
                                 {"DEF_BOUND", codegen::kDefBound},
                                 {"DEF_ANNOT", codegen::kDefAnnotation},
                                 {"TYPE_FUNCTION", number(BlockKind::Function)},
                                 {"TYPE_CLASS", number(BlockKind::Class)},
                                 {"TYPE_MODULE", number(BlockKind::Module)},
                                 {"LOCAL", number(NameScope::Local)},
                                 {"GLOBAL_EXPLICIT", number(NameScope::GlobalExplicit)},
                                 {"GLOBAL_IMPLICIT", number(NameScope::GlobalImplicit)},
                                 {"FREE", number(NameScope::Free)},
                                 {"CELL", number(NameScope::Cell)},
                                 {"SCOPE_OFF", codegen::kScopeShift},
                                 {"SCOPE_MASK", codegen::kScopeMask}};
  addNumbers(thread, builder, numbers);
  return builder.build();
}

}  // namespace krait
