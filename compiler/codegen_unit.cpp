// Scopes of the code generator: entering, leaving, names and closures, and turning a finished scope into a CodeUnit.
#include <algorithm>

#include "compiler/assembler.h"
#include "compiler/codegen.h"
#include "compiler/compile_failure.h"

namespace krait::codegen {

CodeGenerator::CodeGenerator(Arena& arena, const SymbolTable& symbols, const FutureFeatures& future,
                             std::string_view filename, const CompileOptions& options, WarningList& warnings)
    : arena_(arena),
      symbols_(symbols),
      future_(future),
      filename_(filename),
      options_(options),
      warnings_(warnings),
      graphMemory_(arena) {}

const CodeUnit* CodeGenerator::generate(const ast::Mod& module) {
  Unit unit(arena_, graphMemory_);
  enterScope(unit, UnitKind::Module, arena_.intern("<module>"), &module, 1);
  switch (module.kind) {
    case ast::ModKind::Module: visitBody(module.body); return leaveScope(true);
    case ast::ModKind::Interactive:
      isInteractive_ = true;
      visitBody(module.body);
      return leaveScope(true);
    case ast::ModKind::Expression:
    case ast::ModKind::FunctionType: visit(module.expression); return leaveScope(false);
  }
  return nullptr;
}

// ---- scopes --------------------------------------------------------------------------------------------------------

void CodeGenerator::enterScope(Unit& unit, UnitKind kind, Identifier name, const void* node, int32_t line) {
  unit.outer = unit_;
  unit.kind = kind;
  unit.scope = symbols_.blockOf(node);
  unit.name = name;
  unit.firstLine = line;
  if (unit_ != nullptr) unit.className = unit_->className;
  for (Identifier parameter : unit.scope->parameters) unit.variables.add(parameter);

  std::vector<Identifier> cells, freeVariables;
  for (Symbol& symbol : unit.scope->symbols) {
    symbol.slot = -1;
    if (symbol.scope() == NameScope::Cell) cells.push_back(symbol.name);
    if (symbol.scope() == NameScope::Free || (symbol.flags & kDefFreeClass) != 0) freeVariables.push_back(symbol.name);
  }
  // A class body captured by its own methods needs a cell for itself.
  if (unit.scope->needsClassCell) cells.push_back(arena_.intern("__class__"));
  auto byText = [](Identifier a, Identifier b) { return a.view() < b.view(); };
  if (cells.size() > 1) std::sort(cells.begin(), cells.end(), byText);
  if (freeVariables.size() > 1) std::sort(freeVariables.begin(), freeVariables.end(), byText);
  for (Identifier cell : cells) unit.cells.add(cell);
  for (Identifier variable : freeVariables) unit.freeVariables.add(variable);

  unit_ = &unit;
  setQualName(unit);
  unit.location = {line, 0, line, 0};
  // A module starts before its first line.
  if (kind == UnitKind::Module) unit.location.line = 0;
  emit(Op::RESUME, 0);
  unit.location.line = line;
}

void CodeGenerator::setQualName(Unit& unit) {
  const Unit* parent = unit.outer;
  unit.qualName = unit.name.view();
  if (parent == nullptr || parent->outer == nullptr) return;
  bool isNamed =
      unit.kind == UnitKind::Function || unit.kind == UnitKind::AsyncFunction || unit.kind == UnitKind::Class;
  if (isNamed) {
    Identifier name = mangle(arena_, parent->className, unit.name);
    if (parent->scope->scopeOf(name) == NameScope::GlobalExplicit) return;
  }
  bool isFunction =
      parent->kind == UnitKind::Function || parent->kind == UnitKind::AsyncFunction || parent->kind == UnitKind::Lambda;
  unit.qualName = parent->qualName + (isFunction ? ".<locals>." : ".") + std::string(unit.name.view());
}

const CodeUnit* CodeGenerator::leaveScope(bool mayFallOffEnd) {
  Unit* unit = unit_;
  const CodeUnit* code = finish(*unit, mayFallOffEnd);
  unit_ = unit->outer;
  return code;
}

uint32_t CodeGenerator::codeFlags(const Unit& unit) const {
  const SymbolBlock& scope = *unit.scope;
  uint32_t flags = future_.flags;
  if (scope.isFunctionLike()) {
    flags |= kCodeNewLocals | kCodeOptimized;
    if (scope.isNested) flags |= kCodeNested;
    if (scope.isGenerator) flags |= scope.isCoroutine ? kCodeAsyncGenerator : kCodeGenerator;
    if (!scope.isGenerator && scope.isCoroutine) flags |= kCodeCoroutine;
    if (scope.hasVarArgs) flags |= kCodeVarArgs;
    if (scope.hasVarKeywords) flags |= kCodeVarKeywords;
  } else if (options_.allowTopLevelAwait && scope.isCoroutine && !scope.isGenerator) {
    flags |= kCodeCoroutine;
  }
  return flags;
}

const CodeUnit* CodeGenerator::finish(Unit& unit, bool mayFallOffEnd) {
  FlowGraph& graph = unit.graph;
  if (!graph.currentReturns()) {
    unlocate();
    if (mayFallOffEnd) emitNone();
    emit(Op::RETURN_VALUE);
  }
  uint32_t flags = codeFlags(unit);

  // Slots of the frame: variables, then cells that are no arguments, then free variables. Cells and free variables were
  // numbered as one list, cells first.
  std::vector<int32_t> cellSlots;
  ArenaVector<LocalVariable> locals(arena_);
  for (Identifier name : unit.variables.all()) locals.push_back({name, kLocalKindLocal});
  for (Identifier name : unit.cells.all()) {
    int32_t slot = unit.variables.find(name);
    if (slot < 0) {
      slot = static_cast<int32_t>(locals.size());
      locals.push_back({name, 0});
    }
    locals[static_cast<size_t>(slot)].kinds |= kLocalKindCell;
    cellSlots.push_back(slot);
  }
  for (Identifier name : unit.freeVariables.all()) {
    cellSlots.push_back(static_cast<int32_t>(locals.size()));
    locals.push_back({name, kLocalKindFree});
  }

  graph.normalize();
  insertPrologue(unit, cellSlots, flags);
  graph.optimize(arena_, unit.constants);
  graph.dropUnusedConstants(unit.constants);
  graph.settleLocations(unit.firstLine);
  bool isGenerator = (flags & (kCodeGenerator | kCodeCoroutine | kCodeAsyncGenerator)) != 0;
  int32_t depth = graph.computeStackDepth(isGenerator);
  graph.labelHandlers();
  graph.directJumps();
  AssembledCode assembled = assemble(arena_, graph, unit.firstLine, scratch_);

  CodeUnit* code = arena_.make<CodeUnit>();
  code->bytecode = assembled.bytecode;
  code->constants = unit.constants.all();
  code->names = unit.names.all();
  code->locals = locals.all();
  code->argCount = unit.argCount;
  code->posOnlyArgCount = unit.posOnlyArgCount;
  code->kwOnlyArgCount = unit.kwOnlyArgCount;
  code->flags = flags;
  code->stackSize = depth;
  code->firstLine = unit.firstLine;
  code->name = unit.name;
  code->qualName = arena_.copyText(unit.qualName);
  code->filename = filename_;
  code->lineTable = assembled.lineTable;
  code->exceptionTable = assembled.exceptionTable;
  return code;
}

// Puts the frame in order before the first instruction, and gives cell operands their slots.
void CodeGenerator::insertPrologue(Unit& unit, const std::vector<int32_t>& cellSlots, uint32_t flags) {
  std::vector<Instruction> prologue;
  if (int32_t count = unit.freeVariables.size(); count > 0) {
    prologue.push_back({Op::COPY_FREE_VARS, count, nullptr, nullptr, kNoLocation});
  }
  std::vector<int32_t> cells(cellSlots.begin(), cellSlots.begin() + unit.cells.size());
  std::sort(cells.begin(), cells.end());
  for (int32_t slot : cells) prologue.push_back({Op::MAKE_CELL, slot, nullptr, nullptr, kNoLocation});
  if ((flags & (kCodeGenerator | kCodeCoroutine | kCodeAsyncGenerator)) != 0) {
    // The generator starts with the None that its first send() brings.
    Location location{unit.firstLine, -1, unit.firstLine, -1};
    prologue.push_back({Op::RETURN_GENERATOR, 0, nullptr, nullptr, location});
    prologue.push_back({Op::POP_TOP, 0, nullptr, nullptr, kNoLocation});
  }
  if (!prologue.empty()) unit.graph.prepend(unit.graph.entry(), prologue.data(), prologue.size());
  if (cellSlots.empty()) return;
  for (Block* block = unit.graph.entry(); block != nullptr; block = block->next) {
    for (Instruction& instruction : block->instructions) {
      switch (instruction.op) {
        case Op::LOAD_CLOSURE:
        case Op::LOAD_DEREF:
        case Op::STORE_DEREF:
        case Op::DELETE_DEREF:
        case Op::LOAD_CLASSDEREF: instruction.oparg = cellSlots[static_cast<size_t>(instruction.oparg)]; break;
        default: break;
      }
    }
  }
}

// ---- names ---------------------------------------------------------------------------------------------------------

void CodeGenerator::emitName(Identifier plain, ast::ExprContext context) {
  refuseDebugName(plain, context);
  Identifier name = mangled(plain);
  emitName(unit_->scope->find(name), name, context);
}

// `symbol` may be null: of names that the compiler itself adds, the symbol table knows nothing.
void CodeGenerator::emitName(Symbol* symbol, Identifier name, ast::ExprContext context) {
  auto choose = [context](Op load, Op store, Op del) {
    return context == ast::ExprContext::Load ? load : context == ast::ExprContext::Store ? store : del;
  };
  const SymbolBlock& scope = *unit_->scope;
  int32_t unused = -1;
  int32_t& slot = symbol != nullptr ? symbol->slot : unused;
  switch (symbol != nullptr ? symbol->scope() : NameScope::Unknown) {
    case NameScope::Free:
    case NameScope::Cell: {
      if (slot < 0) slot = unit_->cells.find(name);
      if (slot < 0 || (symbol->scope() == NameScope::Free && slot < unit_->cells.size())) {
        slot = unit_->cells.size() + unit_->freeVariables.find(name);
      }
      Op load = scope.kind == BlockKind::Class ? Op::LOAD_CLASSDEREF : Op::LOAD_DEREF;
      return emit(choose(load, Op::STORE_DEREF, Op::DELETE_DEREF), slot);
    }
    case NameScope::Local:
      if (!scope.isFunctionLike()) break;
      if (slot < 0) slot = unit_->variables.add(name);
      return emit(choose(Op::LOAD_FAST, Op::STORE_FAST, Op::DELETE_FAST), slot);
    case NameScope::GlobalImplicit:
      if (!scope.isFunctionLike()) break;
      [[fallthrough]];
    case NameScope::GlobalExplicit: {
      if (slot < 0) slot = unit_->names.add(name);
      Op op = choose(Op::LOAD_GLOBAL, Op::STORE_GLOBAL, Op::DELETE_GLOBAL);
      return emit(op, op == Op::LOAD_GLOBAL ? slot << 1 : slot);
    }
    case NameScope::Unknown: break;
  }
  if (slot < 0) slot = unit_->names.add(name);
  emit(choose(Op::LOAD_NAME, Op::STORE_NAME, Op::DELETE_NAME), slot);
}

void CodeGenerator::emitClosure(const CodeUnit* code, int32_t flags) {
  int32_t captured = 0;
  for (const LocalVariable& variable : code->locals) {
    if ((variable.kinds & kLocalKindFree) == 0) continue;
    captured++;
    // In a class, a name can be free for its methods and yet local: only the cells decide.
    int32_t slot = unit_->cells.find(variable.name);
    if (slot < 0) slot = unit_->cells.size() + unit_->freeVariables.find(variable.name);
    emit(Op::LOAD_CLOSURE, slot);
  }
  if (captured > 0) {
    flags |= 8;
    emit(Op::BUILD_TUPLE, captured);
  }
  emitConstant(Constant::code(code));
  emit(Op::MAKE_FUNCTION, flags);
}

Constant CodeGenerator::constantTuple(const std::vector<Constant>& items) {
  ArenaSpan<Constant> copy = arena_.copyOf(items);
  return Constant::tuple({copy.data(), copy.size()});
}

// ---- sequences of instructions that many constructs share ------------------------------------------------------------

void CodeGenerator::emitYieldFrom(bool isAwait) {
  Block* start = newBlock();
  Block* resume = newBlock();
  Block* exit = newBlock();
  useNext(start);
  emitJump(Op::SEND, exit);
  useNext(resume);
  emit(Op::YIELD_VALUE);
  emit(Op::RESUME, isAwait ? 3 : 2);
  emitJump(Op::JUMP_NO_INTERRUPT, start);
  useNext(exit);
}

void CodeGenerator::emitYield() {
  if (unit_->scope->isGenerator && unit_->scope->isCoroutine) emit(Op::ASYNC_GEN_WRAP);
  emit(Op::YIELD_VALUE);
  emit(Op::RESUME, 1);
}

void CodeGenerator::emitCompare(ast::CompareOperator op) {
  switch (op) {
    case ast::CompareOperator::Lt: return emit(Op::COMPARE_OP, 0);
    case ast::CompareOperator::LtE: return emit(Op::COMPARE_OP, 1);
    case ast::CompareOperator::Eq: return emit(Op::COMPARE_OP, 2);
    case ast::CompareOperator::NotEq: return emit(Op::COMPARE_OP, 3);
    case ast::CompareOperator::Gt: return emit(Op::COMPARE_OP, 4);
    case ast::CompareOperator::GtE: return emit(Op::COMPARE_OP, 5);
    case ast::CompareOperator::Is: return emit(Op::IS_OP, 0);
    case ast::CompareOperator::IsNot: return emit(Op::IS_OP, 1);
    case ast::CompareOperator::In: return emit(Op::CONTAINS_OP, 0);
    case ast::CompareOperator::NotIn: return emit(Op::CONTAINS_OP, 1);
  }
}

void CodeGenerator::emitCall(int32_t count) {
  emit(Op::PRECALL, count);
  emit(Op::CALL, count);
}

void CodeGenerator::emitCallWithNones() {
  emitNone();
  emitNone();
  emitNone();
  emitCall(2);
}

// ---- complaints ------------------------------------------------------------------------------------------------------

void CodeGenerator::fail(std::string message) const { failAt(unit_->location, std::move(message)); }

void CodeGenerator::warn(std::string message) {
  warnings_.push_back({WarningCategory::SyntaxWarning, diagnosticAt(unit_->location, std::move(message))});
}

void CodeGenerator::refuseDebugName(Identifier name, ast::ExprContext context) const {
  if (context == ast::ExprContext::Load || !name.is("__debug__")) return;
  fail(context == ast::ExprContext::Store ? "cannot assign to __debug__" : "cannot delete __debug__");
}

void CodeGenerator::pushEnclosure(const Enclosure& enclosure) {
  constexpr size_t kDeepest = 20;
  if (unit_->enclosures.size() >= kDeepest) fail("too many statically nested blocks");
  unit_->enclosures.push_back(enclosure);
}

}  // namespace krait::codegen
