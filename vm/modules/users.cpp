// The modules pwd and grp: the databases of users and groups.
#include <grp.h>
#include <pwd.h>

#include <vector>

#include "vm/builtins/list.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/modules/posix_internal.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

constexpr const char* kUserFields[] = {"pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell"};
const StructSequence kUser{"pwd", "struct_passwd", "An entry of the password database.", kUserFields, 7};
constexpr const char* kGroupFields[] = {"gr_name", "gr_passwd", "gr_gid", "gr_mem"};
const StructSequence kGroup{"grp", "struct_group", "An entry of the group database.", kGroupFields, 4};
Type *userType = nullptr, *groupType = nullptr;

Fallible<Value> orNone(Thread& thread, const char* text) {
  return text == nullptr ? Value::none() : makeFilename(thread, text);
}
// -1 is shown as such.
Value identifier(uint32_t id) { return Value::inlineInt(id == UINT32_MAX ? -1 : static_cast<int64_t>(id)); }

Fallible<Value> makeUser(Thread& thread, const passwd& user) {
  Value fields[] = {
      TRY(orNone(thread, user.pw_name)), TRY(orNone(thread, user.pw_passwd)), identifier(user.pw_uid),
      identifier(user.pw_gid),           TRY(orNone(thread, user.pw_gecos)),  TRY(orNone(thread, user.pw_dir)),
      TRY(orNone(thread, user.pw_shell))};
  return makeStructSequence(thread, userType, fields);
}
Fallible<Value> makeGroup(Thread& thread, const group& group) {
  List* members = TRY(makeListWithCapacity(thread, 0));
  for (char** member = group.gr_mem; member != nullptr && *member != nullptr; member++) {
    TRY(listAppend(thread, members, TRY(makeFilename(thread, *member))));
  }
  Value fields[] = {TRY(orNone(thread, group.gr_name)), TRY(orNone(thread, group.gr_passwd)), identifier(group.gr_gid),
                    Value::of(members)};
  return makeStructSequence(thread, groupType, fields);
}

// Looks an entry up with a buffer that grows until it is large enough; false when there is none.
template <class Entry, class F>
Fallible<bool> lookUp(Thread& thread, std::vector<char>& buffer, Entry& entry, F find) {
  for (buffer.resize(1024);; buffer.resize(buffer.size() * 2)) {
    Entry* found = nullptr;
    int error = withoutLock(thread, [&] { return find(&entry, buffer.data(), buffer.size(), &found); });
    if (error == ERANGE && buffer.size() < (size_t{1} << 24)) continue;
    return found != nullptr;
  }
}

KRAIT_COLD Raised raiseMissing(Thread& thread, std::string_view function, std::string_view what, Value key) {
  fmt::memory_buffer buffer;
  Str* shown = TRY(repr(thread, key));
  return raiseFormat(thread, exceptions.KeyError, "{}(): {} not found: {}", function, what, textOf(shown, buffer));
}
// The number of a lookup: one that does not fit cannot be found.
Fallible<uint32_t> lookedUp(Thread& thread, Value v, bool isUser) {
  Fallible<uint32_t> id = isUser ? userArgument(thread, v) : groupArgument(thread, v);
  if (!id.isRaised() || !pendingMatches(thread, exceptions.OverflowError)) return id;
  clearException(thread);
  return raiseFormat(thread, exceptions.KeyError, "{}(): {} not found", isUser ? "getpwuid" : "getgrgid",
                     isUser ? "uid" : "gid");
}
Fallible<std::string> nameArgument(Thread& thread, Value v, const char* function) {
  if (toStr(v) == nullptr) {
    return raiseTypeError(thread, "{}() argument must be str, not {}", function, v.isNone() ? "None" : nameOf(v));
  }
  return filenameArgument(thread, v);
}

