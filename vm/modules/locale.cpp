// The module _locale: the C library's locales.
#include <langinfo.h>
#include <libintl.h>

#include <climits>
#include <clocale>
#include <cstring>
#include <cwchar>
#include <vector>

#include "vm/builtins/codecs.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

Type* localeError = nullptr;

constexpr NamedNumber kNumbers[] = {
    {"CHAR_MAX", CHAR_MAX},       {"LC_ALL", LC_ALL},           {"LC_COLLATE", LC_COLLATE}, {"LC_CTYPE", LC_CTYPE},
    {"LC_MESSAGES", LC_MESSAGES}, {"LC_MONETARY", LC_MONETARY}, {"LC_NUMERIC", LC_NUMERIC}, {"LC_TIME", LC_TIME},
};

constexpr NamedNumber kLanguageItems[] = {
    {"ABDAY_1", ABDAY_1},
    {"ABDAY_2", ABDAY_2},
    {"ABDAY_3", ABDAY_3},
    {"ABDAY_4", ABDAY_4},
    {"ABDAY_5", ABDAY_5},
    {"ABDAY_6", ABDAY_6},
    {"ABDAY_7", ABDAY_7},
    {"ABMON_1", ABMON_1},
    {"ABMON_10", ABMON_10},
    {"ABMON_11", ABMON_11},
    {"ABMON_12", ABMON_12},
    {"ABMON_2", ABMON_2},
    {"ABMON_3", ABMON_3},
    {"ABMON_4", ABMON_4},
    {"ABMON_5", ABMON_5},
    {"ABMON_6", ABMON_6},
    {"ABMON_7", ABMON_7},
    {"ABMON_8", ABMON_8},
    {"ABMON_9", ABMON_9},
    {"ALT_DIGITS", ALT_DIGITS},
    {"AM_STR", AM_STR},
    {"CODESET", CODESET},
    {"CRNCYSTR", CRNCYSTR},
    {"DAY_1", DAY_1},
    {"DAY_2", DAY_2},
    {"DAY_3", DAY_3},
    {"DAY_4", DAY_4},
    {"DAY_5", DAY_5},
    {"DAY_6", DAY_6},
    {"DAY_7", DAY_7},
    {"D_FMT", D_FMT},
    {"D_T_FMT", D_T_FMT},
    {"ERA", ERA},
    {"ERA_D_FMT", ERA_D_FMT},
    {"ERA_D_T_FMT", ERA_D_T_FMT},
    {"ERA_T_FMT", ERA_T_FMT},
    {"MON_1", MON_1},
    {"MON_10", MON_10},
    {"MON_11", MON_11},
    {"MON_12", MON_12},
    {"MON_2", MON_2},
    {"MON_3", MON_3},
    {"MON_4", MON_4},
    {"MON_5", MON_5},
    {"MON_6", MON_6},
    {"MON_7", MON_7},
    {"MON_8", MON_8},
    {"MON_9", MON_9},
    {"NOEXPR", NOEXPR},
    {"PM_STR", PM_STR},
    {"RADIXCHAR", RADIXCHAR},
    {"THOUSEP", THOUSEP},
    {"T_FMT", T_FMT},
    {"T_FMT_AMPM", T_FMT_AMPM},
    {"YESEXPR", YESEXPR},
    {"_DATE_FMT", _DATE_FMT},
};

// Text of the C library, in the locale's encoding: bytes that are no UTF-8 become surrogates.
Fallible<Value> text(Thread& thread, const char* s) { return makeFilename(thread, s); }

Fallible<Value> localeSetlocale(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_locale.setlocale"));
  TRY(arguments.count(thread, "setlocale", 1, 2));
  int category = TRY(formatIntArgument(thread, arguments[0]));
  if (arguments.positional == 2 && !arguments[1].isNone()) {
    std::string name = TRY(utf8Argument(thread, arguments[1], "setlocale() argument 2"));
    const char* result = setlocale(category, name.c_str());
    if (result == nullptr) return raise(thread, localeError, "unsupported locale setting");
    return text(thread, result);
  }
  const char* result = setlocale(category, nullptr);
  if (result == nullptr) return raise(thread, localeError, "locale query failed");
  return text(thread, result);
}

