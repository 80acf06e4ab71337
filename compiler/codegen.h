// The code generator: walks the AST scope by scope and emits instructions into the scope's control-flow graph.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/code_unit.h"
#include "compiler/compile.h"
#include "compiler/flowgraph.h"
#include "compiler/future.h"
#include "compiler/symtable.h"

namespace krait::codegen {

enum class UnitKind : uint8_t { Module, Class, Function, AsyncFunction, Lambda, Comprehension };

// An index per name, in order of first use: co_names, co_varnames.
class NameTable {
 public:
  explicit NameTable(Arena& arena) : names_(arena), index_(arena) {}

  int32_t add(Identifier name) {
    if (uint32_t position = index_.find(name); position != IdentifierIndex::kAbsent) {
      return static_cast<int32_t>(position);
    }
    auto position = static_cast<uint32_t>(names_.size());
    index_.add(name, position);
    names_.push_back(name);
    return static_cast<int32_t>(position);
  }
  // -1 when absent.
  int32_t find(Identifier name) const {
    uint32_t position = index_.find(name);
    return position != IdentifierIndex::kAbsent ? static_cast<int32_t>(position) : -1;
  }
  int32_t size() const { return static_cast<int32_t>(names_.size()); }
  ArenaSpan<const Identifier> all() const { return names_.all(); }

 private:
  ArenaVector<Identifier> names_;
  IdentifierIndex index_;
};

// What surrounds a statement at run time and must be undone when `return`, `break` or `continue` leaves it.
enum class EnclosureKind : uint8_t {
  WhileLoop,
  ForLoop,
  TryExcept,
  FinallyTry,
  FinallyEnd,
  With,
  AsyncWith,
  HandlerCleanup,
  PopValue,
  ExceptionHandler,
  ExceptionGroupHandler,
  AsyncComprehension,
};

struct Enclosure {
  EnclosureKind kind;
  Block* start = nullptr;
  Block* exit = nullptr;
  ast::StmtList finalBody = {};  // FinallyTry
  Location location = {};        // With, AsyncWith
  Identifier name = {};          // HandlerCleanup: the bound exception, if any
};

// One scope while its code is generated.
struct Unit {
  Unit(Arena& arena, FlowGraphMemory& memory)
      : graph(memory), constants(arena), names(arena), variables(arena), cells(arena), freeVariables(arena) {}

  Unit* outer = nullptr;
  UnitKind kind = UnitKind::Module;
  SymbolBlock* scope = nullptr;
  Identifier name;
  Identifier className;  // for mangling
  std::string qualName;
  int32_t firstLine = 0;
  int32_t argCount = 0;
  int32_t posOnlyArgCount = 0;
  int32_t kwOnlyArgCount = 0;

  FlowGraph graph;
  ConstantTable constants;
  NameTable names;
  NameTable variables;  // arguments and fast locals
  NameTable cells;
  NameTable freeVariables;
  std::vector<Enclosure> enclosures;
  Location location = kNoLocation;  // of the instructions emitted now
};

// The state of one `case` while its pattern is compiled.
//
// Captured values wait on the stack, below what the pattern still needs, until the whole pattern has matched; a failure
// jumps to failPops[n], which pops n items.
struct PatternContext {
  std::vector<Identifier> stores;
  bool allowIrrefutable = false;
  std::vector<Block*> failPops;
  int32_t onTop = 0;  // items above the captured ones
};

class CodeGenerator {
 public:
  CodeGenerator(Arena& arena, const SymbolTable& symbols, const FutureFeatures& future, std::string_view filename,
                const CompileOptions& options, WarningList& warnings);

  const CodeUnit* generate(const ast::Mod& module);

 private:
  // ---- codegen_unit.cpp: scopes, names, constants, emission
  void enterScope(Unit& unit, UnitKind kind, Identifier name, const void* node, int32_t line);
  void setQualName(Unit& unit);
  // Turns the current scope into its code unit and returns to the outer one.
  const CodeUnit* leaveScope(bool mayFallOffEnd);
  const CodeUnit* finish(Unit& unit, bool mayFallOffEnd);
  static void insertPrologue(Unit& unit, const std::vector<int32_t>& cellSlots, uint32_t flags);
  uint32_t codeFlags(const Unit& unit) const;

