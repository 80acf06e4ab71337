// tzinfo and timezone, and the protocol by which datetimes ask them.
#include "vm/builtins/object_reduce.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/datetime_internal.h"

namespace krait {

static void traceTimezone(Cell* cell, Marker& marker) {
  auto* zone = static_cast<TimezoneObject*>(cell);
  marker.mark(zone->offset);
  marker.mark(zone->name);
}
const NativeTraits zoneTraits{"datetime.tzinfo", nullptr, nullptr};
const NativeTraits timezoneTraits{"datetime.timezone", traceTimezone, nullptr};

// --- the protocol -----------------------------------------------------------------------------------------------------
static bool isBelowADay(const DeltaObject* delta) {
  return delta->days == 0 || (delta->days == -1 && (delta->seconds | delta->microseconds) != 0);
}

Fallible<Value> offsetOf(Thread& thread, Value zone, Str* method, Value argument) {
  if (const TimezoneObject* fixed = toTimezone(zone))
    return method == datetimeNames.utcoffset ? fixed->offset.get() : Value::none();
  Value offset = TRY(callMethod(thread, zone, method, {&argument, 1}));
  if (offset.isNone()) return offset;
  const DeltaObject* delta = toDelta(offset);
  fmt::memory_buffer buffer;
  if (delta == nullptr) {
    return raiseTypeError(thread, "tzinfo.{}() must return None or timedelta, not '{}'", textOf(method, buffer),
                          nameOf(offset));
  }
  if (isBelowADay(delta)) return offset;
  return raiseValueError(thread,
                         "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).");
}

Fallible<Value> zoneName(Thread& thread, Value zone, Value argument) {
  if (zone.isNone()) return zone;
  Value name = TRY(callMethod(thread, zone, datetimeNames.tzname, {&argument, 1}));
  if (name.isNone() || toStr(name) != nullptr) return name;
  return raiseTypeError(thread, "tzinfo.tzname() must return None or a string, not '{}'", nameOf(name));
}

Fallible<Value> makeTimezone(Thread& thread, Value offset, Value nameOrUnbound) {
  const DeltaObject* delta = toDelta(offset);
  if (nameOrUnbound.isUnbound() && isZeroDelta(delta) && datetimeTypes.utc.isCell()) return datetimeTypes.utc;
  if (!isBelowADay(delta)) {
    fmt::memory_buffer buffer;
    Str* shown = TRY(repr(thread, offset));
    return raiseValueError(thread,
                           "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), "
                           "not {}.",
                           textOf(shown, buffer));
  }
  auto* zone = TRY(allocate<TimezoneObject>(thread, Kind::kNative, datetimeTypes.timezone->instanceShape));
  zone->traits = &timezoneTraits;
  zone->offset.set(offset);
  zone->name.set(nameOrUnbound);
  return Value::of(zone);
}

namespace {

// --- tzinfo -----------------------------------------------------------------------------------------------------------
Fallible<Value> zoneNew(Thread& thread, Value self, const Arguments&) {
  const Type* native = self.as<Type>();
  while (native->typeFlags & Type::kHeapType) native = native->base;
  if (native != datetimeTypes.zone) return raiseUnsafe(thread, datetimeTypes.zone, self, native);
  auto* zone = TRY(allocate<NativeObject>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  zone->traits = &zoneTraits;
  return Value::of(zone);
}

KRAIT_COLD Raised raiseAbstract(Thread& thread, const char* method) {
  return raiseFormat(thread, exceptions.NotImplementedError, "a tzinfo subclass must implement {}()", method);
}
Fallible<Value> abstractName(Thread& thread, Value, Value) { return raiseAbstract(thread, "tzname"); }
Fallible<Value> abstractOffset(Thread& thread, Value, Value) { return raiseAbstract(thread, "utcoffset"); }
Fallible<Value> abstractDst(Thread& thread, Value, Value) { return raiseAbstract(thread, "dst"); }

Fallible<DatetimeObject*> ownDatetime(Thread& thread, Value self, Value argument, const char* otherwise) {
  DatetimeObject* datetime = toDatetime(argument);
  if (datetime == nullptr) return raise(thread, exceptions.TypeError, otherwise);
  if (!datetime->zone.get().is(self)) return raiseValueError(thread, "fromutc: dt.tzinfo is not self");
  return datetime;
}

// The standard offset first; then, when daylight saving time is in force at the time that this gives, its amount.
Fallible<Value> fromUtc(Thread& thread, Value self, Value argument) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  DatetimeObject* datetime = TRY(ownDatetime(thread, self, argument, "fromutc: argument must be a datetime"));
  Value offset = TRY(utcOffset(thread, self, argument));
  if (offset.isNone()) return raiseValueError(thread, "fromutc: non-None utcoffset() result required");
  Value dst = TRY(offsetOf(thread, self, datetimeNames.dst, argument));
  if (dst.isNone()) return raiseValueError(thread, "fromutc: non-None dst() result required");
  Value standard = TRY(subtractDeltas(thread, toDelta(offset), toDelta(dst)));
  Value result = TRY(addToDatetime(thread, datetime, toDelta(standard), 1));
  dst = TRY(offsetOf(thread, self, datetimeNames.dst, result));
  if (dst.isNone()) {
    return raiseValueError(thread, "fromutc: tz.dst() gave inconsistent results; cannot convert");
  }
  if (isZeroDelta(toDelta(dst))) return result;
  const DatetimeObject* shifted = toDatetime(result);
  if (shifted == nullptr) return raiseTypeError(thread, "fromutc: argument must be a datetime");
  return addToDatetime(thread, shifted, toDelta(dst), 1);
}

Fallible<Value> zoneReduce(Thread& thread, Value self) {
  Value initial = TRY(getAttributeOrUnbound(thread, self, TRY(intern(thread, "__getinitargs__"))));
  Value arguments = initial.isUnbound() ? Value::of(emptyTuple()) : TRY(call(thread, initial));
  Value state = TRY(callMethod(thread, self, TRY(intern(thread, "__getstate__")), {}));
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), arguments, state})));
}

