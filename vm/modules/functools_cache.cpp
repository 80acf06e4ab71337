// Module _functools: the wrapper of functools.lru_cache.
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/functools.h"
#include "vm/names.h"

namespace krait {
namespace {

// One remembered call of a bounded cache, in a ring ordered by use.
struct Link : NativeObject {
  Field<Cell*> previous, next;  // Link
  Field<Value> key, result;
  int64_t hash;
  Link* after() const { return static_cast<Link*>(next.get()); }
  Link* before() const { return static_cast<Link*>(previous.get()); }
};
void traceLink(Cell* cell, Marker& marker) {
  auto* link = static_cast<Link*>(cell);
  marker.mark(link->previous.get());
  marker.mark(link->next.get());
  marker.mark(link->key);
  marker.mark(link->result);
}
constexpr NativeTraits kLinkTraits{"functools._lru_list_elem", traceLink, nullptr};
Type* linkType;

struct Cache : NativeObject {
  Field<Value> function, infoType;
  Field<Dict*> results;  // key -> result, or -> Link when bounded
  Field<Cell*> ring;     // Link without a key: the newest is before it, the oldest after it
  int64_t maxSize;       // -1: unbounded
  int64_t hits, misses;
  bool typed;
  Link* root() const { return static_cast<Link*>(ring.get()); }
};
void traceCache(Cell* cell, Marker& marker) {
  auto* cache = static_cast<Cache*>(cell);
  marker.mark(cache->function);
  marker.mark(cache->infoType);
  marker.mark(cache->results.get());
  marker.mark(cache->ring.get());
}
constexpr NativeTraits kCacheTraits{"functools._lru_cache_wrapper", traceCache, nullptr};

void unlink(Link* link) {
  link->before()->next.set(link->after());
  link->after()->previous.set(link->before());
}
void linkAsNewest(Link* root, Link* link) {
  Link* last = root->before();
  last->next.set(link);
  link->previous.set(last);
  link->next.set(root);
  root->previous.set(link);
}
Fallible<Link*> makeLink(Thread& thread) {
  auto* link = TRY(allocate<Link>(thread, Kind::kNative, linkType->instanceShape));
  link->traits = &kLinkTraits;
  return link;
}
Fallible<void> reset(Thread& thread, Cache* cache) {
  Dict* results = TRY(makeDict(thread));
  Link* root = TRY(makeLink(thread));
  root->previous.set(root);
  root->next.set(root);
  cache->results.set(results);
  cache->ring.set(root);
  cache->hits = cache->misses = 0;
  return {};
}

Fallible<Value> cacheNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"lru_cache", {"user_function", "maxsize", "typed", "cache_info_type"}, 4};
  Value values[4];
  TRY(kParameters.bind(thread, arguments, values));
  if (!isCallable(values[0])) return raiseTypeError(thread, "the first argument must be callable");
  int64_t maxSize = -1;
  if (!values[1].isNone()) {
    if (!isInt(values[1]) && specialMethod(values[1], Special::k__index__).isUnbound())
      return raiseTypeError(thread, "maxsize should be integer or None");
    maxSize = std::max<int64_t>(0, TRY(indexAsInt64(thread, values[1], exceptions.OverflowError)));
  }
  bool typed = TRY(isTrue(thread, values[2]));
  auto* cache = TRY(allocate<Cache>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  cache->traits = &kCacheTraits;
  cache->function.set(values[0]);
  cache->infoType.set(values[3]);
  cache->maxSize = maxSize;
  cache->typed = typed;
  TRY(reset(thread, cache));
  return Value::of(cache);
}

// A single argument that is exactly an int or a str stands for itself; everything else is put into a tuple, keywords
// behind a mark that no argument can be.
Fallible<Value> keyOf(Thread& thread, const Cache* cache, const Arguments& arguments) {
  uint32_t positional = arguments.positional, keywords = arguments.keywordCount();
  if (!cache->typed && keywords == 0 && positional == 1) {
    const Type* type = typeOf(arguments[0]);
    if (type == types.int_ || type == types.str) return arguments[0];
  }
  uint64_t length = positional + (keywords == 0 ? 0 : 1 + 2 * uint64_t{keywords});
  if (cache->typed) length += positional + keywords;
  Tuple* key = TRY(makeTupleUninitialised(thread, length));
  uint64_t at = 0;
  auto put = [&](Value v) { key->items[at++].set(v); };
  for (uint32_t i = 0; i < positional; i++) put(arguments[i]);
  if (keywords > 0) put(Value::of(linkType));
  for (uint32_t i = 0; i < keywords; i++) {
    put(arguments.keywordNames->items[i]);
    put(arguments[positional + i]);
  }
  if (cache->typed)
    for (uint32_t i = 0; i < positional + keywords; i++) put(Value::of(typeOf(arguments[i])));
  return Value::of(key);
}

Fallible<Value> callFunction(Thread& thread, Cache* cache, const Arguments& arguments) {
  std::span<const Value> values{arguments.first, arguments.positional + size_t{arguments.keywordCount()}};
  return call(thread, cache->function, values, arguments.keywordNames);
}

// The function has been called: its result becomes the newest, and the oldest makes room for it.
Fallible<void> remember(Thread& thread, Cache* cache, Value key, int64_t hash, Value result) {
  Value meanwhile = TRY(dictGetHashed(thread, cache->results, key, hash));
  if (!meanwhile.isUnbound()) return {};  // by a call from within
  Link *root = cache->root(), *link = nullptr;
  if (static_cast<int64_t>(cache->results->length) >= cache->maxSize && root->after() != root) {
    link = root->after();
    unlink(link);
    TRY(dictPop(thread, cache->results, link->key));
  } else {
    link = TRY(makeLink(thread));
  }
  link->key.set(key);
  link->result.set(result);
  link->hash = hash;
  TRY(dictSetHashed(thread, cache->results, key, hash, Value::of(link)));
  linkAsNewest(root, link);
  return {};
}

Fallible<Value> cacheCall(Thread& thread, Value self, const Arguments& arguments) {
  Cache* cache = self.as<Cache>();
  if (cache->maxSize == 0) {
    cache->misses++;
    return callFunction(thread, cache, arguments);
  }
  Value key = TRY(keyOf(thread, cache, arguments));
  int64_t keyHash = TRY(hash(thread, key));
  Value found = TRY(dictGetHashed(thread, cache->results, key, keyHash));
  bool isBounded = cache->maxSize > 0;
  if (!found.isUnbound()) {
    cache->hits++;
    if (!isBounded) return found;
    Link* link = found.as<Link>();
    unlink(link);
    linkAsNewest(cache->root(), link);
    return link->result.get();
  }
  cache->misses++;
  Value result = TRY(callFunction(thread, cache, arguments));
  if (isBounded)
    TRY(remember(thread, cache, key, keyHash, result));
  else
    TRY(dictSetHashed(thread, cache->results, key, keyHash, result));
  return result;
}

Fallible<Value> cacheGet(Thread& thread, Value self, Value instance, Value) {
  if (instance.isNone() || instance.isUnbound()) return self;
  return makeMethod(thread, self, instance);
}
Fallible<Value> cacheInfo(Thread& thread, Value self) {
  Cache* cache = self.as<Cache>();
  Value maxSize = cache->maxSize < 0 ? Value::none() : TRY(makeInt(thread, cache->maxSize));
  Value values[] = {TRY(makeInt(thread, cache->hits)), TRY(makeInt(thread, cache->misses)), maxSize,
                    Value::inlineInt(static_cast<int64_t>(cache->results->length))};
  return call(thread, cache->infoType, std::span<const Value>(values));
}
Fallible<Value> cacheClear(Thread& thread, Value self) {
  TRY(reset(thread, self.as<Cache>()));
  return Value::none();
}
Fallible<Value> cacheReduce(Thread& thread, Value self) { return getAttribute(thread, self, names.dunder_qualname); }
Fallible<Value> cacheCopy(Thread&, Value self) { return self; }
Fallible<Value> cacheDeepCopy(Thread&, Value self, Value) { return self; }

}  // namespace

Type* declareCache(Thread& thread) {
  linkType = TypeBuilder(thread, "_lru_list_elem", types.object, Kind::kNative).module("functools").build();
  return TypeBuilder(thread, "_lru_cache_wrapper", types.object, Kind::kNative)
      .module("functools")
      .flags(Type::kInstantiable | Type::kHasDict | Type::kHasWeakref)
      .doc("A callable that remembers what the wrapped function returned.")
      .constructor(cacheNew)
      .specialVariadic("__call__", cacheCall)
      .special("__get__", cacheGet, 1)
      .method("cache_info", cacheInfo)
      .method("cache_clear", cacheClear)
      .method("__reduce__", cacheReduce)
      .method("__copy__", cacheCopy)
      .method("__deepcopy__", cacheDeepCopy)
      .getter("__dict__", getInstanceDict, setInstanceDict)
      .build();
}

}  // namespace krait
