// The methods of str, by topic; str_type.cpp puts them together.
#pragma once
#include "vm/builtins/str.h"

namespace krait {
// Each adds its methods to the type that is being declared.
void declareStrSearchMethods(TypeBuilder& type);  // find, count, replace, startswith ...: str_methods_search.cpp
void declareStrSplitMethods(TypeBuilder& type);   // split, partition, splitlines, join, strip: str_methods_split.cpp
void declareStrCaseMethods(TypeBuilder& type);    // upper, title, isalpha ...: str_methods_case.cpp
void declareStrLayoutMethods(TypeBuilder& type);  // center, zfill, expandtabs, translate: str_methods_layout.cpp
void declareStrFormatMethods(TypeBuilder& type);  // format, format_map, __format__: str_methods_format.cpp

// str.join for any iterable.
Fallible<Str*> joinIterable(Thread& thread, Str* separator, Value iterable);
// The pieces of s.splitlines(keepends) as a list.
Fallible<Value> splitLines(Thread& thread, Str* s, bool keepEnds);
// Whether `s` is a valid identifier (keywords included).
bool isIdentifier(const Str* s);
}  // namespace krait
