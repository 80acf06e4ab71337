// Finds the words for a syntax error: re-reads the failing statement the way CPython's PEG parser does, with the
// rules that exist only to recognise mistakes.
//
// Valid programs pay nothing for it, and the messages are equal because the order in which CPython tries things is
// kept. (Rejected: messages in the descent itself, which would have to imitate that order at every turn.)
#pragma once

#include "compiler/diagnostic.h"
#include "compiler/parser_impl.h"

namespace krait {

enum class GrammarStart : uint8_t { File, Interactive, Eval, FunctionType, FormattedExpression };

// `parser` has failed; its tokens are read again from the statement it was in.
Diagnostic explainSyntaxError(Parser& parser, GrammarStart start);

// A parser's error gives way to one of the characters further on, and to a bracket that an earlier line left open.
// `farthest` is the last token that the parser has looked at. An error with nothing to say but "invalid syntax" is
// generic; of another CPython makes sure only where it has not read the end of the text already.
Diagnostic preferLexerError(const TokenStream& stream, Diagnostic error, size_t farthest, bool isGeneric = false);

// Under ParseOptions::allowIncompleteInput a parse that failed after reading to the end of the text, as far as
// `farthest`, is an "incomplete input" rather than an error of its own.
bool isIncompleteInput(const Parser& parser, size_t farthest);

}  // namespace krait
