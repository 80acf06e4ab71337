// The locale's say in how text is encoded: PEP 538 (the locale C becomes C.UTF-8) and PEP 540 (the UTF-8 mode).
#pragma once
#include <string>

namespace krait {
// Whether the locale for characters is C or POSIX, which it also is when it is unset or unknown.
bool localeIsC();
// One of the locales for which the standard streams let undecodable bytes through.
bool localeIsLenient();
// Its character set as the system names it: "UTF-8", "ANSI_X3.4-1968".
std::string localeCodeset();
// Sets LC_CTYPE to C.UTF-8 for this process and its children when the locale is C and nothing forbids it.
void coerceLocale();
}  // namespace krait
