// The module syslog: messages to the system's log.
#include <syslog.h>

#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"
#include "vm/runtime.h"

namespace krait {
namespace {

// openlog() keeps the pointer.
std::string& identity() {
  static std::string text;
  return text;
}
bool isOpen = false;

// The program's name, as the last part of sys.argv[0].
Fallible<std::string> programName(Thread& thread) {
  List* argv = toList(dictGetStr(runtime.sys, TRY(intern(thread, "argv"))));
  if (argv == nullptr || argv->length == 0 || toStr(argv->storage->slots[0]) == nullptr) return std::string();
  std::string path = strToUtf8(toStr(argv->storage->slots[0]));
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

Fallible<Value> syslogOpenlog(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"openlog", {"ident", "logoption", "facility"}, 0};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  std::string name = v[0].isUnbound() || v[0].isNone() ? TRY(programName(thread))
                                                       : TRY(utf8Argument(thread, v[0], "openlog() argument 1"));
  int64_t options = v[1].isUnbound() ? 0 : TRY(longArgument(thread, v[1]));
  int64_t facility = v[2].isUnbound() ? LOG_USER : TRY(longArgument(thread, v[2]));
  identity() = name;
  openlog(identity().empty() ? nullptr : identity().c_str(), static_cast<int>(options), static_cast<int>(facility));
  isOpen = true;
  return Value::none();
}

Fallible<Value> syslogSyslog(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "syslog.syslog"));
  if (arguments.positional < 1 || arguments.positional > 2) {
    return raise(thread, exceptions.TypeError, "[priority,] message string");
  }
  int priority = LOG_INFO;
  if (arguments.positional == 2) priority = TRY(formatIntArgument(thread, arguments[0]));
  Value message = arguments[arguments.positional - 1];
  if (toStr(message) == nullptr) return raise(thread, exceptions.TypeError, "[priority,] message string");
  std::string text = TRY(utf8Argument(thread, message, "syslog() argument 1"));
  if (!isOpen) {
    Arguments none{nullptr, 0, nullptr};
    TRY(syslogOpenlog(thread, Value::none(), none));
  }
  withoutLock(thread, [&] {
    syslog(priority, "%s", text.c_str());
    return 0;
  });
  return Value::none();
}
Fallible<Value> syslogCloselog(Thread&) {
  if (isOpen) closelog();
  isOpen = false;
  return Value::none();
}
Fallible<Value> syslogSetlogmask(Thread& thread, Value mask) {
  return Value::inlineInt(setlogmask(static_cast<int>(TRY(longArgument(thread, mask)))));
}
Fallible<Value> syslogMask(Thread& thread, Value priority) {
  return Value::inlineInt(LOG_MASK(TRY(longArgument(thread, priority)) & 31));
}
Fallible<Value> syslogUpto(Thread& thread, Value priority) {
  return Value::inlineInt(LOG_UPTO(TRY(longArgument(thread, priority)) & 31));
}

constexpr NamedNumber kNumbers[] = {
    {"LOG_ALERT", LOG_ALERT},   {"LOG_AUTH", LOG_AUTH},     {"LOG_AUTHPRIV", LOG_AUTHPRIV},
    {"LOG_CONS", LOG_CONS},     {"LOG_CRIT", LOG_CRIT},     {"LOG_CRON", LOG_CRON},
    {"LOG_DAEMON", LOG_DAEMON}, {"LOG_DEBUG", LOG_DEBUG},   {"LOG_EMERG", LOG_EMERG},
    {"LOG_ERR", LOG_ERR},       {"LOG_INFO", LOG_INFO},     {"LOG_KERN", LOG_KERN},
    {"LOG_LOCAL0", LOG_LOCAL0}, {"LOG_LOCAL1", LOG_LOCAL1}, {"LOG_LOCAL2", LOG_LOCAL2},
    {"LOG_LOCAL3", LOG_LOCAL3}, {"LOG_LOCAL4", LOG_LOCAL4}, {"LOG_LOCAL5", LOG_LOCAL5},
    {"LOG_LOCAL6", LOG_LOCAL6}, {"LOG_LOCAL7", LOG_LOCAL7}, {"LOG_LPR", LOG_LPR},
    {"LOG_MAIL", LOG_MAIL},     {"LOG_NDELAY", LOG_NDELAY}, {"LOG_NEWS", LOG_NEWS},
    {"LOG_NOTICE", LOG_NOTICE}, {"LOG_NOWAIT", LOG_NOWAIT}, {"LOG_ODELAY", LOG_ODELAY},
    {"LOG_PERROR", LOG_PERROR}, {"LOG_PID", LOG_PID},       {"LOG_SYSLOG", LOG_SYSLOG},
    {"LOG_USER", LOG_USER},     {"LOG_UUCP", LOG_UUCP},     {"LOG_WARNING", LOG_WARNING},
};

}  // namespace

Module* moduleSyslog(Thread& thread) {
  ModuleBuilder builder(thread, "syslog");
  addNumbers(thread, builder, kNumbers);
  return builder.variadic("openlog", syslogOpenlog)
      .variadic("syslog", syslogSyslog)
      .variadic("closelog", nullary<"syslog.closelog", syslogCloselog>)
      .function("setlogmask", syslogSetlogmask)
      .function("LOG_MASK", syslogMask)
      .function("LOG_UPTO", syslogUpto)
      .build();
}

}  // namespace krait
