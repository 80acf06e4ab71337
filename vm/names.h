// Interned strings that C++ code uses by name: names.append ...
#pragma once
#include "vm/builtins/type.h"

namespace krait {
// names.dunder_name is "__name__"; the special methods' names are specialName(Special::k__init__) (type.h).
#define KRAIT_DUNDER_NAMES(X) \
  X(name)                     \
  X(qualname)                 \
  X(module)                   \
  X(doc)                      \
  X(dict)                     \
  X(class)                    \
  X(bases)                    \
  X(mro)                      \
  X(slots)                    \
  X(weakref)                  \
  X(classcell)                \
  X(builtins)                 \
  X(file)                     \
  X(path)                     \
  X(package)                  \
  X(spec)                     \
  X(loader)                   \
  X(annotations)              \
  X(abstractmethods)          \
  X(import)                   \
  X(all)                      \
  X(main)                     \
  X(cause)                    \
  X(context)                  \
  X(traceback)                \
  X(notes)                    \
  X(self)                     \
  X(func)                     \
  X(wrapped)                  \
  X(match_args)               \
  X(debug)                    \
  X(build_class)              \
  X(closure)                  \
  X(code)                     \
  X(defaults)                 \
  X(kwdefaults)               \
  X(globals)                  \
  X(cached)
#define KRAIT_PLAIN_NAMES(X) \
  X(mro)                     \
  X(send)                    \
  X(close)                   \
  X(append)                  \
  X(extend)                  \
  X(keys)                    \
  X(items)                   \
  X(values)                  \
  X(get)                     \
  X(write)                   \
  X(flush)                   \
  X(read)                    \
  X(readline)                \
  X(stdout)                  \
  X(stderr)                  \
  X(stdin)                   \
  X(path)                    \
  X(modules)                 \
  X(argv)                    \
  X(excepthook)              \
  X(displayhook)             \
  X(builtins)                \
  X(metaclass)               \
  X(name)                    \
  X(obj)                     \
  X(args)                    \
  X(value)                   \
  X(code)                    \
  X(msg)                     \
  X(filename)                \
  X(lineno)                  \
  X(offset)                  \
  X(text)                    \
  X(end_lineno)              \
  X(end_offset)              \
  X(print_file_and_line)     \
  X(errno_number)            \
  X(strerror)                \
  X(sep)                     \
  X(end)                     \
  X(file)                    \
  X(encoding)                \
  X(errors)                  \
  X(key)                     \
  X(reverse)                 \
  X(real)                    \
  X(imag)                    \
  X(add_note)                \
  X(fileno)                  \
  X(isatty)                  \
  X(replace)                 \
  X(strict)                  \
  X(_)                       \
  X(ps1)                     \
  X(ps2)                     \
  X(last_type)               \
  X(last_value)              \
  X(last_traceback)          \
  X(sys)                     \
  X(parent)                  \
  X(origin)                  \
  X(has_location)            \
  X(_initializing)           \
  X(warnings)                \
  X(warnoptions)             \
  X(filters)
struct Names {
#define KRAIT_NAME(name) Str* dunder_##name;
  KRAIT_DUNDER_NAMES(KRAIT_NAME)
#undef KRAIT_NAME
#define KRAIT_NAME(name) Str* name;
  KRAIT_PLAIN_NAMES(KRAIT_NAME)
#undef KRAIT_NAME
};
inline Names names;
void initialiseNames(Thread& thread);
}  // namespace krait
