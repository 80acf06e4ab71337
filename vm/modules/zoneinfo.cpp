// Module _zoneinfo: ZoneInfo, a time zone of the system's database, with its caches.
#include <algorithm>

#include "vm/builtins/type_internal.h"
#include "vm/import.h"
#include "vm/modules/datetime_internal.h"
#include "vm/modules/registry.h"
#include "vm/modules/zoneinfo_rules.h"

namespace krait {
namespace {

struct ZoneinfoObject : NativeObject {
  Field<Value> key, source;   // source: the repr of the file object, or unbound
  Field<Tuple*> infos;        // offset from UTC, daylight saving, name: three Values for each kind of local time
  Field<Value> ruleText;      // bytes that the rule's names point into; keeps them
  Field<ByteArray*> storage;  // `count` transitions: in UTC, of the wall clock by fold, and the kinds that begin
  uint32_t count;
  int32_t before, after;  // kinds of local time; -1: none
  int32_t daylight;       // the rule's; its standard time is `after`
  bool hasRule, isFixed, isCached;
  ZoneRule rule;
  const int64_t* times(int column) const {
    return reinterpret_cast<const int64_t*>(storage->bytes) + static_cast<size_t>(column) * count;
  }
  int32_t kindOf(size_t i) const { return static_cast<int32_t>(times(3)[i]); }
  int64_t offset(int32_t kind) const {
    const DeltaObject* delta = kind < 0 ? nullptr : toDelta(infos->items[kind * 3]);
    return delta == nullptr ? 0 : secondsIn(delta);
  }
};
void traceZone(Cell* cell, Marker& marker) {
  auto* zone = static_cast<ZoneinfoObject*>(cell);
  marker.mark(zone->key);
  marker.mark(zone->source);
  marker.mark(zone->infos.get());
  marker.mark(zone->ruleText);
  marker.mark(zone->storage.get());
}
constexpr NativeTraits kTraits{"zoneinfo.ZoneInfo", traceZone, nullptr};
Type* zoneinfoType;
ZoneinfoObject* zoneOf(Value v) { return v.as<ZoneinfoObject>(); }

// --- reading a zone ---------------------------------------------------------------------------------------------------
Fallible<Value> callIn(Thread& thread, const char* module, const char* function, Value argument) {
  Value imported = TRY(importModule(thread, TRY(intern(thread, module))));
  return call(thread, TRY(getAttribute(thread, imported, function)), argument);
}

struct Column {
  const Tuple* items;
  uint64_t length() const { return items->length; }
  int64_t operator[](uint64_t i) const { return toInt64(items->items[i]).value_or(0); }
};

// What daylight saving adds is not in the file: it is the difference to the standard time before or after.
Fallible<Value> daylightAmounts(Thread& thread, const Column& kinds, const Column& offsets, const Column& isDaylight) {
  uint64_t count = isDaylight.length();
  int64_t wanted = 0, found = 0;
  for (uint64_t i = 0; i < count; i++) wanted += isDaylight[i];
  Tuple* amounts = TRY(makeTupleUninitialised(thread, count));
  uint64_t i = 1;
  for (; i < kinds.length() && wanted != found; i++) {
    auto kind = static_cast<uint64_t>(kinds[i]);
    if (isDaylight[kind] == 0 || amounts->items[kind].get().asInlineInt() != 0) continue;
    int64_t amount = 0;
    auto other = static_cast<uint64_t>(kinds[i - 1]);
    if (isDaylight[other] == 0) amount = offsets[kind] - offsets[other];
    if (amount == 0 && kind + 1 < count && i + 1 < kinds.length()) {
      other = static_cast<uint64_t>(kinds[i + 1]);
      if (isDaylight[other] != 0) continue;
      amount = offsets[kind] - offsets[other];
    }
    if (amount == 0) continue;
    found++;
    amounts->items[kind].set(Value::inlineInt(amount));
  }
  constexpr int64_t kHour = 3600;
  for (uint64_t kind = 0; wanted != found && kind < count; kind++)
    if (isDaylight[kind] != 0 && amounts->items[kind].get().asInlineInt() == 0)
      amounts->items[kind].set(Value::inlineInt(kHour));
  return Value::of(amounts);
}

Fallible<void> setInfo(Thread& thread, Tuple* infos, uint64_t kind, int64_t offset, int64_t daylight, Value name) {
  infos->items[kind * 3].set(TRY(makeDelta(thread, 0, offset, 0)));
  infos->items[kind * 3 + 1].set(TRY(makeDelta(thread, 0, daylight, 0)));
  infos->items[kind * 3 + 2].set(name);
  return {};
}

Fallible<void> loadTransitions(Thread& thread, ZoneinfoObject* zone, const Column& kinds, const Column& times,
                               const Column& offsets) {
  uint64_t count = times.length();
  zone->storage.set(TRY(allocateBytes(thread, std::max<uint64_t>(1, count * 4 * sizeof(int64_t)))));
  zone->count = static_cast<uint32_t>(count);
  auto* utc = reinterpret_cast<int64_t*>(zone->storage->bytes);
  int64_t *first = utc + count, *second = first + count, *kind = second + count;
  for (uint64_t i = 0; i < count; i++) {
    kind[i] = kinds[i];
    utc[i] = times[i];
    int64_t old = i > 0 ? offsets[static_cast<uint64_t>(kinds[i - 1])] : offsets[0];
    int64_t fresh = offsets[static_cast<uint64_t>(kinds[i])];
    first[i] = static_cast<int64_t>(static_cast<uint64_t>(utc[i]) + static_cast<uint64_t>(std::max(old, fresh)));
    second[i] = static_cast<int64_t>(static_cast<uint64_t>(utc[i]) + static_cast<uint64_t>(std::min(old, fresh)));
  }
  return {};
}

Fallible<void> loadZone(Thread& thread, ZoneinfoObject* zone, Value file) {
  Value data = TRY(callIn(thread, "zoneinfo._common", "load_data", file));
  const Tuple* parts = toTuple(data);
  bool fits = parts != nullptr && parts->length == 6;
  for (uint64_t i = 0; fits && i < 5; i++) fits = toTuple(parts->items[i]) != nullptr;
  if (!fits) return raiseTypeError(thread, "load_data() must return a 6-tuple");
  Column kinds{toTuple(parts->items[0])}, times{toTuple(parts->items[1])}, offsets{toTuple(parts->items[2])};
  Column isDaylight{toTuple(parts->items[3])};
  const Tuple* names = toTuple(parts->items[4]);
  uint64_t count = offsets.length();
  fits = isDaylight.length() == count && names->length == count && kinds.length() == times.length();
  for (uint64_t i = 0; fits && i < kinds.length(); i++) fits = static_cast<uint64_t>(kinds[i]) < count;
  if (!fits) return raiseValueError(thread, "Invalid transition index found while reading TZif");
  Value amounts = TRY(daylightAmounts(thread, kinds, offsets, isDaylight));

  const Bytes* text = toBytes(parts->items[5]);
  bool hasText = text != nullptr && text->length > 0;
  if (hasText) {
    zone->ruleText.set(parts->items[5]);
    if (!parseZoneRule(viewOf(text), zone->rule)) {
      return raiseValueError(thread, "{} is not a valid TZ string", viewOf(text));
    }
    zone->hasRule = !zone->rule.daylightName.empty();
  }
  Tuple* infos = TRY(makeTupleUninitialised(thread, (count + 2) * 3));
  for (uint64_t i = 0; i < count; i++)
    TRY(setInfo(thread, infos, i, offsets[i], Column{toTuple(amounts)}[i], names->items[i]));
  TRY(loadTransitions(thread, zone, kinds, times, offsets));
  zone->infos.set(infos);
  zone->before = zone->count > 0 ? zone->kindOf(0) : -1;
  for (uint64_t i = count; i-- > 0;)
    if (isDaylight[i] == 0) zone->before = static_cast<int32_t>(i);
  if (hasText) {
    zone->after = static_cast<int32_t>(count);
    const ZoneRule& rule = zone->rule;
    TRY(setInfo(thread, infos, count, rule.standardOffset, 0, TRY(makeStrValue(thread, rule.standardName))));
    if (zone->hasRule) {
      zone->daylight = static_cast<int32_t>(count + 1);
      TRY(setInfo(thread, infos, count + 1, rule.daylightOffset, rule.difference(),
                  TRY(makeStrValue(thread, rule.daylightName))));
    }
  } else {
    if (count == 0) return raiseValueError(thread, "No time zone information found.");
    zone->after = zone->count > 0 ? zone->kindOf(zone->count - 1) : static_cast<int32_t>(count - 1);
  }
  zone->isFixed = count <= 1 && !zone->hasRule;
  if (zone->isFixed && count == 1) {
    for (int32_t i = 0; i < 3; i++)
      if (!TRY(equals(thread, infos->items[i], infos->items[zone->after * 3 + i]))) zone->isFixed = false;
  }
  return {};
}

Fallible<ZoneinfoObject*> allocateZone(Thread& thread, Type* type, Value key) {
  auto* zone = TRY(allocate<ZoneinfoObject>(thread, Kind::kNative, type->instanceShape));
  zone->traits = &kTraits;
  zone->key.set(key);
  zone->source.set(Value::unbound());
  zone->before = zone->after = zone->daylight = -1;
  return zone;
}

Fallible<Value> openZone(Thread& thread, Type* type, Value key) {
  Value path = TRY(callIn(thread, "zoneinfo._tzpath", "find_tzfile", key));
  Value file;
  if (path.isNone()) {
    file = TRY(callIn(thread, "zoneinfo._common", "load_tzdata", key));
  } else {
    Value io = TRY(importModule(thread, TRY(intern(thread, "io"))));
    Value open = TRY(getAttribute(thread, io, "open"));
    file = TRY(call(thread, open, path, TRY(makeStrValue(thread, "rb"))));
  }
  ZoneinfoObject* zone = TRY(allocateZone(thread, type, key));
  Fallible<void> loaded = loadZone(thread, zone, file);
  Str* close = TRY(intern(thread, "close"));
  if (loaded.isRaised()) {
    Value error = takeException(thread);
    TRY(callMethod(thread, file, close, {}));
    return raiseInstance(thread, error);
  }
  TRY(callMethod(thread, file, close, {}));
  return Value::of(zone);
}

// --- caches -----------------------------------------------------------------------------------------------------------
// The zones asked for last stay alive; the others live as long as somebody has them.
constexpr size_t kStrong = 8;
RootVector& strongCache() {
  static RootVector* const cache = new RootVector;
  return *cache;
}
Fallible<Value> makeWeakCache(Thread& thread) {
  Value weakref = TRY(importModule(thread, TRY(intern(thread, "weakref"))));
  return call(thread, TRY(getAttribute(thread, weakref, "WeakValueDictionary")));
}
Fallible<Value> weakCache(Thread& thread, Type* type) {
  if (type != zoneinfoType) return getAttribute(thread, Value::of(type), "_weak_cache");
  static RootVector* const kept = new RootVector;
  if (kept->empty() && !kept->push(TRY(makeWeakCache(thread)))) return raiseMemoryError(thread);
  return (*kept)[0];
}
// The position of a key among the strong ones, or their number.
Fallible<size_t> findStrong(Thread& thread, Value key) {
  for (size_t i = 0; i < strongCache().size(); i++)
    if (TRY(equals(thread, zoneOf(strongCache()[i])->key, key))) return i;
  return strongCache().size();
}
void eraseStrong(size_t i) {
  RootVector& cache = strongCache();
  if (i >= cache.size()) return;
  for (; i + 1 < cache.size(); i++) cache[i] = cache[i + 1];
  (void)cache.pop();
}
// The newest is the last.
Fallible<void> addStrong(Thread& thread, Value zone) {
  if (strongCache().size() >= kStrong) eraseStrong(0);
  if (!strongCache().push(zone)) return raiseMemoryError(thread);
  return {};
}

Fallible<Value> cachedZone(Thread& thread, Type* type, Value key) {
  if (type == zoneinfoType) {
    size_t i = TRY(findStrong(thread, key));
    if (i < strongCache().size()) {
      Value zone = strongCache()[i];
      eraseStrong(i);
      TRY(addStrong(thread, zone));
      return zone;
    }
  }
  Value cache = TRY(weakCache(thread, type));
  Value arguments[] = {key, Value::none()};
  Value zone = TRY(callMethod(thread, cache, TRY(intern(thread, "get")), arguments));
  if (zone.isNone()) {
    zone = TRY(openZone(thread, type, key));
    zoneOf(zone)->isCached = true;
    arguments[1] = zone;
    zone = TRY(callMethod(thread, cache, TRY(intern(thread, "setdefault")), arguments));
  }
  if (type == zoneinfoType && nativeAs<ZoneinfoObject>(zone, kTraits) != nullptr) TRY(addStrong(thread, zone));
  return zone;
}

Fallible<Value> zoneNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"key"}, 1};
  Value given[1];
  TRY(bindQuickly(thread, kParameters, arguments, 1, given));
  return cachedZone(thread, self.as<Type>(), given[0]);
}
Fallible<Value> noCache(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"key"}, 1};
  Value given[1];
  TRY(bindQuickly(thread, kParameters, arguments, 1, given));
  return openZone(thread, self.as<Type>(), given[0]);
}
Fallible<Value> fromFile(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional == 0) {
    return raise(thread, exceptions.TypeError, "function takes at least 1 positional argument (0 given)");
  }
  static constexpr Parameters kParameters{nullptr, {"", "key"}, 1};
  Value given[2];
  TRY(kParameters.bind(thread, arguments, given));
  Value key = given[1].isUnbound() ? Value::none() : given[1];
  ZoneinfoObject* zone = TRY(allocateZone(thread, self.as<Type>(), key));
  zone->source.set(Value::of(TRY(repr(thread, given[0]))));
  TRY(loadZone(thread, zone, given[0]));
  return Value::of(zone);
}
Fallible<Value> clearCache(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"*", "only_keys"}, 0};
  Value keys;
  TRY(kParameters.bind(thread, arguments, &keys));
  Type* type = self.as<Type>();
  Value cache = TRY(weakCache(thread, type));
  if (keys.isUnbound() || keys.isNone()) {
    if (type == zoneinfoType) strongCache().clear();
    TRY(callMethod(thread, cache, TRY(intern(thread, "clear")), {}));
    return Value::none();
  }
  TRY(forEach(thread, keys, [&](Value key) -> Fallible<bool> {
    if (type == zoneinfoType) eraseStrong(TRY(findStrong(thread, key)));
    Value pop[] = {key, Value::none()};
    TRY(callMethod(thread, cache, TRY(intern(thread, "pop")), pop));
    return true;
  }));
  return Value::none();
}
Fallible<Value> initSubclass(Thread& thread, Value self, const Arguments&) {
  TRY(setAttribute(thread, self, TRY(intern(thread, "_weak_cache")), TRY(makeWeakCache(thread))));
  return Value::none();
}

