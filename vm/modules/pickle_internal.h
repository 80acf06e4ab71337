// What the parts of module _pickle share: opcodes, the objects, what is kept of copyreg, and the exceptions.
#pragma once
#include "vm/operations.h"

namespace krait {

struct Dict;
struct Str;
struct Tuple;

// The instructions of a pickle, which is a program for a stack machine with a memo. Names as in module pickletools.
namespace pickle_code {
enum : uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kDup = '2',
  kFloat = 'F',
  kInt = 'I',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kLong = 'L',
  kBinInt2 = 'M',
  kNone = 'N',
  kPersId = 'P',
  kBinPersId = 'Q',
  kReduce = 'R',
  kString = 'S',
  kBinString = 'T',
  kShortBinString = 'U',
  kUnicode = 'V',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kDict = 'd',
  kEmptyDict = '}',
  kAppends = 'e',
  kGet = 'g',
  kBinGet = 'h',
  kInst = 'i',
  kLongBinGet = 'j',
  kList = 'l',
  kEmptyList = ']',
  kObj = 'o',
  kPut = 'p',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kEmptyTuple = ')',
  kSetItems = 'u',
  kBinFloat = 'G',
  kProto = 0x80,  // protocol 2
  kNewObj,
  kExt1,
  kExt2,
  kExt4,
  kTuple1,
  kTuple2,
  kTuple3,
  kNewTrue,
  kNewFalse,
  kLong1,
  kLong4,
  kBinBytes = 'B',  // protocol 3
  kShortBinBytes = 'C',
  kShortBinUnicode = 0x8c,  // protocol 4
  kBinUnicode8,
  kBinBytes8,
  kEmptySet,
  kAddItems,
  kFrozenSet,
  kNewObjEx,
  kStackGlobal,
  kMemoize,
  kFrame,
  kByteArray8,  // protocol 5
  kNextBuffer,
  kReadonlyBuffer,
};
}  // namespace pickle_code

inline constexpr int kHighestProtocol = 5, kDefaultProtocol = 4;
inline constexpr uint64_t kPickleBatch = 1000;       // items in one APPENDS, SETITEMS or ADDITEMS
inline constexpr uint64_t kFrameTarget = 64 * 1024;  // a frame ends where it has become as long as this
inline constexpr uint64_t kFrameMinimum = 4;         // what is shorter is not framed
inline constexpr uint64_t kFrameHeader = 9;          // bytes

// Values of a memo: in the heap while they are few, else in memory of their own, which the owner traces and frees.
struct PickleTable {
  Value* slots;  // null while empty
  uint64_t length;
  Field<ValueArray*> inside;  // what `slots` is in; null for memory of its own
  void mark(Marker& marker) const {
    if (inside != nullptr) {
      marker.mark(inside);
    } else {
      marker.markRange(slots, slots == nullptr ? 0 : length);
    }
  }
  void release();
  // Takes what the other one has, which is empty then.
  void take(PickleTable& other);
};
// An empty table (all slots the int 0), whose owner will be told to free it.
Fallible<void> makePickleTable(Thread& thread, Cell* owner, uint64_t length, PickleTable& out);

// Which objects a Pickler has written, by identity, and the number each has in the memo of whoever reads it.
//   table: key 0 | number 0 | key 1 | number 1 ...    open addressing; a key that is the int 0 is an empty place
struct PicklerObject : NativeObject {
  Field<Value> write, persistentId, dispatchTable, bufferCallback, reducerOverride;  // unbound where there is none
  PickleTable memo;
  uint64_t memoKeys;  // in the table
  Value missedKey;    // what was last looked for in vain, and where it would be: it is often what comes next
  uint64_t missedPlace;
  uint64_t memoCount;  // the next number: a state that has no dict of its own takes one as well
  int32_t protocol, bin, fast;
  bool fixesImports, isShared;  // shared: programs can see the object, and so its memo
};
extern const NativeTraits kPicklerTraits;

struct UnpicklerObject : NativeObject {
  Field<Value> read, readline, readinto, peek;  // unbound where there is none
  Field<Value> persistentLoad, buffers;         // likewise
  Field<Value> data;                            // bytes: what has been read and not yet used up
  PickleTable memo;                             // by number; unbound where nothing is
  Field<Dict*> farMemo;                         // for numbers so high that an array would be mostly empty
  Field<Value> encoding, errors;                // str
  const uint8_t* bytes;                         // of `data`
  uint64_t size, position;                      // in `data`
  uint64_t known;                               // position up to which the file itself has been read, when it peeks
  uint64_t memoCount;
  int32_t protocol;
  bool fixesImports, isReady;
};
extern const NativeTraits kUnpicklerTraits;

struct PickleTypes {
  Type *error, *picklingError, *unpicklingError;
  Type *pickler, *unpickler, *picklerMemo, *unpicklerMemo, *buffer;
};
inline PickleTypes pickleTypes;

// What the library's modules keep for pickling, held since the module was made.
struct PickleLibrary {
  Dict *dispatchTable, *extensionRegistry, *invertedRegistry, *extensionCache;  // copyreg
  Dict *nameMapping, *importMapping, *reverseNameMapping, *reverseImportMapping;
  Value encode, partial, getattr;  // codecs.encode, functools.partial, builtins.getattr
  Str *latin1, *qualname, *reduceEx, *reduce, *getstate, *setstate, *getnewargs, *getnewargsEx, *slotNames, *ascii,
      *strict;
};
inline PickleLibrary pickleLibrary;

