// Finds the words for a syntax error: re-reads the failing statement the way CPython's PEG parser does, with the
// rules that exist only to recognise mistakes.
#pragma once

#include "diagnostic.h"
#include "parser_impl.h"

namespace krait {

enum class GrammarStart : uint8_t { File, Interactive, Eval, FunctionType, FormattedExpression };

// `parser` has failed; its tokens are read again from the statement it was in.
Diagnostic explainSyntaxError(Parser& parser, GrammarStart start);

}  // namespace krait