// Sizes of digit groups, up to the end mark, which is part of the list.
Fallible<Value> grouping(Thread& thread, const char* groups) {
  List* result = TRY(makeListWithCapacity(thread, 0));
  if (groups[0] == '\0') return Value::of(result);
  for (const char* group = groups;; group++) {
    TRY(listAppend(thread, result, Value::inlineInt(*group)));
    if (*group == '\0' || *group == CHAR_MAX) return Value::of(result);
  }
}
Fallible<Value> localeLocaleconv(Thread& thread) {
  const lconv* c = localeconv();
  Dict* result = TRY(makeDict(thread));
  auto set = [&](const char* name, Value value) -> Fallible<void> {
    return dictSetStr(thread, result, TRY(intern(thread, name)), value);
  };
  const std::pair<const char*, const char*> texts[] = {{"int_curr_symbol", c->int_curr_symbol},
                                                       {"currency_symbol", c->currency_symbol},
                                                       {"mon_decimal_point", c->mon_decimal_point},
                                                       {"mon_thousands_sep", c->mon_thousands_sep}};
  for (auto& [name, value] : texts) TRY(set(name, TRY(text(thread, value))));
  TRY(set("mon_grouping", TRY(grouping(thread, c->mon_grouping))));
  TRY(set("positive_sign", TRY(text(thread, c->positive_sign))));
  TRY(set("negative_sign", TRY(text(thread, c->negative_sign))));
  const std::pair<const char*, char> numbers[] = {
      {"int_frac_digits", c->int_frac_digits}, {"frac_digits", c->frac_digits},
      {"p_cs_precedes", c->p_cs_precedes},     {"p_sep_by_space", c->p_sep_by_space},
      {"n_cs_precedes", c->n_cs_precedes},     {"n_sep_by_space", c->n_sep_by_space},
      {"p_sign_posn", c->p_sign_posn},         {"n_sign_posn", c->n_sign_posn}};
  for (auto& [name, value] : numbers) TRY(set(name, Value::inlineInt(value)));
  TRY(set("decimal_point", TRY(text(thread, c->decimal_point))));
  TRY(set("thousands_sep", TRY(text(thread, c->thousands_sep))));
  TRY(set("grouping", TRY(grouping(thread, c->grouping))));
  return Value::of(result);
}

// --- collation --------------------------------------------------------------------------------------------------------

Fallible<void> wideText(Thread& thread, Value v, std::string_view what, std::vector<wchar_t>& out) {
  Str* s = toStr(v);
  if (s == nullptr) return raiseTypeError(thread, "{} must be str, not {}", what, v.isNone() ? "None" : nameOf(v));
  for (uint64_t i = 0; i < s->length; i++) {
    if (s->at(i) == 0) return raise(thread, exceptions.ValueError, "embedded null character");
    out.push_back(static_cast<wchar_t>(s->at(i)));
  }
  out.push_back(0);
  return {};
}
Fallible<Value> localeStrcoll(Thread& thread, Value left, Value right) {
  std::vector<wchar_t> a, b;
  TRY(wideText(thread, left, "strcoll() argument 1", a));
  TRY(wideText(thread, right, "strcoll() argument 2", b));
  return Value::inlineInt(wcscoll(a.data(), b.data()));
}
Fallible<Value> localeStrxfrm(Thread& thread, Value given) {
  std::vector<wchar_t> from;
  TRY(wideText(thread, given, "strxfrm() argument", from));
  errno = 0;
  size_t needed = wcsxfrm(nullptr, from.data(), 0);
  if (errno != 0 && errno != ERANGE) return raiseErrno(thread, errno);
  std::vector<wchar_t> to(needed + 1);
  wcsxfrm(to.data(), from.data(), to.size());
  return Value::of(TRY(makeStrUcs4(thread, reinterpret_cast<const uint32_t*>(to.data()), needed)));
}

