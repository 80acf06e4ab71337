// The text of the grammar that syntax_error.cpp interprets.
#pragma once

namespace krait {

extern const char* const kSyntaxGrammar;

}  // namespace krait
