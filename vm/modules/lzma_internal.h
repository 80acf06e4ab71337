// What the sources of the module _lzma share: errors and filter chains.
#pragma once
#include <lzma.h>

#include "vm/modules/native_arguments.h"

namespace krait {

extern Type* lzmaError;
// Nothing for what is no error, else an exception.
Fallible<void> checkLzma(Thread& thread, lzma_ret status);

// A chain of filters with their options, as liblzma takes them.
struct FilterChain {
  lzma_filter filters[LZMA_FILTERS_MAX + 1];
  union Options {
    lzma_options_lzma lzma;
    lzma_options_delta delta;
    lzma_options_bcj bcj;
  } options[LZMA_FILTERS_MAX];
};
Fallible<void> filterChainArgument(Thread& thread, Value sequence, FilterChain& chain);

void addLzmaFilters(Thread& thread, ModuleBuilder& builder);

}  // namespace krait