Fallible<Value> localeNlLanginfo(Thread& thread, Value key) {
  int item = TRY(formatIntArgument(thread, key));
  for (const NamedNumber& known : kLanguageItems) {
    if (known.value != item) continue;
    const char* result = nl_langinfo(item);
    return text(thread, result == nullptr ? "" : result);
  }
  return raise(thread, exceptions.ValueError, "unsupported langinfo constant");
}
Fallible<Value> localeGetencoding(Thread& thread) { return makeStrValue(thread, "UTF-8"); }

// --- translations -----------------------------------------------------------------------------------------------------

Fallible<std::string> given(Thread& thread, Value v, const char* function) {
  return utf8Argument(thread, v, fmt::format("{}() argument", function));
}
Fallible<Value> localeGettext(Thread& thread, Value message) {
  std::string id = TRY(given(thread, message, "gettext"));
  return text(thread, gettext(id.c_str()));
}
Fallible<Value> localeDgettext(Thread& thread, Value domain, Value message) {
  std::string name, id;
  if (!domain.isNone()) name = TRY(utf8Argument(thread, domain, "dgettext() argument 1"));
  id = TRY(utf8Argument(thread, message, "dgettext() argument 2"));
  return text(thread, dgettext(domain.isNone() ? nullptr : name.c_str(), id.c_str()));
}
Fallible<Value> localeDcgettext(Thread& thread, Value domain, Value message, Value category) {
  std::string name, id;
  if (!domain.isNone()) name = TRY(utf8Argument(thread, domain, "dcgettext() argument 1"));
  id = TRY(utf8Argument(thread, message, "dcgettext() argument 2"));
  int which = TRY(formatIntArgument(thread, category));
  return text(thread, dcgettext(domain.isNone() ? nullptr : name.c_str(), id.c_str(), which));
}
Fallible<Value> localeTextdomain(Thread& thread, Value domain) {
  std::string name;
  if (!domain.isNone()) name = TRY(utf8Argument(thread, domain, "textdomain() argument"));
  const char* result = textdomain(domain.isNone() ? nullptr : name.c_str());
  if (result == nullptr) return raiseErrno(thread, errno);
  return text(thread, result);
}
Fallible<Value> localeBindtextdomain(Thread& thread, Value domain, Value folder) {
  std::string name = TRY(utf8Argument(thread, domain, "bindtextdomain() argument 1")), path;
  if (name.empty()) return raise(thread, localeError, "domain must be a non-empty string");
  if (!folder.isNone()) path = TRY(encodeFilename(thread, folder));
  const char* result = bindtextdomain(name.c_str(), folder.isNone() ? nullptr : path.c_str());
  if (result == nullptr) return raiseErrno(thread, errno);
  return text(thread, result);
}
Fallible<Value> localeBindTextdomainCodeset(Thread& thread, Value domain, Value codeset) {
  std::string name = TRY(utf8Argument(thread, domain, "bind_textdomain_codeset() argument 1")), set;
  if (!codeset.isNone()) set = TRY(utf8Argument(thread, codeset, "bind_textdomain_codeset() argument 2"));
  const char* result = bind_textdomain_codeset(name.c_str(), codeset.isNone() ? nullptr : set.c_str());
  if (result == nullptr) return Value::none();
  return text(thread, result);
}

}  // namespace

Module* moduleLocale(Thread& thread) {
  localeError = makeExceptionClass(thread, "locale", "Error", exceptions.Exception);
  ModuleBuilder builder(thread, "_locale", "The locale of the C library.");
  addNumbers(thread, builder, kNumbers);
  addNumbers(thread, builder, kLanguageItems);
  return builder.constant("Error", Value::of(localeError))
      .variadic("setlocale", localeSetlocale)
      .variadic("localeconv", nullary<"_locale.localeconv", localeLocaleconv>)
      .function("strcoll", localeStrcoll)
      .function("strxfrm", localeStrxfrm)
      .function("nl_langinfo", localeNlLanginfo)
      .variadic("getencoding", nullary<"_locale.getencoding", localeGetencoding>)
      .function("gettext", localeGettext)
      .function("dgettext", localeDgettext)
      .function("dcgettext", localeDcgettext)
      .function("textdomain", localeTextdomain)
      .function("bindtextdomain", localeBindtextdomain)
      .function("bind_textdomain_codeset", localeBindTextdomainCodeset)
      .build();
}

}  // namespace krait