// --- local time -------------------------------------------------------------------------------------------------------
struct LocalMoment {
  int64_t seconds, year;
  bool fold;
};
Fallible<LocalMoment> momentOf(Thread& thread, Value v) {
  auto seconds = [](int64_t ordinal, int64_t hour, int64_t minute, int64_t second) {
    return (ordinal - kEpochOrdinal) * kSecondsPerDay + (hour * 60 + minute) * 60 + second;
  };
  if (const DatetimeObject* d = toDatetime(v)) [[likely]]
    return LocalMoment{seconds(ordinalOf(d), d->clock.hour, d->clock.minute, d->clock.second), d->year,
                       d->clock.fold != 0};
  Value ordinalValue = TRY(callMethod(thread, v, TRY(intern(thread, "toordinal")), {}));
  int ordinal = TRY(formatIntArgument(thread, ordinalValue));
  int fields[5];
  static constexpr const char* kNames[] = {"hour", "minute", "second", "year", "fold"};
  for (int i = 0; i < 5; i++) fields[i] = TRY(formatIntArgument(thread, TRY(getAttribute(thread, v, kNames[i]))));
  return LocalMoment{seconds(ordinal, fields[0], fields[1], fields[2]), fields[3], fields[4] != 0};
}

// The kind of local time that a wall clock shows; -1 when nobody can tell.
Fallible<int> kindAt(Thread& thread, const ZoneinfoObject* zone, Value v) {
  if (v.isNone()) return zone->isFixed ? zone->after : -1;
  LocalMoment moment = TRY(momentOf(thread, v));
  const int64_t* local = zone->times(moment.fold ? 2 : 1);
  uint32_t count = zone->count;
  if (count > 0 && moment.seconds < local[0]) return zone->before;
  if (count == 0 || moment.seconds > local[count - 1]) {
    if (zone->hasRule && zone->rule.isDaylight(moment.seconds, moment.year, moment.fold)) return zone->daylight;
    return zone->after;
  }
  return zone->kindOf(static_cast<size_t>(std::upper_bound(local, local + count, moment.seconds) - local) - 1);
}
template <int part>
Fallible<Value> zonePart(Thread& thread, Value self, Value argument) {
  int kind = TRY(kindAt(thread, zoneOf(self), argument));
  return kind < 0 ? Value::none() : zoneOf(self)->infos->items[kind * 3 + part].get();
}

