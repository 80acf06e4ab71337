// posix: extended attributes of files.
#include <sys/xattr.h>

#include <linux/limits.h>

#include "vm/builtins/list.h"
#include "vm/modules/posix_internal.h"

namespace krait {
namespace {

// path and attribute, as all but listxattr begin.
struct AttributeArguments {
  PathArgument path, attribute;
  bool follow = true;
};
Fallible<void> attributeArguments(Thread& thread, const char* function, Value path, Value attribute, Value follow,
                                  AttributeArguments& out) {
  TRY(pathArgument(thread, path, {function, "path", true}, out.path));
  TRY(pathArgument(thread, attribute, {function, "attribute"}, out.attribute));
  out.follow = TRY(truthOr(thread, follow, true));
  if (out.path.isDescriptor && !out.follow) {
    return raiseValueError(thread, "{}: cannot use fd and follow_symlinks together", function);
  }
  return {};
}

// Reads with growing buffers: what is read may change its size between two calls.
template <class F>
Fallible<void> readGrowing(Thread& thread, const PathArgument& path, size_t most, std::string& out, F read) {
  for (size_t size : {size_t{128}, most}) {
    out.resize(size);
    ssize_t n = withoutLock(thread, [&] { return read(out.data(), size); });
    if (n >= 0) {
      out.resize(static_cast<size_t>(n));
      return {};
    }
    if (errno != ERANGE || size == most) return raiseForPath(thread, path);
  }
  return {};
}

Fallible<Value> posixGetxattr(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"getxattr", {"path", "attribute", "*", "follow_symlinks"}, 2};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  AttributeArguments a;
  TRY(attributeArguments(thread, "getxattr", v[0], v[1], v[2], a));
  std::string value;
  TRY(readGrowing(thread, a.path, XATTR_SIZE_MAX, value, [&](char* to, size_t size) {
    if (a.path.isDescriptor) return fgetxattr(a.path.descriptor, a.attribute.text(), to, size);
    return (a.follow ? getxattr : lgetxattr)(a.path.text(), a.attribute.text(), to, size);
  }));
  return makeBytesValue(thread, value);
}

Fallible<Value> posixSetxattr(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "setxattr", {"path", "attribute", "value", "flags", "*", "follow_symlinks"}, 3};
  Value v[5];
  TRY(kParameters.bind(thread, arguments, v));
  AttributeArguments a;
  TRY(attributeArguments(thread, "setxattr", v[0], v[1], v[4], a));
  std::string_view value = TRY(requireBuffer(thread, v[2]));
  int flags = TRY(intArgumentOr(thread, v[3], 0));
  int result = withoutLock(thread, [&] {
    if (a.path.isDescriptor) {
      return fsetxattr(a.path.descriptor, a.attribute.text(), value.data(), value.size(), flags);
    }
    return (a.follow ? setxattr : lsetxattr)(a.path.text(), a.attribute.text(), value.data(), value.size(), flags);
  });
  if (result != 0) return raiseForPath(thread, a.path);
  return Value::none();
}

Fallible<Value> posixRemovexattr(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"removexattr", {"path", "attribute", "*", "follow_symlinks"}, 2};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  AttributeArguments a;
  TRY(attributeArguments(thread, "removexattr", v[0], v[1], v[2], a));
  int result = withoutLock(thread, [&] {
    if (a.path.isDescriptor) return fremovexattr(a.path.descriptor, a.attribute.text());
    return (a.follow ? removexattr : lremovexattr)(a.path.text(), a.attribute.text());
  });
  if (result != 0) return raiseForPath(thread, a.path);
  return Value::none();
}

Fallible<Value> posixListxattr(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"listxattr", {"path", "*", "follow_symlinks"}, 0};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  PathArgument path;
  TRY(pathArgument(thread, v[0], {"listxattr", "path", true, true}, path));
  bool follow = TRY(truthOr(thread, v[1], true));
  if (path.isDescriptor && !follow) {
    return raise(thread, exceptions.ValueError, "listxattr: cannot use fd and follow_symlinks together");
  }
  std::string names;
  TRY(readGrowing(thread, path, XATTR_LIST_MAX, names, [&](char* to, size_t size) {
    if (path.isDescriptor) return flistxattr(path.descriptor, to, size);
    return (follow ? listxattr : llistxattr)(path.text(), to, size);
  }));
  List* result = TRY(makeListWithCapacity(thread, 0));
  for (size_t start = 0; start < names.size();) {
    size_t end = names.find('\0', start);
    if (end == std::string::npos) end = names.size();
    TRY(listAppend(thread, result, TRY(makeFilename(thread, std::string_view(names).substr(start, end - start)))));
    start = end + 1;
  }
  return Value::of(result);
}

}  // namespace

void addPosixAttributes(Thread&, ModuleBuilder& builder) {
  builder.variadic("getxattr", posixGetxattr)
      .variadic("setxattr", posixSetxattr)
      .variadic("removexattr", posixRemovexattr)
      .variadic("listxattr", posixListxattr);
}

}  // namespace krait
