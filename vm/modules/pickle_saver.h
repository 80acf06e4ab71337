// One run of a Pickler: the walk over the objects, and what its parts call of each other.
#pragma once
#include "vm/modules/pickle_internal.h"
#include "vm/modules/pickle_output.h"

namespace krait {

struct Bytes;
struct Bytearray;
struct List;
struct Set;

class PickleSaver {
 public:
  PickleSaver(Thread& thread, PicklerObject* pickler) : thread_(thread), pickler_(pickler) {}
  Fallible<Value> dump(Value object);

 private:
  // pickle_save.cpp
  Fallible<void> save(Value v, bool isPersistentId = false);
  Fallible<void> saveCompound(Value v, Type* type);
  Fallible<bool> savePersistent(Value v);
  Fallible<void> saveByReduction(Value v, Type* type);
  Fallible<void> boundary();
  Fallible<void> flush();
  Fallible<void> memoize(Value v);
  void writePut(int64_t number);
  Fallible<void> writeGet(int64_t number);

  // pickle_save_values.cpp
  void saveInt(int64_t i);
  Fallible<void> saveBigInt(Value v);
  void saveFloat(double d);
  Fallible<void> saveStr(Value v, const Str* s);
  Fallible<void> saveBytes(Value v, const Bytes* b);
  Fallible<void> saveBytearray(Value v, const Bytearray* b);
  Fallible<void> saveBuffer(Value v);
  // A header and the bytes that follow it; long ones are not framed, and go to the file by themselves.
  Fallible<void> writeSized(Value payload, uint8_t code, uint64_t sizeBytes, std::string_view bytes);

  // pickle_save_containers.cpp
  Fallible<void> saveTuple(Value v, const Tuple* tuple);
  Fallible<void> saveList(Value v, List* list);
  Fallible<void> saveDict(Value v, Dict* dict);
  Fallible<void> saveSet(Value v, Set* set);
  Fallible<void> saveFrozenset(Value v, Set* set);
  Fallible<void> appendItems(Value iterator);
  Fallible<void> setItems(Value iterator);
  Fallible<void> saveTwo(Value pair);

  // pickle_reduce.cpp
  Fallible<void> saveReduce(Tuple* reduction, Value object);
  Fallible<void> saveCall(Value function, Value arguments, Value object);
  Fallible<void> saveGlobal(Value object, Value name = Value::unbound());
  Fallible<void> saveGlobalAs(Value object, Str* moduleName, Str* name, const DottedName& found, Value module);
  Fallible<void> saveType(Value v);
  Fallible<bool> saveExtension(Value object, Str* moduleName, Str* name);
  Fallible<void> writeGlobal(Str* moduleName, Str* name);
  Fallible<bool> savePlainInstance(Value v, Type* type);
  bool isPlain(const Type* type);
  Fallible<void> saveOwnAttributes(Cell* cell);

  // The containers being written in the mode without memo, for finding cycles.
  struct Nested {
    Value object;
    Nested* outer;
    uint64_t depth;
  };
  class FastGuard {
   public:
    FastGuard(PickleSaver& saver, Value v) : saver_(saver), entry_{v, saver.nested_, 1} {
      if (saver.nested_ != nullptr) entry_.depth = saver.nested_->depth + 1;
      saver.nested_ = &entry_;
    }
    ~FastGuard() { saver_.nested_ = entry_.outer; }
    FastGuard(const FastGuard&) = delete;
    FastGuard& operator=(const FastGuard&) = delete;
    Fallible<void> check() const;

   private:
    PickleSaver& saver_;
    Nested entry_;
  };

  Thread& thread_;
  PicklerObject* pickler_;
  Nested* nested_ = nullptr;
  // Of the class met last, whether its instances are written without asking Python for anything.
  const Type* plainType_ = nullptr;
  uint32_t plainEpoch_ = 0;
  bool plainAnswer_ = false;
  PickleOutput out_;
};

}  // namespace krait