// --- timezone ---------------------------------------------------------------------------------------------------------
TimezoneObject* zoneOf(Value v) { return v.as<TimezoneObject>(); }
const DeltaObject* offsetIn(Value v) { return zoneOf(v)->offset.get().as<DeltaObject>(); }

Fallible<Value> timezoneNew(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"timezone", {"offset", "name"}, 1};
  Value given[2];
  TRY(bindQuickly(thread, kParameters, arguments, 2, given));
  if (toDelta(given[0]) == nullptr) {
    return raiseTypeError(thread, "timezone() argument 1 must be datetime.timedelta, not {}",
                          given[0].isNone() ? "None" : nameOf(given[0]));
  }
  if (!given[1].isUnbound()) (void)TRY(textOfArgument(thread, given[1], "timezone", 2));
  return makeTimezone(thread, given[0], given[1]);
}

Fallible<Value> timezoneRepr(Thread& thread, Value self) {
  if (self.is(datetimeTypes.utc)) return makeStrValue(thread, "datetime.timezone.utc");
  StrBuilder text;
  text.append("datetime.timezone(").append(TRY(repr(thread, zoneOf(self)->offset)));
  if (!zoneOf(self)->name.get().isUnbound()) text.append(", ").append(TRY(repr(thread, zoneOf(self)->name)));
  return Value::of(TRY(text.append(")").build(thread)));
}
Fallible<Value> timezoneStr(Thread& thread, Value self) {
  if (!zoneOf(self)->name.get().isUnbound()) return zoneOf(self)->name.get();
  AsciiWriter out;
  out.put("UTC");
  if (!isZeroDelta(offsetIn(self))) writeOffset(out, offsetIn(self), ":");
  return Value::of(TRY(makeStrAscii(thread, out.view())));
}