Fallible<Value> zoneFromUtc(Thread& thread, Value self, Value argument) {
  const DatetimeObject* d = toDatetime(argument);
  if (d == nullptr) return raise(thread, exceptions.TypeError, "fromutc: argument must be a datetime");
  if (!d->zone.get().is(self)) return raiseValueError(thread, "fromutc: dt.tzinfo is not self");
  const ZoneinfoObject* zone = zoneOf(self);
  LocalMoment moment = TRY(momentOf(thread, argument));
  const int64_t* utc = zone->times(0);
  uint32_t count = zone->count;
  int32_t kind = zone->after;
  bool fold = false;
  if (count > 0 && moment.seconds < utc[0]) {
    kind = zone->before;
  } else if (zone->hasRule && (count == 0 || moment.seconds > utc[count - 1])) {
    if (zone->rule.isDaylightAtUtc(moment.seconds, moment.year, fold)) kind = zone->daylight;
  } else if (count > 0) {
    auto next = static_cast<size_t>(std::upper_bound(utc, utc + count, moment.seconds) - utc);
    kind = zone->kindOf(next - 1);
    int32_t previous = next >= 2 ? zone->kindOf(next - 2) : zone->before;
    fold = zone->offset(previous) - zone->offset(kind) > moment.seconds - utc[next - 1];
  }
  Value result = argument;
  const DeltaObject* offset = kind < 0 ? nullptr : toDelta(zone->infos->items[kind * 3]);
  if (offset != nullptr) result = TRY(addToDatetime(thread, d, offset, 1));
  if (!fold) return result;
  if (typeOf(result) == datetimeTypes.datetime) {
    toDatetime(result)->clock.fold = 1;
    return result;
  }
  Value replace = TRY(getAttribute(thread, result, "replace")), one = Value::inlineInt(1);
  Tuple* names = TRY(makeTuple(thread, {Value::of(datetimeNames.fold)}));
  return call(thread, replace, {&one, 1}, names);
}

