// Module _datetime: what datetime.py takes everything from.
#include "vm/modules/datetime.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/datetime_internal.h"
#include "vm/modules/registry.h"

namespace krait {

static void internNames(Thread& thread) {
  static RootVector* const kept = new RootVector;
  auto keep = [&](Str*& place, const char* name) {
    place = startUp(intern(thread, name));
    if (!kept->push(Value::of(place))) failStartUp();
  };
  DatetimeNames& names = datetimeNames;
  keep(names.utcoffset, "utcoffset");
  keep(names.dst, "dst");
  keep(names.tzname, "tzname");
  keep(names.fromutc, "fromutc");
  keep(names.isoformat, "isoformat");
  keep(names.strftime, "strftime");
  keep(names.timetuple, "timetuple");
  keep(names.fromtimestamp, "fromtimestamp");
  keep(names.time, "time");
  keep(names.fold, "fold");
}

// datetime_CAPI: the name that C programs look for. There is nothing behind it here, but it can be seen.
static const NativeTraits kCapsuleTraits{"PyCapsule", nullptr, nullptr};
static Fallible<Value> capsuleRepr(Thread& thread, Value self) {
  return makeStrValue(thread, fmt::format("<capsule object \"datetime.datetime_CAPI\" at {:#x}>", self.bits() - 1));
}
static Value makeCapsule(Thread& thread) {
  TypeBuilder builder(thread, "PyCapsule", types.object, Kind::kNative);
  Type* type = keepType(builder.special("__repr__", capsuleRepr).build());
  auto* capsule = startUp(allocate<NativeObject>(thread, Kind::kNative, type->instanceShape));
  capsule->traits = &kCapsuleTraits;
  return Value::of(capsule);
}

std::optional<int64_t> keptMomentHash(Value native) {
  const Type* type = typeOf(native);
  int64_t hash = type == datetimeTypes.date || type == datetimeTypes.datetime ? native.as<DateObject>()->hash
                 : type == datetimeTypes.delta                                ? native.as<DeltaObject>()->hash
                 : type == datetimeTypes.time                                 ? native.as<TimeObject>()->hash
                                                                              : 0;
  if (hash == 0) return std::nullopt;
  return hash;
}

Module* moduleDatetime(Thread& thread) {
  internNames(thread);
  declareDelta(thread);
  declareIsoDate(thread);
  declareDate(thread);
  declareZones(thread);
  declareTime(thread);
  declareDatetime(thread);
  return ModuleBuilder(thread, "_datetime", "Dates, times, and the zones that they are told in.")
      .constant("date", Value::of(datetimeTypes.date))
      .constant("datetime", Value::of(datetimeTypes.datetime))
      .constant("time", Value::of(datetimeTypes.time))
      .constant("timedelta", Value::of(datetimeTypes.delta))
      .constant("tzinfo", Value::of(datetimeTypes.zone))
      .constant("timezone", Value::of(datetimeTypes.timezone))
      .constant("MINYEAR", Value::inlineInt(kMinYear))
      .constant("MAXYEAR", Value::inlineInt(kMaxYear))
      .constant("datetime_CAPI", makeCapsule(thread))
      .constant("UTC", datetimeTypes.utc)
      .build();
}

}  // namespace krait