template <Comparison kComparison>
Fallible<Value> timezoneCompare(Thread&, Value self, Value other) {
  constexpr bool kAsksEquality = kComparison == Comparison::kEqual || kComparison == Comparison::kNotEqual;
  if (!kAsksEquality || toTimezone(other) == nullptr) return Value::notImplemented();
  return Value::boolean(sameDelta(offsetIn(self), offsetIn(other)) == (kComparison == Comparison::kEqual));
}
Fallible<Value> timezoneHash(Thread& thread, Value self) {
  return makeInt(thread, TRY(hash(thread, zoneOf(self)->offset)));
}

Fallible<void> checkMoment(Thread& thread, Value argument, const char* method) {
  if (argument.isNone() || toDatetime(argument) != nullptr) return {};
  return raiseTypeError(thread, "{}(dt) argument must be a datetime instance or None, not {}", method,
                        nameOf(argument));
}
Fallible<Value> timezoneName(Thread& thread, Value self, Value argument) {
  TRY(checkMoment(thread, argument, "tzname"));
  return timezoneStr(thread, self);
}
Fallible<Value> timezoneOffset(Thread& thread, Value self, Value argument) {
  TRY(checkMoment(thread, argument, "utcoffset"));
  return zoneOf(self)->offset.get();
}
Fallible<Value> timezoneDst(Thread& thread, Value, Value argument) {
  TRY(checkMoment(thread, argument, "dst"));
  return Value::none();
}
Fallible<Value> timezoneFromUtc(Thread& thread, Value self, Value argument) {
  DatetimeObject* datetime = TRY(ownDatetime(thread, self, argument, "fromutc: argument must be a datetime"));
  return addToDatetime(thread, datetime, offsetIn(self), 1);
}
Fallible<Value> initialArguments(Thread& thread, Value self) {
  Value offset = zoneOf(self)->offset, name = zoneOf(self)->name;
  if (name.isUnbound()) return Value::of(TRY(makeTuple(thread, {offset})));
  return Value::of(TRY(makeTuple(thread, {offset, name})));
}

}  // namespace

void declareZones(Thread& thread) {
  datetimeTypes.zone = keepType(TypeBuilder(thread, "tzinfo", types.object, Kind::kNative)
                                    .module("datetime")
                                    .flags(Type::kBaseType)
                                    .doc("What every kind of time zone derives from.")
                                    .constructor(zoneNew)
                                    .method("tzname", abstractName)
                                    .method("utcoffset", abstractOffset)
                                    .method("dst", abstractDst)
                                    .method("fromutc", fromUtc)
                                    .method("__reduce__", zoneReduce)
                                    .build());
  TypeBuilder builder(thread, "timezone", datetimeTypes.zone, Kind::kNative);
  builder.module("datetime")
      .doc("A zone that is always as far from UTC.")
      .constructor(timezoneNew)
      .special("__repr__", timezoneRepr)
      .special("__hash__", timezoneHash)
      .special("__str__", timezoneStr);
  KRAIT_COMPARISONS(builder, timezoneCompare);
  datetimeTypes.timezone = keepType(builder.method("tzname", timezoneName)
                                        .method("utcoffset", timezoneOffset)
                                        .method("dst", timezoneDst)
                                        .method("fromutc", timezoneFromUtc)
                                        .method("__getinitargs__", initialArguments)
                                        .build());
  auto fixed = [&](int64_t minutes) {
    return startUp(makeTimezone(thread, startUp(makeDelta(thread, 0, minutes * 60, 0)), Value::unbound()));
  };
  static RootVector* const kept = new RootVector;
  datetimeTypes.utc = Value::inlineInt(0);
  datetimeTypes.utc = fixed(0);
  if (!kept->push(datetimeTypes.utc)) failStartUp();
  constexpr int64_t kMostMinutes = 23 * 60 + 59;
  builder.constant("utc", datetimeTypes.utc)
      .constant("min", fixed(-kMostMinutes))
      .constant("max", fixed(kMostMinutes))
      .build();
}

}  // namespace krait