// --- text, pickling ---------------------------------------------------------------------------------------------------
Fallible<Value> zoneRepr(Thread& thread, Value self) {
  StrBuilder text;
  text.append(nameOf(self));
  if (!zoneOf(self)->key.get().isNone())
    text.append("(key=").append(TRY(repr(thread, zoneOf(self)->key)));
  else
    text.append(".from_file(").append(toStr(zoneOf(self)->source));
  return Value::of(TRY(text.append(")").build(thread)));
}
Fallible<Value> zoneStr(Thread& thread, Value self) {
  if (zoneOf(self)->key.get().isNone()) return Value::of(TRY(repr(thread, self)));
  return Value::of(TRY(str(thread, zoneOf(self)->key)));
}
Fallible<Value> zoneReduce(Thread& thread, Value self) {
  if (!zoneOf(self)->source.get().isUnbound()) {
    Value pickle = TRY(importModule(thread, TRY(intern(thread, "pickle"))));
    Value error = TRY(getAttribute(thread, pickle, "PicklingError"));
    Value message = TRY(makeStrValue(thread, "Cannot pickle a ZoneInfo file from a file stream."));
    return raiseInstance(thread, TRY(call(thread, error, message)));
  }
  Value maker = TRY(getAttribute(thread, self, "_unpickle"));
  Value arguments =
      Value::of(TRY(makeTuple(thread, {zoneOf(self)->key, Value::inlineInt(zoneOf(self)->isCached ? 1 : 0)})));
  return Value::of(TRY(makeTuple(thread, {maker, arguments})));
}
Fallible<Value> unpickle(Thread& thread, Value self, const Arguments& arguments) {
  TRY(exactArguments(thread, arguments, "ZoneInfo._unpickle", "function", 2));
  if (TRY(isTrue(thread, arguments[1]))) return cachedZone(thread, self.as<Type>(), arguments[0]);
  return openZone(thread, self.as<Type>(), arguments[0]);
}
Fallible<Value> getKey(Thread&, Value self) { return zoneOf(self)->key.get(); }

}  // namespace

