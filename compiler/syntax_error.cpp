// The plain answer: invalid syntax at the token that fits nothing.
#include "syntax_error.h"

namespace krait {

Diagnostic explainSyntaxError(Parser& parser, GrammarStart) { return parser.errorHere("invalid syntax"); }

}  // namespace krait
