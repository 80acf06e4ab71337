// The table behind opcode_facts.h; dis.stack_effect and opcode._inline_cache_entries of CPython 3.11 are its source.
#include "compiler/opcode_facts.h"

namespace krait::codegen {

namespace {

constexpr bool jumps(Op op) {
  switch (op) {
    case Op::JUMP:
    case Op::JUMP_NO_INTERRUPT:
    case Op::POP_JUMP_IF_FALSE:
    case Op::POP_JUMP_IF_TRUE:
    case Op::POP_JUMP_IF_NONE:
    case Op::POP_JUMP_IF_NOT_NONE:
    case Op::FOR_ITER:
    case Op::SEND:
    case Op::JUMP_FORWARD:
    case Op::JUMP_BACKWARD:
    case Op::JUMP_BACKWARD_NO_INTERRUPT:
    case Op::JUMP_IF_FALSE_OR_POP:
    case Op::JUMP_IF_TRUE_OR_POP:
    case Op::POP_JUMP_FORWARD_IF_FALSE:
    case Op::POP_JUMP_FORWARD_IF_TRUE:
    case Op::POP_JUMP_FORWARD_IF_NONE:
    case Op::POP_JUMP_FORWARD_IF_NOT_NONE:
    case Op::POP_JUMP_BACKWARD_IF_FALSE:
    case Op::POP_JUMP_BACKWARD_IF_TRUE:
    case Op::POP_JUMP_BACKWARD_IF_NONE:
    case Op::POP_JUMP_BACKWARD_IF_NOT_NONE: return true;
    default: return false;
  }
}

constexpr uint8_t cacheSize(Op op) {
  switch (op) {
    case Op::LOAD_METHOD: return 10;
    case Op::LOAD_GLOBAL: return 5;
    case Op::BINARY_SUBSCR:
    case Op::STORE_ATTR:
    case Op::LOAD_ATTR:
    case Op::CALL: return 4;
    case Op::COMPARE_OP: return 2;
    case Op::STORE_SUBSCR:
    case Op::UNPACK_SEQUENCE:
    case Op::BINARY_OP:
    case Op::PRECALL: return 1;
    default: return 0;
  }
}

constexpr int effectOf(Op op, int oparg, bool jumps) {
  switch (op) {
    case Op::CACHE:
    case Op::NOP:
    case Op::UNARY_POSITIVE:
    case Op::UNARY_NEGATIVE:
    case Op::UNARY_NOT:
    case Op::UNARY_INVERT:
    case Op::CHECK_EXC_MATCH:
    case Op::CHECK_EG_MATCH:
    case Op::GET_AITER:
    case Op::GET_ITER:
    case Op::GET_YIELD_FROM_ITER:
    case Op::RETURN_GENERATOR:
    case Op::LIST_TO_TUPLE:
    case Op::SETUP_ANNOTATIONS:
    case Op::YIELD_VALUE:
    case Op::ASYNC_GEN_WRAP:
    case Op::DELETE_NAME:
    case Op::DELETE_GLOBAL:
    case Op::DELETE_FAST:
    case Op::DELETE_DEREF:
    case Op::SWAP:
    case Op::LOAD_ATTR:
    case Op::JUMP_FORWARD:
    case Op::JUMP_BACKWARD:
    case Op::JUMP_BACKWARD_NO_INTERRUPT:
    case Op::JUMP:
    case Op::JUMP_NO_INTERRUPT:
    case Op::GET_AWAITABLE:
    case Op::MAKE_CELL:
    case Op::EXTENDED_ARG:
    case Op::COPY_FREE_VARS:
    case Op::RESUME:
    case Op::KW_NAMES:
    case Op::POP_BLOCK: return 0;

    case Op::PUSH_NULL:
    case Op::GET_LEN:
    case Op::MATCH_MAPPING:
    case Op::MATCH_SEQUENCE:
    case Op::MATCH_KEYS:
    case Op::PUSH_EXC_INFO:
    case Op::WITH_EXCEPT_START:
    case Op::GET_ANEXT:
    case Op::BEFORE_ASYNC_WITH:
    case Op::BEFORE_WITH:
    case Op::LOAD_BUILD_CLASS:
    case Op::LOAD_ASSERTION_ERROR:
    case Op::LOAD_CONST:
    case Op::LOAD_NAME:
    case Op::IMPORT_FROM:
    case Op::COPY:
    case Op::LOAD_FAST:
    case Op::LOAD_CLOSURE:
    case Op::LOAD_DEREF:
    case Op::LOAD_CLASSDEREF:
    case Op::LOAD_METHOD: return 1;

    case Op::POP_TOP:
    case Op::BINARY_SUBSCR:
    case Op::PRINT_EXPR:
    case Op::RETURN_VALUE:
    case Op::IMPORT_STAR:
    case Op::PREP_RERAISE_STAR:
    case Op::POP_EXCEPT:
    case Op::STORE_NAME:
    case Op::DELETE_ATTR:
    case Op::STORE_GLOBAL:
    case Op::COMPARE_OP:
    case Op::IMPORT_NAME:
    case Op::POP_JUMP_FORWARD_IF_FALSE:
    case Op::POP_JUMP_FORWARD_IF_TRUE:
    case Op::POP_JUMP_FORWARD_IF_NONE:
    case Op::POP_JUMP_FORWARD_IF_NOT_NONE:
    case Op::POP_JUMP_BACKWARD_IF_FALSE:
    case Op::POP_JUMP_BACKWARD_IF_TRUE:
    case Op::POP_JUMP_BACKWARD_IF_NONE:
    case Op::POP_JUMP_BACKWARD_IF_NOT_NONE:
    case Op::POP_JUMP_IF_FALSE:
    case Op::POP_JUMP_IF_TRUE:
    case Op::POP_JUMP_IF_NONE:
    case Op::POP_JUMP_IF_NOT_NONE:
    case Op::IS_OP:
    case Op::CONTAINS_OP:
    case Op::RERAISE:
    case Op::BINARY_OP:
    case Op::STORE_FAST:
    case Op::STORE_DEREF:
    case Op::LIST_APPEND:
    case Op::SET_ADD:
    case Op::LIST_EXTEND:
    case Op::SET_UPDATE:
    case Op::DICT_MERGE:
    case Op::DICT_UPDATE:
    case Op::CALL: return -1;

    case Op::END_ASYNC_FOR:
    case Op::DELETE_SUBSCR:
    case Op::STORE_ATTR:
    case Op::MAP_ADD:
    case Op::MATCH_CLASS: return -2;
    case Op::STORE_SUBSCR: return -3;

    case Op::UNPACK_SEQUENCE: return oparg - 1;
    case Op::UNPACK_EX: return (oparg & 0xff) + (oparg >> 8);
    case Op::FOR_ITER: return jumps ? -1 : 1;
    case Op::SEND: return jumps ? -1 : 0;
    case Op::JUMP_IF_FALSE_OR_POP:
    case Op::JUMP_IF_TRUE_OR_POP: return jumps ? 0 : -1;
    case Op::LOAD_GLOBAL: return (oparg & 1) + 1;
    case Op::BUILD_TUPLE:
    case Op::BUILD_LIST:
    case Op::BUILD_SET:
    case Op::BUILD_STRING: return 1 - oparg;
    case Op::BUILD_MAP: return 1 - 2 * oparg;
    case Op::BUILD_CONST_KEY_MAP:
    case Op::PRECALL:
    case Op::RAISE_VARARGS: return -oparg;
    case Op::MAKE_FUNCTION: return -(oparg & 1) - (oparg >> 1 & 1) - (oparg >> 2 & 1) - (oparg >> 3 & 1);
    case Op::BUILD_SLICE: return oparg == 3 ? -2 : -1;
    case Op::CALL_FUNCTION_EX: return -2 - (oparg & 1);
    case Op::FORMAT_VALUE: return (oparg & 4) != 0 ? -1 : 0;

    case Op::SETUP_FINALLY:
    case Op::SETUP_WITH: return jumps ? 1 : 0;
    case Op::SETUP_CLEANUP: return jumps ? 2 : 0;
  }
  return 0;
}

constexpr bool effectIsFixed(Op op) {
  switch (op) {
    case Op::UNPACK_SEQUENCE:
    case Op::UNPACK_EX:
    case Op::FOR_ITER:
    case Op::SEND:
    case Op::JUMP_IF_FALSE_OR_POP:
    case Op::JUMP_IF_TRUE_OR_POP:
    case Op::LOAD_GLOBAL:
    case Op::BUILD_TUPLE:
    case Op::BUILD_LIST:
    case Op::BUILD_SET:
    case Op::BUILD_STRING:
    case Op::BUILD_MAP:
    case Op::BUILD_CONST_KEY_MAP:
    case Op::PRECALL:
    case Op::RAISE_VARARGS:
    case Op::MAKE_FUNCTION:
    case Op::BUILD_SLICE:
    case Op::CALL_FUNCTION_EX:
    case Op::FORMAT_VALUE: return false;
    default: return !isBlockSetup(op);
  }
}

constexpr bool isImprovable(Op op) {
  switch (op) {
    case Op::LOAD_CONST:
    case Op::BUILD_TUPLE:
    case Op::JUMP_IF_FALSE_OR_POP:
    case Op::JUMP_IF_TRUE_OR_POP:
    case Op::POP_JUMP_IF_FALSE:
    case Op::POP_JUMP_IF_TRUE:
    case Op::POP_JUMP_IF_NONE:
    case Op::POP_JUMP_IF_NOT_NONE:
    case Op::JUMP:
    case Op::SWAP:
    case Op::PUSH_NULL: return true;
    default: return false;
  }
}

constexpr std::array<OpFacts, kOpCount> makeFacts() {
  std::array<OpFacts, kOpCount> facts{};
  for (size_t i = 0; i < kOpCount; i++) {
    auto op = static_cast<Op>(i);
    bool isFixed = effectIsFixed(op);
    auto fixed = static_cast<int8_t>(isFixed ? effectOf(op, 0, false) : 0);
    facts[i] = {cacheSize(op),    jumps(op), isExit(op), isBlockSetup(op) || op == Op::POP_BLOCK,
                isImprovable(op), isFixed,   fixed};
  }
  return facts;
}

}  // namespace

constinit const std::array<OpFacts, kOpCount> kOpFacts = makeFacts();

int variableStackEffect(Op op, int oparg, bool jumps) { return effectOf(op, oparg, jumps); }

}  // namespace krait::codegen
