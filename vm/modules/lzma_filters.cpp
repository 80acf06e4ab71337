// Module _lzma: filters as dictionaries and as the library's options.
#include <cstring>
#include <vector>

#include "vm/builtins/dict.h"
#include "vm/modules/lzma_internal.h"

namespace krait {
namespace {

// The value under a name of a mapping; unbound when there is none.
Fallible<Value> entry(Thread& thread, Value mapping, const char* name) {
  Value key = Value::of(TRY(intern(thread, name)));
  Fallible<Value> value = getItem(thread, mapping, key);
  if (!value.isRaised() || !pendingMatches(thread, exceptions.KeyError)) return value;
  clearException(thread);
  return Value::unbound();
}
Fallible<uint32_t> number(Thread& thread, Value v) {
  uint64_t n = TRY(unsignedArgument(thread, v));
  if (n > UINT32_MAX) return raise(thread, exceptions.OverflowError, "Value too large for uint32_t type");
  return static_cast<uint32_t>(n);
}

// All keys of a specifier must be known: "Invalid filter specifier for LZMA filter".
Fallible<void> checkKeys(Thread& thread, Value mapping, std::initializer_list<const char*> known, const char* kind) {
  Tuple* keys = TRY(tupleFromIterable(thread, mapping));
  for (uint64_t i = 0; i < keys->length; i++) {
    Str* key = toStr(keys->items[i]);
    bool found = key != nullptr && strEqualsUtf8(key, "id");
    for (const char* name : known) found = found || (key != nullptr && strEqualsUtf8(key, name));
    if (!found) return raiseValueError(thread, "Invalid filter specifier for {} filter", kind);
  }
  return {};
}

Fallible<void> lzmaOptions(Thread& thread, Value mapping, lzma_options_lzma& options) {
  TRY(checkKeys(thread, mapping, {"preset", "dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth"}, "LZMA"));
  Value preset = TRY(entry(thread, mapping, "preset"));
  uint32_t level = preset.isUnbound() ? uint32_t{LZMA_PRESET_DEFAULT} : TRY(number(thread, preset));
  std::memset(&options, 0, sizeof options);
  if (lzma_lzma_preset(&options, level)) return raiseFormat(thread, lzmaError, "Invalid compression preset: {}", level);
  auto set = [&](const char* name, auto& field) -> Fallible<void> {
    Value given = TRY(entry(thread, mapping, name));
    if (!given.isUnbound()) field = static_cast<std::remove_reference_t<decltype(field)>>(TRY(number(thread, given)));
    return {};
  };
  TRY(set("dict_size", options.dict_size));
  TRY(set("lc", options.lc));
  TRY(set("lp", options.lp));
  TRY(set("pb", options.pb));
  TRY(set("mode", options.mode));
  TRY(set("nice_len", options.nice_len));
  TRY(set("mf", options.mf));
  return set("depth", options.depth);
}

Fallible<void> filterArgument(Thread& thread, Value v, lzma_filter& filter, FilterChain::Options& options) {
  if (specialMethod(v, Special::k__getitem__).isUnbound() || toTuple(v) != nullptr || toStr(v) != nullptr) {
    return raise(thread, exceptions.TypeError, "Filter specifier must be a dict or dict-like object");
  }
  Value id = TRY(entry(thread, v, "id"));
  if (id.isUnbound()) return raise(thread, exceptions.ValueError, "Filter specifier must have an \"id\" entry");
  filter.id = TRY(unsignedArgument(thread, id));
  switch (filter.id) {
    case LZMA_FILTER_LZMA1:
    case LZMA_FILTER_LZMA2: filter.options = &options.lzma; return lzmaOptions(thread, v, options.lzma);
    case LZMA_FILTER_DELTA: {
      TRY(checkKeys(thread, v, {"dist"}, "delta"));
      Value distance = TRY(entry(thread, v, "dist"));
      std::memset(&options.delta, 0, sizeof options.delta);
      options.delta.type = LZMA_DELTA_TYPE_BYTE;
      options.delta.dist = distance.isUnbound() ? 1 : TRY(number(thread, distance));
      filter.options = &options.delta;
      return {};
    }
    case LZMA_FILTER_X86:
    case LZMA_FILTER_POWERPC:
    case LZMA_FILTER_IA64:
    case LZMA_FILTER_ARM:
    case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC: {
      TRY(checkKeys(thread, v, {"start_offset"}, "BCJ"));
      Value offset = TRY(entry(thread, v, "start_offset"));
      options.bcj.start_offset = offset.isUnbound() ? 0 : TRY(number(thread, offset));
      filter.options = &options.bcj;
      return {};
    }
    default: return raiseValueError(thread, "Invalid filter ID: {}", filter.id);
  }
}

Fallible<Value> encodeFilterProperties(Thread& thread, Value specifier) {
  lzma_filter filter;
  FilterChain::Options options;
  TRY(filterArgument(thread, specifier, filter, options));
  uint32_t size;
  TRY(checkLzma(thread, lzma_properties_size(&size, &filter)));
  Bytes* result = TRY(makeBytesUninitialised(thread, size));
  TRY(checkLzma(thread, lzma_properties_encode(&filter, result->data)));
  return Value::of(result);
}

Fallible<Value> decodeFilterProperties(Thread& thread, Value id, Value encoded) {
  lzma_filter filter{};
  filter.id = TRY(unsignedArgument(thread, id));
  std::string_view bytes = TRY(requireBuffer(thread, encoded));
  TRY(checkLzma(
      thread, lzma_properties_decode(&filter, nullptr, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size())));
  FilterChain::Options options{};
  bool hasOptions = filter.options != nullptr;
  if (hasOptions) {
    size_t size = filter.id == LZMA_FILTER_DELTA                                     ? sizeof options.delta
                  : filter.id == LZMA_FILTER_LZMA1 || filter.id == LZMA_FILTER_LZMA2 ? sizeof options.lzma
                                                                                     : sizeof options.bcj;
    std::memcpy(&options, filter.options, size);
    free(filter.options);
  }
  Dict* result = TRY(makeDict(thread));
  auto set = [&](const char* name, uint64_t value) -> Fallible<void> {
    return dictSetStr(thread, result, TRY(intern(thread, name)), TRY(makeIntUnsigned(thread, value)));
  };
  TRY(set("id", filter.id));
  switch (filter.id) {
    case LZMA_FILTER_LZMA1:
      TRY(set("lc", options.lzma.lc));
      TRY(set("lp", options.lzma.lp));
      TRY(set("pb", options.lzma.pb));
      TRY(set("dict_size", options.lzma.dict_size));
      break;
    case LZMA_FILTER_LZMA2: TRY(set("dict_size", options.lzma.dict_size)); break;
    case LZMA_FILTER_DELTA: TRY(set("dist", options.delta.dist)); break;
    default:
      if (hasOptions) TRY(set("start_offset", options.bcj.start_offset));
  }
  return Value::of(result);
}

}  // namespace

Fallible<void> filterChainArgument(Thread& thread, Value sequence, FilterChain& chain) {
  Tuple* items = TRY(tupleFromIterable(thread, sequence));
  if (items->length > LZMA_FILTERS_MAX) {
    return raiseValueError(thread, "Too many filters - liblzma supports a maximum of {}", LZMA_FILTERS_MAX);
  }
  for (uint64_t i = 0; i < items->length; i++) {
    TRY(filterArgument(thread, items->items[i], chain.filters[i], chain.options[i]));
  }
  chain.filters[items->length].id = LZMA_VLI_UNKNOWN;
  chain.filters[items->length].options = nullptr;
  return {};
}

void addLzmaFilters(Thread&, ModuleBuilder& builder) {
  builder.function("_encode_filter_properties", encodeFilterProperties)
      .function("_decode_filter_properties", decodeFilterProperties);
}

}  // namespace krait