Fallible<Value> pwdGetpwuid(Thread& thread, Value uid) {
  uint32_t id = TRY(lookedUp(thread, uid, true));
  std::vector<char> buffer;
  passwd user;
  if (TRY(lookUp(thread, buffer, user, [&](passwd* entry, char* memory, size_t size, passwd** found) {
        return getpwuid_r(id, entry, memory, size, found);
      }))) {
    return makeUser(thread, user);
  }
  return raiseMissing(thread, "getpwuid", "uid", identifier(id));
}
Fallible<Value> pwdGetpwnam(Thread& thread, Value name) {
  std::string text = TRY(nameArgument(thread, name, "getpwnam"));
  std::vector<char> buffer;
  passwd user;
  if (TRY(lookUp(thread, buffer, user, [&](passwd* entry, char* memory, size_t size, passwd** found) {
        return getpwnam_r(text.c_str(), entry, memory, size, found);
      }))) {
    return makeUser(thread, user);
  }
  return raiseMissing(thread, "getpwnam", "name", name);
}
Fallible<Value> pwdGetpwall(Thread& thread) {
  List* users = TRY(makeListWithCapacity(thread, 0));
  setpwent();
  auto fill = [&]() -> Fallible<void> {
    while (passwd* user = getpwent()) TRY(listAppend(thread, users, TRY(makeUser(thread, *user))));
    return {};
  };
  Fallible<void> filled = fill();
  endpwent();
  TRY(filled);
  return Value::of(users);
}

Fallible<Value> grpGetgrgid(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"getgrgid", {"id"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  uint32_t id = TRY(lookedUp(thread, v[0], false));
  std::vector<char> buffer;
  group found;
  if (TRY(lookUp(thread, buffer, found, [&](group* entry, char* memory, size_t size, group** result) {
        return getgrgid_r(id, entry, memory, size, result);
      }))) {
    return makeGroup(thread, found);
  }
  return raiseMissing(thread, "getgrgid", "gid", identifier(id));
}
Fallible<Value> grpGetgrnam(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"getgrnam", {"name"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  if (toStr(v[0]) == nullptr) {
    return raiseTypeError(thread, "getgrnam() argument 'name' must be str, not {}",
                          v[0].isNone() ? "None" : nameOf(v[0]));
  }
  std::string text = TRY(filenameArgument(thread, v[0]));
  std::vector<char> buffer;
  group found;
  if (TRY(lookUp(thread, buffer, found, [&](group* entry, char* memory, size_t size, group** result) {
        return getgrnam_r(text.c_str(), entry, memory, size, result);
      }))) {
    return makeGroup(thread, found);
  }
  return raiseMissing(thread, "getgrnam", "name", v[0]);
}
Fallible<Value> grpGetgrall(Thread& thread) {
  List* groups = TRY(makeListWithCapacity(thread, 0));
  setgrent();
  auto fill = [&]() -> Fallible<void> {
    while (group* found = getgrent()) TRY(listAppend(thread, groups, TRY(makeGroup(thread, *found))));
    return {};
  };
  Fallible<void> filled = fill();
  endgrent();
  TRY(filled);
  return Value::of(groups);
}

}  // namespace

Module* modulePwd(Thread& thread) {
  userType = makeStructSequenceType(thread, kUser);
  return ModuleBuilder(thread, "pwd", "The password database.")
      .constant("struct_passwd", Value::of(userType))
      .function("getpwuid", pwdGetpwuid)
      .function("getpwnam", pwdGetpwnam)
      .variadic("getpwall", nullary<"pwd.getpwall", pwdGetpwall>)
      .build();
}

Module* moduleGrp(Thread& thread) {
  groupType = makeStructSequenceType(thread, kGroup);
  return ModuleBuilder(thread, "grp")
      .constant("struct_group", Value::of(groupType))
      .variadic("getgrgid", grpGetgrgid)
      .variadic("getgrnam", grpGetgrnam)
      .variadic("getgrall", nullary<"grp.getgrall", grpGetgrall>)
      .build();
}

}  // namespace krait
