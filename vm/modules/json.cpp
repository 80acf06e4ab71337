// Module _json: the fast halves of json.scanner and json.encoder.
#include "vm/builtins/module.h"
#include "vm/modules/json_internal.h"
#include "vm/modules/registry.h"

namespace krait {

Module* moduleJson(Thread& thread) {
  static RootVector* const roots = new RootVector;
  if (roots->empty()) {
    TypeBuilder scanner(thread, "Scanner", types.object, Kind::kNative);
    declareJsonScanner(scanner);
    TypeBuilder encoder(thread, "Encoder", types.object, Kind::kNative);
    declareJsonEncoder(encoder);
    if (!roots->push(Value::of(scanner.build())) || !roots->push(Value::of(encoder.build()))) return nullptr;
  }
  return ModuleBuilder(thread, "_json", "json speedups\n")
      .constant("make_scanner", (*roots)[0])
      .constant("make_encoder", (*roots)[1])
      .variadic("scanstring", jsonScanstring)
      .function("encode_basestring", jsonEncodeString)
      .function("encode_basestring_ascii", jsonEncodeAscii)
      .build();
}

}  // namespace krait
