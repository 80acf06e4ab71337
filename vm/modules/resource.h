// struct_rusage, which the modules resource and posix both give.
#pragma once
#include <sys/resource.h>

#include "vm/operations.h"

namespace krait {

Fallible<Value> makeResourceUsage(Thread& thread, const rusage& usage);

}  // namespace krait
