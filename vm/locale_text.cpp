// Reads the locale from the environment without changing the process's own.
#include "vm/locale_text.h"

#include <langinfo.h>
#include <locale.h>

#include <cstdlib>
#include <initializer_list>
#include <string_view>

namespace krait {
namespace {

std::string_view localeName() {
  for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != 0) return value;
  }
  return "C";
}

bool exists() {
  locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
  if (locale == nullptr) return false;
  freelocale(locale);
  return true;
}

}  // namespace

bool localeIsC() {
  std::string_view name = localeName();
  return name == "C" || name == "POSIX" || !exists();
}

bool localeIsLenient() {
  std::string_view name = localeName();
  return localeIsC() || name == "C.UTF-8" || name == "C.utf8" || name == "UTF-8";
}

std::string localeCodeset() {
  std::string codeset;
  if (locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr)) {
    codeset = nl_langinfo_l(CODESET, locale);
    freelocale(locale);
  }
  return codeset.empty() ? "ANSI_X3.4-1968" : codeset;
}

void coerceLocale() {
  const char *all = std::getenv("LC_ALL"), *forbidden = std::getenv("PYTHONCOERCECLOCALE");
  if (all != nullptr && *all != 0) return;
  if (forbidden != nullptr && std::string_view(forbidden) == "0") return;
  if (localeIsC()) setenv("LC_CTYPE", "C.UTF-8", 1);
}

}  // namespace krait
