// The grammar by which mistakes are explained: that of the language reference, plus alternatives that only recognise
// errors (the lines that begin with `?`), tried in this order.
//
//   'x' "x"      a token; a soft keyword             e? e* e+ s.e+   optional, repeated, separated by s
//   &e !e        e follows, e does not               &&'x'           x, or the error "expected 'x'"
//   ~            no other alternative from here on   a=e             e is `a` in what follows =>
//   rule*:       kept in the memo whatever the pass
//   => at a "…"        error at the node or token a; {a} is what CPython calls that kind of expression
//   => range a b "…"   from a to b         => from a "…"   from a on        => here "…"   where the parser has read to
//   => block a "…"     a block was expected after what a begins              => name a b  a function of
//   syntax_error.cpp
//
// CPython looks for the mistakes of dict displays on its first reading already, so those lines begin with `|`.
#include "compiler/syntax_grammar.h"

namespace krait {

const char* const kSyntaxGrammar = R"GRAMMAR(
file: statement* ENDMARKER
interactive: compound_stmt NEWLINE | simple_stmts
eval: expressions NEWLINE* ENDMARKER
func_type: '(' type_expressions? ')' '->' expression NEWLINE* ENDMARKER
fstring: star_expressions

type_expressions:
  | ','.expression+ ',' '*' expression ',' '**' expression
  | ','.expression+ ',' '*' expression
  | ','.expression+ ',' '**' expression
  | '*' expression ',' '**' expression
  | '*' expression
  | '**' expression
  | ','.expression+

statements: statement+
statement: compound_stmt | simple_stmts
simple_stmts:
  | simple_stmt !';' NEWLINE
  | ';'.simple_stmt+ ';'? NEWLINE
simple_stmt*:
  | assignment
  | star_expressions
  | &'return' return_stmt
  | &('import' | 'from') import_stmt
  | &'raise' raise_stmt
  | 'pass'
  | &'del' del_stmt
  | &'yield' yield_expr
  | &'assert' assert_stmt
  | 'break'
  | 'continue'
  | &'global' global_stmt
  | &'nonlocal' nonlocal_stmt
compound_stmt:
  | &('def' | '@' | 'async') function_def
  | &'if' if_stmt
  | &('class' | '@') class_def
  | &('with' | 'async') with_stmt
  | &('for' | 'async') for_stmt
  | &'try' try_stmt
  | &'while' while_stmt
  | match_stmt

assignment:
  | NAME ':' expression ('=' annotated_rhs)?
  | ('(' single_target ')' | single_subscript_attribute_target) ':' expression ('=' annotated_rhs)?
  | (star_targets '=')+ annotated_rhs !'=' TYPE_COMMENT?
  | single_target augassign ~ annotated_rhs
  ? bad_assignment
annotated_rhs: yield_expr | star_expressions
augassign: '+=' | '-=' | '*=' | '@=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>=' | '**=' | '//='
bad_assignment:
  ? a=bad_annotation_target ':' expression => at a "only single target (not {a}) can be annotated"
  ? a=star_named_expression ',' star_named_expressions* ':' expression => at a "only single target (not tuple) can be annotated"
  ? a=expression ':' expression => at a "illegal target for annotation"
  ? (star_targets '=')* a=star_expressions '=' => target a
  ? (star_targets '=')* a=yield_expr '=' => at a "assignment to yield expression not possible"
  ? a=star_expressions augassign annotated_rhs => at a "'{a}' is an illegal expression for augmented assignment"
bad_annotation_target: list | tuple | '(' bad_annotation_target ')'

return_stmt: 'return' star_expressions?
raise_stmt: 'raise' expression ('from' expression)? | 'raise'
global_stmt: 'global' ','.NAME+
nonlocal_stmt: 'nonlocal' ','.NAME+
del_stmt:
  | 'del' del_targets &(';' | NEWLINE)
  ? 'del' a=star_expressions => delete_target a
assert_stmt: 'assert' expression (',' expression)?
import_stmt: import_name | import_from
import_name: 'import' ','.dotted_as_name+
dotted_as_name: dotted_name ('as' NAME)?
dotted_name*: NAME ('.' NAME)*
import_from:
  | 'from' ('.' | '...')* dotted_name 'import' import_from_targets
  | 'from' ('.' | '...')+ 'import' import_from_targets
import_from_targets:
  | '(' import_from_as_names ','? ')'
  | import_from_as_names !','
  | '*'
  ? import_from_as_names ',' NEWLINE => here "trailing comma not allowed without surrounding parentheses"
import_from_as_names: ','.import_from_as_name+
import_from_as_name: NAME ('as' NAME)?

block*:
  | NEWLINE INDENT statements DEDENT
  | simple_stmts
  ? NEWLINE !INDENT => block_here
decorators: ('@' named_expression NEWLINE)+

class_def: decorators class_def_raw | class_def_raw
class_def_raw:
  ? 'class' NAME ('(' arguments? ')')? NEWLINE => here "expected ':'"
  ? a='class' NAME ('(' arguments? ')')? ':' NEWLINE !INDENT => block a "class definition"
  | 'class' NAME ('(' arguments? ')')? ':' block
function_def: decorators function_def_raw | function_def_raw
function_def_raw:
  ? 'async'? a='def' NAME '(' params? ')' ('->' expression)? ':' NEWLINE !INDENT => block a "function definition"
  | 'def' NAME &&'(' params? ')' ('->' expression)? &&':' func_type_comment? block
  | 'async' 'def' NAME &&'(' params? ')' ('->' expression)? &&':' func_type_comment? block
func_type_comment:
  | NEWLINE TYPE_COMMENT &(NEWLINE INDENT)
  ? TYPE_COMMENT NEWLINE TYPE_COMMENT NEWLINE INDENT => here "Cannot have two type comments on def"
  | TYPE_COMMENT

params:
  ? bad_parameters
  | parameters
parameters:
  | slash_no_default param_no_default* param_with_default* star_etc?
  | slash_with_default param_with_default* star_etc?
  | param_no_default+ param_with_default* star_etc?
  | param_with_default+ star_etc?
  | star_etc
slash_no_default: param_no_default+ '/' ',' | param_no_default+ '/' &')'
slash_with_default: param_no_default* param_with_default+ '/' ',' | param_no_default* param_with_default+ '/' &')'
star_etc:
  ? a='*' (')' | ',' (')' | '**')) => at a "named arguments must follow bare *"
  ? '*' ',' TYPE_COMMENT => here "bare * has associated type comment"
  ? '*' param a='=' => at a "var-positional argument cannot have default value"
  ? '*' (param_no_default | ',') param_maybe_default* a='*' (param_no_default | ',') => at a "* argument may appear only once"
  | '*' param_no_default param_maybe_default* kwds?
  | '*' param_no_default_star_annotation param_maybe_default* kwds?
  | '*' ',' param_maybe_default+ kwds?
  | kwds
kwds:
  ? '**' param a='=' => at a "var-keyword argument cannot have default value"
  ? '**' param ',' a=param => at a "arguments cannot follow var-keyword argument"
  ? '**' param ',' a=('*' | '**' | '/') => at a "arguments cannot follow var-keyword argument"
  | '**' param_no_default
param_no_default: param ',' TYPE_COMMENT? | param TYPE_COMMENT? &')'
param_no_default_star_annotation: param_star_annotation ',' TYPE_COMMENT? | param_star_annotation TYPE_COMMENT? &')'
param_with_default: param default ',' TYPE_COMMENT? | param default TYPE_COMMENT? &')'
param_maybe_default: param default? ',' TYPE_COMMENT? | param default? TYPE_COMMENT? &')'
param: NAME annotation?
param_star_annotation: NAME ':' star_expression
annotation: ':' expression
default:
  | '=' expression
  ? a='=' &(')' | ',') => at a "expected default value expression"
bad_parameters:
  ? param_no_default* (slash_with_default | param_with_default+) a=param_no_default => at a "non-default argument follows default argument"
  ? param_no_default* a='(' param_no_default+ ','? b=')' => range a b "Function parameters cannot be parenthesized"
  ? a='/' ',' => at a "at least one argument must precede /"
  ? (slash_no_default | slash_with_default) param_maybe_default* a='/' => at a "/ may appear only once"
  ? (slash_no_default | slash_with_default)? param_maybe_default* '*' (',' | param_no_default) param_maybe_default* a='/' => at a "/ must be ahead of *"
  ? param_maybe_default+ '/' a='*' => at a "expected comma between / and *"

lambdef: 'lambda' lambda_params? ':' expression
lambda_params:
  ? bad_lambda_parameters
  | lambda_parameters
lambda_parameters:
  | lambda_slash_no_default lambda_param_no_default* lambda_param_with_default* lambda_star_etc?
  | lambda_slash_with_default lambda_param_with_default* lambda_star_etc?
  | lambda_param_no_default+ lambda_param_with_default* lambda_star_etc?
  | lambda_param_with_default+ lambda_star_etc?
  | lambda_star_etc
lambda_slash_no_default: lambda_param_no_default+ '/' ',' | lambda_param_no_default+ '/' &':'
lambda_slash_with_default: lambda_param_no_default* lambda_param_with_default+ '/' ',' | lambda_param_no_default* lambda_param_with_default+ '/' &':'
lambda_star_etc:
  ? '*' (':' | ',' (':' | '**')) => here "named arguments must follow bare *"
  ? '*' NAME a='=' => at a "var-positional argument cannot have default value"
  ? '*' (lambda_param_no_default | ',') lambda_param_maybe_default* a='*' (lambda_param_no_default | ',') => at a "* argument may appear only once"
  | '*' lambda_param_no_default lambda_param_maybe_default* lambda_kwds?
  | '*' ',' lambda_param_maybe_default+ lambda_kwds?
  | lambda_kwds
lambda_kwds:
  ? '**' NAME a='=' => at a "var-keyword argument cannot have default value"
  ? '**' NAME ',' a=NAME => at a "arguments cannot follow var-keyword argument"
  ? '**' NAME ',' a=('*' | '**' | '/') => at a "arguments cannot follow var-keyword argument"
  | '**' lambda_param_no_default
lambda_param_no_default: NAME ',' | NAME &':'
lambda_param_with_default: NAME default ',' | NAME default &':'
lambda_param_maybe_default: NAME default? ',' | NAME default? &':'
bad_lambda_parameters:
  ? lambda_param_no_default* (lambda_slash_with_default | lambda_param_with_default+) a=lambda_param_no_default => at a "non-default argument follows default argument"
  ? lambda_param_no_default* a='(' ','.NAME+ ','? b=')' => range a b "Lambda expression parameters cannot be parenthesized"
  ? a='/' ',' => at a "at least one argument must precede /"
  ? (lambda_slash_no_default | lambda_slash_with_default) lambda_param_maybe_default* a='/' => at a "/ may appear only once"
  ? (lambda_slash_no_default | lambda_slash_with_default)? lambda_param_maybe_default* '*' (',' | lambda_param_no_default) lambda_param_maybe_default* a='/' => at a "/ must be ahead of *"
  ? lambda_param_maybe_default+ '/' a='*' => at a "expected comma between / and *"

if_stmt:
  ? 'if' named_expression NEWLINE => here "expected ':'"
  ? a='if' named_expression ':' NEWLINE !INDENT => block a "'if' statement"
  | 'if' named_expression ':' block elif_stmt
  | 'if' named_expression ':' block else_block?
elif_stmt:
  ? 'elif' named_expression NEWLINE => here "expected ':'"
  ? a='elif' named_expression ':' NEWLINE !INDENT => block a "'elif' statement"
  | 'elif' named_expression ':' block elif_stmt
  | 'elif' named_expression ':' block else_block?
else_block:
  ? a='else' ':' NEWLINE !INDENT => block a "'else' statement"
  | 'else' &&':' block
while_stmt:
  ? 'while' named_expression NEWLINE => here "expected ':'"
  ? a='while' named_expression ':' NEWLINE !INDENT => block a "'while' statement"
  | 'while' named_expression ':' block else_block?
for_stmt:
  ? 'async'? 'for' star_targets 'in' star_expressions NEWLINE => here "expected ':'"
  ? 'async'? a='for' star_targets 'in' star_expressions ':' NEWLINE !INDENT => block a "'for' statement"
  | 'for' star_targets 'in' ~ star_expressions ':' TYPE_COMMENT? block else_block?
  | 'async' 'for' star_targets 'in' ~ star_expressions ':' TYPE_COMMENT? block else_block?
  ? bad_for_target
bad_for_target:
  ? 'async'? 'for' a=star_expressions => for_target a
with_stmt:
  ? 'async'? a='with' ','.(expression ('as' star_target)?)+ ':' NEWLINE !INDENT => block a "'with' statement"
  ? 'async'? a='with' '(' ','.(expressions ('as' star_target)?)+ ','? ')' ':' NEWLINE !INDENT => block a "'with' statement"
  | 'with' '(' ','.with_item+ ','? ')' ':' block
  | 'with' ','.with_item+ ':' TYPE_COMMENT? block
  | 'async' 'with' '(' ','.with_item+ ','? ')' ':' block
  | 'async' 'with' ','.with_item+ ':' TYPE_COMMENT? block
  ? 'async'? 'with' ','.(expression ('as' star_target)?)+ NEWLINE => here "expected ':'"
  ? 'async'? 'with' '(' ','.(expressions ('as' star_target)?)+ ','? ')' NEWLINE => here "expected ':'"
with_item:
  | expression 'as' star_target &(',' | ')' | ':')
  ? expression 'as' a=expression &(',' | ')' | ':') => target a
  | expression
try_stmt:
  ? a='try' ':' NEWLINE !INDENT => block a "'try' statement"
  ? 'try' ':' block !('except' | 'finally') => here "expected 'except' or 'finally' block"
  ? 'try' ':' block* except_block+ a='except' b='*' expression ('as' NAME)? ':' => range a b "cannot have both 'except' and 'except*' on the same 'try'"
  ? 'try' ':' block* except_star_block+ a='except' (expression ('as' NAME)?)? ':' => at a "cannot have both 'except' and 'except*' on the same 'try'"
  | 'try' &&':' block finally_block
  | 'try' &&':' block except_block+ else_block? finally_block?
  | 'try' &&':' block except_star_block+ else_block? finally_block?
except_block:
  ? a='except' expression ('as' NAME)? ':' NEWLINE !INDENT => block a "'except' statement"
  ? a='except' ':' NEWLINE !INDENT => block a "'except' statement"
  | 'except' expression ('as' NAME)? ':' block
  | 'except' ':' block
  ? bad_except
except_star_block:
  ? a='except' '*' expression ('as' NAME)? ':' NEWLINE !INDENT => block a "'except*' statement"
  | 'except' '*' expression ('as' NAME)? ':' block
  ? bad_except
bad_except:
  ? 'except' '*'? a=expression ',' expressions ('as' NAME)? ':' => from a "multiple exception types must be parenthesized"
  ? 'except' '*'? expression ('as' NAME)? NEWLINE => here "expected ':'"
  ? 'except' NEWLINE => here "expected ':'"
  ? 'except' '*' (NEWLINE | ':') => here "expected one or more exception types"
finally_block:
  ? a='finally' ':' NEWLINE !INDENT => block a "'finally' statement"
  | 'finally' &&':' block

match_stmt:
  | "match" subject_expr ':' NEWLINE INDENT case_block+ DEDENT
  ? "match" subject_expr NEWLINE => here "expected ':'"
  ? a="match" subject_expr ':' NEWLINE !INDENT => block a "'match' statement"
subject_expr: star_named_expression ',' star_named_expressions? | named_expression
case_block:
  ? "case" patterns guard? NEWLINE => here "expected ':'"
  ? a="case" patterns guard? ':' NEWLINE !INDENT => block a "'case' statement"
  | "case" patterns guard? ':' block
guard: 'if' named_expression
patterns: open_sequence_pattern | pattern
pattern: as_pattern | or_pattern
as_pattern:
  | or_pattern 'as' pattern_capture_target
  ? or_pattern 'as' a="_" => at a "cannot use '_' as a target"
  ? or_pattern 'as' !NAME a=expression => at a "invalid pattern target"
or_pattern: '|'.closed_pattern+
closed_pattern*:
  | literal_pattern
  | pattern_capture_target
  | "_"
  | value_pattern
  | '(' pattern ')'
  | sequence_pattern
  | mapping_pattern
  | class_pattern
literal_pattern: signed_number !('+' | '-') | complex_number | strings | 'None' | 'True' | 'False'
complex_number: signed_number '+' NUMBER | signed_number '-' NUMBER
signed_number: NUMBER | '-' NUMBER
pattern_capture_target: !"_" NAME !('.' | '(' | '=')
value_pattern: attr !('.' | '(' | '=')
attr: NAME ('.' NAME)+
name_or_attr: NAME ('.' NAME)*
sequence_pattern: '[' maybe_sequence_pattern? ']' | '(' open_sequence_pattern? ')'
open_sequence_pattern: maybe_star_pattern ',' maybe_sequence_pattern?
maybe_sequence_pattern: ','.maybe_star_pattern+ ','?
maybe_star_pattern: star_pattern | pattern
star_pattern*: '*' pattern_capture_target | '*' "_"
mapping_pattern:
  | '{' '}'
  | '{' double_star_pattern ','? '}'
  | '{' items_pattern ',' double_star_pattern ','? '}'
  | '{' items_pattern ','? '}'
items_pattern: ','.key_value_pattern+
key_value_pattern: (literal_pattern | attr) ':' pattern
double_star_pattern: '**' pattern_capture_target
class_pattern:
  | name_or_attr '(' ')'
  | name_or_attr '(' ','.pattern+ ','? ')'
  | name_or_attr '(' ','.keyword_pattern+ ','? ')'
  | name_or_attr '(' ','.pattern+ ',' ','.keyword_pattern+ ','? ')'
  ? name_or_attr '(' (','.pattern+ ',')? ','.keyword_pattern+ ',' a=positional_patterns => range a a "positional patterns follow keyword patterns"
positional_patterns: ','.pattern+
keyword_pattern: NAME '=' pattern

expressions: expression (',' expression)+ ','? | expression ',' | expression
expression*:
  ? !(NAME STRING | SOFT_KEYWORD) a=disjunction b=expression_without_mistakes => forgotten_comma a b
  ? a=disjunction 'if' b=disjunction !('else' | ':') => range a b "expected 'else' after 'if' expression"
  ? a=NAME !'(' b=star_expressions => legacy_statement a b
  | disjunction 'if' disjunction 'else' expression
  | disjunction
  | lambdef
expression_without_mistakes: disjunction 'if' disjunction 'else' expression | disjunction | lambdef
yield_expr: 'yield' 'from' expression | 'yield' star_expressions?
star_expressions: star_expression (',' star_expression)+ ','? | star_expression ',' | star_expression
star_expression*: '*' bitwise_or | expression
star_named_expressions: ','.star_named_expression+ ','?
star_named_expression: '*' bitwise_or | named_expression
assignment_expression: NAME ':=' ~ expression
named_expression:
  | assignment_expression
  ? bad_named_expression
  | expression !':='
bad_named_expression*:
  ? a=expression ':=' expression => at a "cannot use assignment expressions with {a}"
  ? a=NAME '=' b=bitwise_or !('=' | ':=') => range a b "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
  ? !(list | tuple | genexp | 'True' | 'None' | 'False') a=bitwise_or '=' bitwise_or !('=' | ':=') => at a "cannot assign to {a} here. Maybe you meant '==' instead of '='?"
disjunction*: conjunction ('or' conjunction)+ | conjunction
conjunction*: inversion ('and' inversion)+ | inversion
inversion*: 'not' inversion | comparison
comparison: bitwise_or compare_op_bitwise_or_pair+ | bitwise_or
compare_op_bitwise_or_pair:
  | '==' bitwise_or
  | NOT_EQUAL bitwise_or
  | '<=' bitwise_or
  | '<' bitwise_or
  | '>=' bitwise_or
  | '>' bitwise_or
  | 'not' 'in' bitwise_or
  | 'in' bitwise_or
  | 'is' 'not' bitwise_or
  | 'is' bitwise_or
bitwise_or*: bitwise_xor ('|' bitwise_xor)*
bitwise_xor*: bitwise_and ('^' bitwise_and)*
bitwise_and*: shift_expr ('&' shift_expr)*
shift_expr*: sum (('<<' | '>>') sum)*
sum*: term (('+' | '-') term)*
term*: factor (('*' | '/' | '//' | '%' | '@') factor)*
factor*: '+' factor | '-' factor | '~' factor | power
power: await_primary '**' factor | await_primary
await_primary*: 'await' primary | primary
primary*: atom ('.' NAME | genexp | '(' arguments? ')' | '[' slices ']')*
slices: slice !',' | ','.(slice | starred_expression)+ ','?
slice: expression? ':' expression? (':' expression?)? | named_expression
atom:
  | NAME
  | 'True'
  | 'False'
  | 'None'
  | &STRING strings
  | NUMBER
  | &'(' (tuple | group | genexp)
  | &'[' (list | listcomp)
  | &'{' (dict | set | dictcomp | setcomp)
  | '...'
group:
  | '(' (yield_expr | named_expression) ')'
  ? '(' a=starred_expression ')' => at a "cannot use starred expression here"
  ? '(' a='**' expression ')' => at a "cannot use double starred expression here"
strings*: STRINGS
list: '[' star_named_expressions? ']'
tuple: '(' (star_named_expression ',' star_named_expressions?)? ')'
set: '{' star_named_expressions '}'
dict:
  | '{' double_starred_kvpairs? '}'
  | '{' bad_double_starred_kvpairs '}'
double_starred_kvpairs: ','.double_starred_kvpair+ ','?
double_starred_kvpair: '**' bitwise_or | kvpair
kvpair: expression ':' expression
bad_double_starred_kvpairs:
  | ','.double_starred_kvpair+ ',' bad_kvpair
  | expression ':' a='*' bitwise_or => from a "cannot use a starred expression in a dictionary value"
  | expression a=':' &('}' | ',') => at a "expression expected after dictionary key and ':'"
bad_kvpair:
  | a=expression !':' => missing_colon a
  | expression ':' a='*' bitwise_or => from a "cannot use a starred expression in a dictionary value"
  | expression a=':' &('}' | ',') => at a "expression expected after dictionary key and ':'"
for_if_clauses: for_if_clause+
for_if_clause:
  | 'async' 'for' star_targets 'in' ~ disjunction ('if' disjunction)*
  | 'for' star_targets 'in' ~ disjunction ('if' disjunction)*
  ? bad_for_target
listcomp:
  | '[' named_expression for_if_clauses ']'
  ? bad_comprehension
setcomp:
  | '{' named_expression for_if_clauses '}'
  ? bad_comprehension
genexp:
  | '(' (assignment_expression | expression !':=') for_if_clauses ')'
  ? bad_comprehension
dictcomp:
  | '{' kvpair for_if_clauses '}'
  ? '{' a='**' bitwise_or for_if_clauses '}' => at a "dict unpacking cannot be used in dict comprehension"
bad_comprehension:
  ? ('[' | '(' | '{') a=starred_expression for_if_clauses => at a "iterable unpacking cannot be used in comprehension"
  ? ('[' | '{') a=star_named_expression ',' b=star_named_expressions for_if_clauses => range a b "did you forget parentheses around the comprehension target?"
  ? ('[' | '{') a=star_named_expression b=',' for_if_clauses => range a b "did you forget parentheses around the comprehension target?"

arguments*:
  | args ','? &')'
  ? a=args ',' '*' => at a "iterable argument unpacking follows keyword argument unpacking"
  ? a=expression b=for_if_clauses ',' (args | expression for_if_clauses)? => range a b "Generator expression must be parenthesized"
  ? a=NAME b='=' expression for_if_clauses => range a b "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
  ? a=args b=for_if_clauses => bare_generator a b
  ? args ',' a=expression b=for_if_clauses => range a b "Generator expression must be parenthesized"
  ? a=args ',' args => positional_after_keyword a
args:
  | ','.(starred_expression | (assignment_expression | expression !':=') !'=')+ (',' kwargs)?
  | kwargs
kwargs:
  | ','.kwarg_or_starred+ ',' ','.kwarg_or_double_starred+
  | ','.kwarg_or_starred+
  | ','.kwarg_or_double_starred+
starred_expression: '*' expression
kwarg_or_starred:
  ? bad_kwarg
  | NAME '=' expression
  | starred_expression
kwarg_or_double_starred:
  ? bad_kwarg
  | NAME '=' expression
  | '**' expression
bad_kwarg:
  ? a=('True' | 'False' | 'None') b='=' => range a b "cannot assign to {a}"
  ? a=NAME b='=' expression for_if_clauses => range a b "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
  ? !(NAME '=') a=expression b='=' => range a b "expression cannot contain assignment, perhaps you meant \"==\"?"

star_targets: star_target !',' | star_target (',' star_target)* ','?
star_target*: '*' !'*' star_target | target_with_star_atom
target_with_star_atom*:
  | t_primary '.' NAME !t_lookahead
  | t_primary '[' slices ']' !t_lookahead
  | star_atom
star_atom:
  | NAME
  | '(' target_with_star_atom ')'
  | '(' star_targets_tuple_seq? ')'
  | '[' star_targets_list_seq? ']'
star_targets_list_seq: ','.star_target+ ','?
star_targets_tuple_seq: star_target (',' star_target)+ ','? | star_target ','
single_target: single_subscript_attribute_target | NAME | '(' single_target ')'
single_subscript_attribute_target: t_primary '.' NAME !t_lookahead | t_primary '[' slices ']' !t_lookahead
t_primary*: atom &t_lookahead (('.' NAME | '[' slices ']' | genexp | '(' arguments? ')') &t_lookahead)*
t_lookahead: '(' | '[' | '.'
del_targets: ','.del_target+ ','?
del_target*: t_primary '.' NAME !t_lookahead | t_primary '[' slices ']' !t_lookahead | del_t_atom
del_t_atom: NAME | '(' del_target ')' | '(' del_targets? ')' | '[' del_targets? ']'
)GRAMMAR";

}  // namespace krait