// --- pickle_memo.cpp --------------------------------------------------------------------------------------------------
int64_t picklerMemoFind(PicklerObject* p, Value key);  // the number, or -1
Fallible<void> picklerMemoSet(Thread& thread, PicklerObject* p, Value key, int64_t number);
void picklerMemoClear(PicklerObject* p);
Value unpicklerMemoGet(const UnpicklerObject* u, uint64_t number);  // unbound: nothing there
Fallible<void> unpicklerMemoPut(Thread& thread, UnpicklerObject* u, uint64_t number, Value v);
void unpicklerMemoClear(UnpicklerObject* u);
void declarePickleMemos(Thread& thread);  // the two proxies
Fallible<Value> getPicklerMemo(Thread& thread, Value self);
Fallible<void> setPicklerMemo(Thread& thread, Value self, Value memo);
Fallible<Value> getUnpicklerMemo(Thread& thread, Value self);
Fallible<void> setUnpicklerMemo(Thread& thread, Value self, Value memo);

// --- pickle_pickler.cpp, pickle_unpickler.cpp -------------------------------------------------------------------------
Fallible<PicklerObject*> makePickler(Thread& thread, Type* type);
// The protocol and the callback as arguments give them.
Fallible<void> configurePickler(Thread& thread, PicklerObject* p, Value protocol, Value fixImports, Value callback);
Fallible<void> setPicklerFile(Thread& thread, PicklerObject* p, Value file);
void declarePickler(Thread& thread);
Fallible<UnpicklerObject*> makeUnpickler(Thread& thread, Type* type);
Fallible<void> configureUnpickler(Thread& thread, UnpicklerObject* u, const char* function, Value fixImports,
                                  Value encoding, Value errors, Value buffers);
Fallible<void> setUnpicklerFile(Thread& thread, UnpicklerObject* u, Value file);
void declareUnpickler(Thread& thread);
// getattr(self, name) when it is there and `self` of a class that may have it.
Fallible<Value> optionalHook(Thread& thread, Value self, const Type* base, const char* name);

// --- pickle_save.cpp, pickle_load.cpp ---------------------------------------------------------------------------------
// Pickles one object: to p->write when there is one (None is returned), else the bytes are returned.
Fallible<Value> picklerDump(Thread& thread, PicklerObject* p, Value object);
Fallible<Value> unpicklerLoad(Thread& thread, UnpicklerObject* u);

// --- pickle_names.cpp -------------------------------------------------------------------------------------------------
// The object that a dotted name means in `module` (unbound: only the names are checked); `parent` holds its last part.
struct DottedName {
  Value object, parent;
  Str* last;
};
Fallible<DottedName> findDotted(Thread& thread, Value module, Str* name);
Fallible<void> refuseLocalName(Thread& thread, Value module, Str* name);
Fallible<Value> moduleNameOf(Thread& thread, Value object, Str* name);
Fallible<Value> findPickledClass(Thread& thread, const UnpicklerObject* u, Value module, Value name);

// --- pickle_input.cpp -------------------------------------------------------------------------------------------------
// The next n bytes, valid until the next of these functions is called.
Fallible<const uint8_t*> readPickle(Thread& thread, UnpicklerObject* u, uint64_t n);
Fallible<std::string_view> readPickleLine(Thread& thread, UnpicklerObject* u);  // with its line feed
Fallible<void> readPickleInto(Thread& thread, UnpicklerObject* u, Value target, uint8_t* bytes, uint64_t n);
// What was used of bytes that were only peeked at is read now.
Fallible<void> skipPeeked(Thread& thread, UnpicklerObject* u);
KRAIT_COLD Raised raiseTruncated(Thread& thread);
// Takes any bytes-like object as the input.
Fallible<void> setPickleInput(Thread& thread, UnpicklerObject* u, Value data);

// --- pickle_buffer.cpp ------------------------------------------------------------------------------------------------
void declarePickleBuffer(Thread& thread);
struct PickleBufferView {
  std::string_view bytes;
  bool isReadOnly;
};
// ValueError when released, PicklingError when the bytes do not lie side by side.
Fallible<PickleBufferView> pickleBufferBytes(Thread& thread, Value buffer);

template <class... A>
Raised raisePickling(Thread& thread, fmt::format_string<A...> format, A&&... arguments) {
  return raiseFormat(thread, pickleTypes.picklingError, format, std::forward<A>(arguments)...);
}
template <class... A>
Raised raiseUnpickling(Thread& thread, fmt::format_string<A...> format, A&&... arguments) {
  return raiseFormat(thread, pickleTypes.unpicklingError, format, std::forward<A>(arguments)...);
}

// A nested object is as deep as a call.
class PickleDepth {
 public:
  explicit PickleDepth(Thread& thread, int32_t levels = 1) : thread_(thread), levels_(levels) {
    thread.recursionRemaining -= levels;
  }
  ~PickleDepth() { thread_.recursionRemaining += levels_; }
  PickleDepth(const PickleDepth&) = delete;
  PickleDepth& operator=(const PickleDepth&) = delete;

 private:
  Thread& thread_;
  int32_t levels_;
};

}  // namespace krait
