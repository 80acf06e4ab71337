// Arguments of native modules: the conversions and their errors, in CPython's wording.
#include "vm/modules/native_arguments.h"

#include "vm/builtins/codecs.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"

namespace krait {

// --- integers ---------------------------------------------------------------------------------------------------------

static Fallible<int64_t> boundedArgument(Thread& thread, Value v, int64_t least, int64_t most, const char* type) {
  if (v.isInlineInt()) {
    int64_t i = v.asInlineInt();
    if (i >= least && i <= most) [[likely]]
      return i;
  }
  std::optional<int64_t> i = toInt64(TRY(index(thread, v)));
  if (i && *i >= least && *i <= most) return *i;
  return raiseFormat(thread, exceptions.OverflowError, "Python int too large to convert to C {}", type);
}

Fallible<int> intArgument(Thread& thread, Value v) {
  return static_cast<int>(TRY(boundedArgument(thread, v, INT32_MIN, INT32_MAX, "int")));
}
Fallible<int64_t> longArgument(Thread& thread, Value v) {
  return boundedArgument(thread, v, INT64_MIN, INT64_MAX, "long");
}
Fallible<int64_t> ssizeArgument(Thread& thread, Value v) {
  return boundedArgument(thread, v, INT64_MIN, INT64_MAX, "ssize_t");
}

Fallible<int> formatIntArgument(Thread& thread, Value v) {
  int64_t i = TRY(longArgument(thread, v));
  if (i > INT32_MAX) return raise(thread, exceptions.OverflowError, "signed integer is greater than maximum");
  if (i < INT32_MIN) return raise(thread, exceptions.OverflowError, "signed integer is less than minimum");
  return static_cast<int>(i);
}

Fallible<uint64_t> maskArgument(Thread& thread, Value v) {
  Value i = TRY(index(thread, v));
  if (std::optional<int64_t> small = toInt64(i)) return static_cast<uint64_t>(*small);
  Value low = TRY(intAnd(thread, *toInt(i), TRY(makeIntUnsigned(thread, UINT64_MAX))));
  if (std::optional<int64_t> small = toInt64(low)) return static_cast<uint64_t>(*small);
  return low.as<BigInt>()->limbs[0];
}

Fallible<uint64_t> unsignedArgument(Thread& thread, Value v) {
  Value i = TRY(index(thread, v));
  if (std::optional<int64_t> small = toInt64(i)) {
    if (*small >= 0) return static_cast<uint64_t>(*small);
    return raise(thread, exceptions.OverflowError, "can't convert negative int to unsigned");
  }
  auto* big = toInt(i)->as<BigInt>();
  if (big->isNegative()) return raise(thread, exceptions.OverflowError, "can't convert negative int to unsigned");
  if (big->size > 1) return raise(thread, exceptions.OverflowError, "int too big to convert");
  return big->limbs[0];
}

Fallible<int> descriptorArgument(Thread& thread, Value v) {
  Value number = v;
  if (!isInt(v)) {
    Value method = TRY(getAttributeOrUnbound(thread, v, TRY(intern(thread, "fileno"))));
    if (method.isUnbound()) {
      return raise(thread, exceptions.TypeError, "argument must be an int, or have a fileno() method.");
    }
    number = TRY(call(thread, method));
    if (!isInt(number)) return raise(thread, exceptions.TypeError, "fileno() returned a non-integer");
  }
  int descriptor = TRY(intArgument(thread, number));
  if (descriptor < 0) {
    return raiseValueError(thread, "file descriptor cannot be a negative integer ({})", descriptor);
  }
  return descriptor;
}

static Fallible<uint32_t> identifierArgument(Thread& thread, Value v, const char* what) {
  if (!isInt(v) && specialMethod(v, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "{} should be integer, not {}", what, nameOf(v));
  }
  Value number = TRY(index(thread, v));
  std::optional<int64_t> i = toInt64(number);
  if (i && *i >= -1 && *i < int64_t{UINT32_MAX}) return static_cast<uint32_t>(*i);
  bool isBig = !i ? !toInt(number)->as<BigInt>()->isNegative() : false;
  return raiseFormat(thread, exceptions.OverflowError, "{} is {}", what,
                     isBig || (i && *i == int64_t{UINT32_MAX}) ? "greater than maximum" : "less than minimum");
}
Fallible<uint32_t> userArgument(Thread& thread, Value v) { return identifierArgument(thread, v, "uid"); }
Fallible<uint32_t> groupArgument(Thread& thread, Value v) { return identifierArgument(thread, v, "gid"); }

// --- text and bytes ---------------------------------------------------------------------------------------------------

Fallible<std::string> utf8Argument(Thread& thread, Value v, std::string_view what) {
  Str* s = toStr(v);
  if (s == nullptr) {
    return raiseTypeError(thread, "{} must be str, not {}", what, v.isNone() ? "None" : nameOf(v));
  }
  ByteBuilder out;
  TRY(encodeText(thread, s, Codec::kUtf8, "strict", out));
  if (out.failed()) return raiseMemoryError(thread);
  if (out.view().find('\0') != std::string_view::npos) {
    return raise(thread, exceptions.ValueError, "embedded null character");
  }
  return std::string(out.view());
}

Fallible<Value> makeBytesValue(Thread& thread, std::string_view bytes) {
  return Value::of(TRY(makeBytes(thread, bytes)));
}
Fallible<Value> makeStrValue(Thread& thread, std::string_view utf8) { return Value::of(TRY(makeStr(thread, utf8))); }
Fallible<Value> makeFilename(Thread& thread, std::string_view bytes) {
  return Value::of(TRY(decodeFilename(thread, bytes)));
}

Fallible<std::span<uint8_t>> writableArgument(Thread& thread, Value v, std::string_view what) {
  std::span<uint8_t> memory;
  if (mutableBufferView(v, memory)) return memory;
  return raiseTypeError(thread, "{} must be read-write bytes-like object, not {}", what,
                        v.isNone() ? "None" : nameOf(v));
}

// --- functions --------------------------------------------------------------------------------------------------------

Fallible<void> refuseArguments(Thread& thread, const char* function, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, function));
  if (arguments.positional == 0) return {};
  return raiseTypeError(thread, "{}() takes no arguments ({} given)", function, arguments.positional);
}

Type* keepType(Type* type) {
  static RootVector* const kept = new RootVector;
  if (!kept->push(Value::of(type))) failStartUp();
  return type;
}

Type* makeExceptionClass(Thread& thread, const char* module, const char* name, Type* base) {
  Dict* contents = startUp(makeDict(thread));
  startUp(dictSetStr(thread, contents, names.dunder_module, Value::of(startUp(intern(thread, module)))));
  Tuple* bases = startUp(makeTuple(thread, {Value::of(base)}));
  Value type = startUp(makeClass(thread, types.type, startUp(intern(thread, name)), bases, contents, nullptr, nullptr));
  return keepType(type.as<Type>());
}

void addNumbers(Thread& thread, ModuleBuilder& builder, std::span<const NamedNumber> numbers) {
  for (const NamedNumber& number : numbers) builder.constant(number.name, startUp(makeInt(thread, number.value)));
}

}  // namespace krait
