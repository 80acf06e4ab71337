// What the two files of the module _operator share.
#pragma once
#include "vm/builtins/module.h"

namespace krait {

// itemgetter, attrgetter, methodcaller
void declareGetters(Thread& thread, ModuleBuilder& builder);

}  // namespace krait
