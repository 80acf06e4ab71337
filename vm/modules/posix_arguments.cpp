// Path arguments of the module posix, and the errors that name them.
#include <fcntl.h>

#include <cstring>

#include "vm/builtins/codecs.h"
#include "vm/builtins/exception.h"
#include "vm/modules/posix_internal.h"

namespace krait {

static const char* acceptedPaths(const PathRules& rules) {
  if (rules.descriptor && rules.none) return "string, bytes, os.PathLike, integer or None";
  if (rules.descriptor) return "string, bytes, os.PathLike or integer";
  if (rules.none) return "string, bytes, os.PathLike or None";
  return "string, bytes or os.PathLike";
}

static Fallible<int> descriptorNumber(Thread& thread, Value v) {
  Value number = TRY(index(thread, v));
  std::optional<int64_t> i = toInt64(number);
  bool negative = i ? *i < 0 : toInt(number)->as<BigInt>()->isNegative();
  if (i && *i >= INT32_MIN && *i <= INT32_MAX) return static_cast<int>(*i);
  return raiseFormat(thread, exceptions.OverflowError, "fd is {}",
                     negative ? "less than minimum" : "greater than maximum");
}

static Fallible<void> pathBytes(Thread& thread, Value path, PathArgument& out) {
  if (const Str* s = toStr(path)) {
    if (s->isAscii()) {
      out.bytes.assign(s->asciiView());
    } else {
      ByteBuilder encoded;
      TRY(encodeText(thread, s, Codec::kUtf8, "surrogateescape", encoded));
      if (encoded.failed()) return raiseMemoryError(thread);
      out.bytes.assign(encoded.view());
    }
  } else {
    std::string_view view;
    bufferView(path, view);
    out.bytes.assign(view);
    out.isBytes = true;
  }
  if (out.bytes.find('\0') != std::string::npos) return raise(thread, exceptions.ValueError, "embedded null byte");
  return {};
}

Fallible<void> pathArgument(Thread& thread, Value v, const PathRules& rules, PathArgument& out) {
  if (rules.none && (v.isUnbound() || v.isNone())) {
    out.object = Value::none();
    out.bytes = ".";
    return {};
  }
  out.object = v;
  if (toStr(v) != nullptr || toBytes(v) != nullptr) return pathBytes(thread, v, out);
  Value method = lookupOnType(typeOf(v), TRY(intern(thread, "__fspath__")));
  if (!method.isUnbound()) {
    Value path = TRY(callSpecial(thread, method, v));
    if (toStr(path) == nullptr && toBytes(path) == nullptr) {
      return raiseTypeError(thread, "expected {}.__fspath__() to return str or bytes, not {}", nameOf(v), nameOf(path));
    }
    out.object = path;
    return pathBytes(thread, path, out);
  }
  if (rules.descriptor && (isInt(v) || !specialMethod(v, Special::k__index__).isUnbound())) {
    out.descriptor = TRY(descriptorNumber(thread, v));
    out.isDescriptor = true;
    return {};
  }
  std::string message =
      fmt::format("{}: {} should be {}, not {}", rules.function, rules.name, acceptedPaths(rules), nameOf(v));
  std::string_view buffer;
  if (!bufferView(v, buffer)) return raise(thread, exceptions.TypeError, message);
  TRY(warn(thread, exceptions.DeprecationWarning, message));
  return pathBytes(thread, v, out);
}

Fallible<int> folderArgument(Thread& thread, Value v) {
  if (v.isUnbound() || v.isNone()) return AT_FDCWD;
  if (!isInt(v) && specialMethod(v, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "argument should be integer or None, not {}", nameOf(v));
  }
  return descriptorNumber(thread, v);
}

Fallible<std::string> filenameArgument(Thread& thread, Value v) { return encodeFilename(thread, v); }

Fallible<void> refuseFolder(Thread& thread, const char* function, const PathArgument& path, int folder) {
  if (path.isDescriptor && folder != AT_FDCWD) {
    return raiseValueError(thread, "{}: can't specify dir_fd without matching path", function);
  }
  return {};
}

Fallible<void> refuseFolderAndLink(Thread& thread, const char* function, const PathArgument& path, int folder,
                                   bool follow) {
  TRY(refuseFolder(thread, function, path, folder));
  if (path.isDescriptor && !follow) {
    return raiseValueError(thread, "{}: cannot use fd and follow_symlinks together", function);
  }
  return {};
}

Raised raiseForPath(Thread& thread, const PathArgument& path) {
  int error = errno;
  if (path.object.isNone()) return raiseErrno(thread, error);
  return raiseErrno(thread, error, path.object);
}

Raised raiseForPaths(Thread& thread, const PathArgument& first, const PathArgument& second) {
  int error = errno;
  Value text = Value::of(TRY(makeStr(thread, std::strerror(error))));
  Value arguments[] = {Value::inlineInt(error), text, first.object, Value::none(), second.object};
  Value made = TRY(call(thread, Value::of(exceptions.OSError), arguments));
  return raiseInstance(thread, made);
}

Fallible<Value> pathResult(Thread& thread, const PathArgument& like, std::string_view bytes) {
  return like.isBytes ? makeBytesValue(thread, bytes) : makeFilename(thread, bytes);
}

Fallible<Value> fspathOf(Thread& thread, Value v) {
  if (toStr(v) != nullptr || toBytes(v) != nullptr) return v;
  Value method = lookupOnType(typeOf(v), TRY(intern(thread, "__fspath__")));
  if (method.isUnbound()) {
    return raiseTypeError(thread, "expected str, bytes or os.PathLike object, not {}", nameOf(v));
  }
  Value path = TRY(callSpecial(thread, method, v));
  if (toStr(path) != nullptr || toBytes(path) != nullptr) return path;
  return raiseTypeError(thread, "expected {}.__fspath__() to return str or bytes, not {}", nameOf(v), nameOf(path));
}

}  // namespace krait