  void emit(Op op, int32_t oparg = 0) { unit_->graph.emit(op, oparg, unit_->location); }
  void emitUnlocated(Op op, int32_t oparg = 0) { unit_->graph.emit(op, oparg, kNoLocation); }
  void emitJump(Op op, Block* target) { unit_->graph.emit(op, 0, unit_->location, target); }
  void emitUnlocatedJump(Op op, Block* target) { unit_->graph.emit(op, 0, kNoLocation, target); }
  void emitConstant(const Constant& constant) { emit(Op::LOAD_CONST, unit_->constants.add(constant)); }
  void emitNone() { emitConstant(Constant::none()); }
  void emitText(std::string_view text) { emitConstant(Constant::str(text)); }
  // An instruction whose operand is a mangled name of co_names.
  void emitNamed(Op op, Identifier name) { emit(op, unit_->names.add(mangled(name))); }
  void emitYieldFrom(bool isAwait);
  void emitYield();
  void emitCompare(ast::CompareOperator op);
  void emitCallWithNones();
  void emitCall(int32_t count);
  void emitName(Identifier name, ast::ExprContext context);
  void emitName(Symbol* symbol, Identifier name, ast::ExprContext context);
  void emitClosure(const CodeUnit* code, int32_t flags);
  Constant constantTuple(const std::vector<Constant>& items);

  Block* newBlock() { return unit_->graph.newBlock(); }
  void useNext(Block* block) { unit_->graph.useNext(block); }
  Identifier mangled(Identifier name) { return mangle(arena_, unit_->className, name); }
  void setLocation(const Location& location) { unit_->location = location; }
  template <typename Node>
  void locate(const Node* node) {
    unit_->location = node->location;
  }
  void unlocate() { unit_->location = kNoLocation; }

  [[noreturn]] void fail(std::string message) const;
  void warn(std::string message);
  void refuseDebugName(Identifier name, ast::ExprContext context) const;
  void pushEnclosure(const Enclosure& enclosure);
  void popEnclosure() { unit_->enclosures.pop_back(); }

  // ---- codegen_statements.cpp
  void visitBody(ast::StmtList body);
  void visit(const ast::Stmt* statement);
  void visit(ast::StmtList statements) {
    for (const ast::Stmt* statement : statements) visit(statement);
  }
  void visitAugmentedAssignment(const ast::AugAssign* node);
  void visitAnnotatedAssignment(const ast::AnnAssign* node);
  void evaluateAndDrop(const ast::Expr* expression);
  void evaluateSubscriptAndDrop(const ast::Expr* slice);
  void visitImport(const ast::Import* node);
  void visitImportFrom(const ast::ImportFrom* node);
  void visitAssert(const ast::Assert* node);
  void visitExpressionStatement(const ast::ExprStmt* node);

  // ---- codegen_control.cpp: branches, loops, leaving them
  void visitIf(const ast::If* node);
  void visitFor(const ast::For* node);
  void visitAsyncFor(const ast::For* node);
  void visitWhile(const ast::While* node);
  void visitReturn(const ast::Return* node);
  void visitBreak();
  void visitContinue();
  void jumpIf(const ast::Expr* test, Block* target, bool condition);
  void unwind(const Enclosure& enclosure, bool keepTop);
  // Undoes enclosures from the inside; stops at the innermost loop when one is asked for, and answers it.
  const Enclosure* unwindAll(bool keepTop, bool untilLoop);

  // ---- codegen_try.cpp
  void visitTry(const ast::Try* node);
  void visitTryFinally(const ast::Try* node);
  void visitTryExcept(const ast::Try* node);
  void visitTryStar(const ast::Try* node);
  void visitTryBody(const ast::Try* node);
  void emitGuardedBody(const ast::Try* node, Block* body, Block* except);
  void startHandlers(Block* except, Block* cleanup, EnclosureKind kind);
  void emitHandlerBody(const ast::ExceptHandler& handler, Block* body);
  void clearHandlerName(Identifier name);
  void emitPopExceptAndReraise();
  void visitWith(const ast::With* node, size_t position);
  void emitWithExceptFinish(Block* cleanup);

  // ---- codegen_functions.cpp
  void visitFunction(const ast::FunctionDef* node);
  void visitClass(const ast::ClassDef* node);
  void visitLambda(const ast::Lambda* node);
  void visitDecorators(ast::ExprList decorators);
  void applyDecorators(ast::ExprList decorators);
  int32_t visitDefaults(const ast::Arguments* arguments);
  bool visitAnnotations(const ast::Arguments* arguments, const ast::Expr* returns);
  void visitAnnotation(const ast::Expr* annotation);
  void refuseDebugParameters(const ast::Arguments* arguments) const;
  void setArgumentCounts(const ast::Arguments* arguments);

  // ---- codegen_expressions.cpp
  void visit(const ast::Expr* expression);
  void visitLocated(const ast::Expr* expression);
  void visit(ast::ExprList expressions) {
    for (const ast::Expr* expression : expressions) visit(expression);
  }
  void visitBoolOp(const ast::BoolOp* node);
  void visitIfExp(const ast::IfExp* node);
  void visitCompare(const ast::Compare* node);
  void visitAttribute(const ast::Attribute* node);
  void visitSubscript(const ast::Subscript* node);
  void visitJoinedStr(const ast::JoinedStr* node);
  void visitFormattedValue(const ast::FormattedValue* node);
  void visitAwait(const ast::Await* node);
  void visitYield(const ast::Yield* node);
  void visitYieldFrom(const ast::YieldFrom* node);
  // A long chain of attributes and calls is on the line of the attribute's name.
  void locateAttribute(const ast::Attribute* node);

