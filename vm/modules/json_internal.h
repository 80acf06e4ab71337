// What the two halves of module _json share.
#pragma once
#include "vm/operations.h"

namespace krait {

void declareJsonScanner(TypeBuilder& type);  // json_scanner.cpp
Fallible<Value> jsonScanstring(Thread& thread, Value, const Arguments& arguments);
void declareJsonEncoder(TypeBuilder& type);  // json_encoder.cpp
Fallible<Value> jsonEncodeString(Thread& thread, Value text);
Fallible<Value> jsonEncodeAscii(Thread& thread, Value text);

}  // namespace krait