Module* moduleZoneinfo(Thread& thread) {
  (void)startUp(importModule(thread, startUp(intern(thread, "_datetime"))));
  Type* type = TypeBuilder(thread, "ZoneInfo", datetimeTypes.zone, Kind::kNative)
                   .module("zoneinfo")
                   .flags(Type::kBaseType | Type::kHasWeakref)
                   .constructor(zoneNew)
                   .special("__repr__", zoneRepr)
                   .special("__str__", zoneStr)
                   .special("__getattribute__", objectGetattribute)
                   .classMethod("clear_cache", clearCache)
                   .classMethod("no_cache", noCache)
                   .classMethod("from_file", fromFile)
                   .method("utcoffset", zonePart<0>)
                   .method("dst", zonePart<1>)
                   .method("tzname", zonePart<2>)
                   .method("fromutc", zoneFromUtc)
                   .method("__reduce__", zoneReduce)
                   .classMethod("_unpickle", unpickle)
                   .classMethod("__init_subclass__", initSubclass)
                   .getter("key", getKey, refuseAssignment)
                   .build();
  type->payloadKind = Kind::kNative;  // longer than a tzinfo: classes of the two are not exchanged for each other
  zoneinfoType = keepType(type);
  return ModuleBuilder(thread, "_zoneinfo", "Time zones from the files of the IANA database.")
      .constant("ZoneInfo", Value::of(type))
      .build();
}

}  // namespace krait