  // ---- codegen_displays.cpp: lists, tuples, sets, dictionaries, unpacking
  void visitSequence(ast::ExprList elements, ast::ExprContext context, bool isTuple);
  void visitUnpackedDisplay(ast::ExprList elements, int32_t pushed, Op build, Op add, Op extend, bool isTuple);
  void visitDict(const ast::Dict* node);
  void visitDictPart(const ast::Dict* node, size_t begin, size_t end);
  void visitUnpackTargets(ast::ExprList targets);

  // ---- codegen_calls.cpp
  void visitCall(const ast::Call* node);
  bool visitMethodCall(const ast::Call* node);
  void visitArguments(int32_t pushed, ast::ExprList arguments, const ArenaSpan<ast::Keyword>& keywords);
  void visitUnpackedArguments(int32_t pushed, ast::ExprList arguments, const ArenaSpan<ast::Keyword>& keywords);
  void visitKeywordPart(const ArenaSpan<ast::Keyword>& keywords, size_t begin, size_t end);
  void refuseRepeatedKeywords(const ArenaSpan<ast::Keyword>& keywords);
  void emitKeywordNames(const ArenaSpan<ast::Keyword>& keywords);

  // ---- codegen_comprehensions.cpp
  void visitComprehension(const ast::Expr* node, ComprehensionKind kind, std::string_view name,
                          const ArenaSpan<ast::Comprehension>& generators, const ast::Expr* element,
                          const ast::Expr* value);
  struct ComprehensionBody {
    ComprehensionKind kind;
    const ArenaSpan<ast::Comprehension>& generators;
    const ast::Expr* element;
    const ast::Expr* value;
  };
  void visitGenerators(const ComprehensionBody& body, size_t index, int32_t depth);
  void visitSyncGenerator(const ComprehensionBody& body, size_t index, int32_t depth);
  void visitAsyncGenerator(const ComprehensionBody& body, size_t index, int32_t depth);
  void visitInnermost(const ComprehensionBody& body, size_t index, int32_t depth);

  // ---- codegen_match.cpp
  void visitMatch(const ast::Match* node);
  void visitPattern(const ast::Pattern* pattern, PatternContext& context);
  void visitSubpattern(const ast::Pattern* pattern, PatternContext& context);
  void visitMatchAs(const ast::MatchAs* pattern, PatternContext& context);
  void visitMatchClass(const ast::MatchClass* pattern, PatternContext& context);
  void visitMatchMapping(const ast::MatchMapping* pattern, PatternContext& context);
  void visitMatchOr(const ast::MatchOr* pattern, PatternContext& context);
  void visitMatchSequence(const ast::MatchSequence* pattern, PatternContext& context);
  void visitMatchValue(const ast::MatchValue* pattern, PatternContext& context);
  void unpackSequencePattern(ast::PatternList patterns, PatternContext& context);
  void subscriptSequencePattern(ast::PatternList patterns, size_t star, PatternContext& context);
  void storeCapture(Identifier name, PatternContext& context);
  void rotate(int32_t count);
  void jumpToFailPop(PatternContext& context, Op op);
  void growFailPops(PatternContext& context, size_t count);
  void emitFailPops(PatternContext& context);

  // ---- codegen_warnings.cpp
  void warnOfLiteralIdentity(const ast::Compare* node);
  void warnOfCalledLiteral(const ast::Expr* callee);
  void warnOfSubscriptedLiteral(const ast::Expr* container);
  void warnOfLiteralIndex(const ast::Expr* container, const ast::Expr* index);

  Arena& arena_;
  const SymbolTable& symbols_;
  const FutureFeatures& future_;
  std::string_view filename_;
  const CompileOptions& options_;
  WarningList& warnings_;
  FlowGraphMemory graphMemory_;
  std::vector<uint8_t> scratch_;  // of the assembler
  Unit* unit_ = nullptr;
  bool isInteractive_ = false;
};

// More items than this are not held on the stack at once.
inline constexpr size_t kStackUseGuideline = 30;

// The operand of BINARY_OP.
int32_t binaryOperand(ast::Operator op, bool inPlace);

// The docstring of a body, or null.
const ast::ConstantExpr* docstringOf(ast::StmtList body);

// The type name that messages use for a literal expression, or empty.
std::string_view literalTypeName(const ast::Expr* expression);

}  // namespace krait::codegen
