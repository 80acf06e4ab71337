// What instructions do beyond the operations of operations.h: out-of-line, so that handlers stay small. Handlers call
// these as their last act.
#pragma once
#include <string>

#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/instruction.h"
#include "vm/operations.h"
#include "vm/prepared.h"

namespace krait {

// --- names (vm/names_access.cpp)
// --------------------------------------------------------------------------------------
Fallible<Value> loadGlobal(Thread&, Frame*, Str* name);
Fallible<Value> loadName(Thread&, Frame*, Str* name);
Fallible<void> storeName(Thread&, Frame*, Str* name, Value value);
Fallible<void> deleteName(Thread&, Frame*, Str* name);
Fallible<void> storeGlobal(Thread&, Frame*, Str* name, Value value);
Fallible<void> deleteGlobal(Thread&, Frame*, Str* name);
Fallible<Value> loadClassDeref(Thread&, Frame*, Value* slot);
// UnboundLocalError / NameError for the LOAD_FAST, LOAD_DEREF or DELETE_… at frame->pc.
KRAIT_COLD void raiseUnbound(Thread&, Frame*);
Fallible<void> raiseUnboundSlot(Thread&, Frame*, const Value* slot);
Fallible<void> setupAnnotations(Thread&, Frame*);
Fallible<void> importStar(Thread&, Frame*, Value module);
Fallible<Value> importName(Thread&, Frame*, Str* name, Value fromList, Value level);
Fallible<Value> importFrom(Thread&, Value module, Str* name);

// --- frames and calls (vm/call.cpp)
// ----------------------------------------------------------------------------------- Pushes a frame for `function`
// whose arguments lie at [first, first + count) below t.sp, and makes it t.frame with pc at its entry and t.sp at its
// stack. `result`: where its value goes. `flags`: Frame::k….
Fallible<void> pushFrame(Thread&, Function*, Value* first, uint32_t count, Tuple* keywordNames, Value* result,
                         uint16_t flags);
// Pushes the frame of a special method in Python, over a copy of `self` at thread.sp. Unbound.
Fallible<Value> enterSpecial(Thread&, Value method, Value self, Value* result, uint16_t flags);
// The slow CALL: base points at [method or NULL, callable or self, arguments...]. The result; unbound: a frame was
// pushed.
Fallible<Value> enterCall(Thread&, Value* base, uint32_t count, Tuple* keywordNames);
// cls(arguments...) with base = [NULL, cls, arguments...], whose __new__ is the constructor `make` and whose __init__
// is a Python function: as enterCall.
Fallible<Value> enterNativeNew(Thread&, Value* base, uint32_t positional, Tuple* keywordNames, void* make);
// "module.f()": how TypeErrors about a call's arguments name the callee.
std::string callableText(Value callable);
Fallible<Value> enterCallFunctionEx(Thread&, Value* base, Value callable, Value arguments, Value keywords);
// LOAD_ATTR: the value; unbound: a property's frame was pushed (its result replaces the owner at sp[-1]).
Fallible<Value> enterLoadAttribute(Thread&, Value owner, Str* name);
// RETURN_VALUE from a frame with flags or a frame object. kHalt leaves the value in *t.sp; kReload continues in the
// caller.
Next leaveFrame(Thread&, Frame*, Value value);
// Copies keyword arguments, defaults, *args and **kwargs into the locals (vm/bind_arguments.cpp). On entry the
// positional arguments and then the keyword values are at locals[0..]; on success all parameter locals are set.
Fallible<void> bindArguments(Thread&, Function*, Value* locals, uint32_t positional, Tuple* keywordNames);
Fallible<Value> makeFunctionFromStack(Thread&, Frame*, Value* parts, uint32_t flags, Value code);

// --- exceptions (vm/unwind.cpp)
// --------------------------------------------------------------------------------------- Finds the handler of the
// pending exception, leaving frames on the way, and sets t.frame, its pc and t.sp. False: the entry frame has been
// left; the exception stays pending.
bool unwind(Thread&);
Raised raiseVarargs(Thread&, Value exception, Value cause);
Raised reraise(Thread&, Value exception);     // no new traceback entry for this frame
Value pushExcInfo(Thread&, Value exception);  // the exception handled before
void popExcept(Thread&, Value previous);
Fallible<Value> checkExcMatch(Thread&, Value exception, Value classes);
Fallible<Pair> checkEgMatch(Thread&, Value exception, Value classes);
Fallible<Value> prepReraiseStar(Thread&, Value original, Value results);
// __exit__, then __enter__(): unbound when its frame has been pushed, __exit__ having taken the manager's place.
Fallible<Pair> beforeWith(Thread&, Value manager);
Fallible<Pair> beforeAsyncWith(Thread&, Value manager);
Fallible<Value> withExceptStart(Thread&, Value exit, Value exception);
Raised raiseAssertion(Thread&);
Fallible<Nothing> endAsyncFor(Thread&, Value exception);

// --- generators (vm/generator_frames.cpp)
// ----------------------------------------------------------------------------- Makes a frame for the suspended
// generator above t.sp and pushes `sent`; as pushFrame. Raises when it cannot run.
Fallible<void> pushGeneratorFrame(Thread&, Generator*, Value sent, Value* result, uint16_t flags);
// RETURN_GENERATOR / YIELD_VALUE: kReload or kHalt.
Next returnGenerator(Thread&, Frame*);
Next yieldValue(Thread&, Frame*, Value value);
// FOR_ITER over anything: the value; unbound: exhausted.
// SEND to anything that is not a generator or coroutine: the yielded value, or unbound with the result in `returned`.
Fallible<Value> sendTo(Thread&, Value receiver, Value sent, Value& returned);
Fallible<Value> getYieldFromIter(Thread&, Frame*, Value iterable);
Fallible<Value> getAwaitable(Thread&, Value object, uint32_t oparg);
// The same, but __await__ and __anext__ in Python are entered: unbound, and leaveFrame() goes on with what they return.
Fallible<Value> enterAwaitable(Thread&, Value object, uint32_t oparg);
Fallible<Value> enterAnext(Thread&, Value iterator);
Fallible<Value> iteratorOfAwait(Thread&, Value returned);
Fallible<Value> awaitableOfNext(Thread&, Value returned);
Fallible<Value> asyncGenWrap(Thread&, Value value);
Fallible<Value> getAiter(Thread&, Value object);

// --- containers, text, patterns (vm/semantics.cpp)
// --------------------------------------------------------------------
Fallible<Value> buildMap(Thread&, const Value* pairs, uint32_t count);
Fallible<Value> buildConstKeyMap(Thread&, const Value* values, uint32_t count, Value keys);
Fallible<Value> buildSet(Thread&, const Value* items, uint32_t count);
Fallible<Value> buildString(Thread&, const Value* parts, uint32_t count);
Fallible<Value> formatValue(Thread&, Value value, Value specification, uint32_t conversion);
Fallible<void> unpackSequence(Thread&, Value sequence, uint32_t count, Value* out);
Fallible<void> unpackEx(Thread&, Value sequence, uint32_t before, uint32_t after, Value* out);
Fallible<void> listExtendUnpack(Thread&, Value list, Value iterable);  // "Value after * must be an iterable, not int"
Fallible<void> dictUpdateUnpack(Thread&, Value dict, Value mapping);
Fallible<void> dictMergeUnpack(Thread&, Value dict, Value mapping, Value callable);
Fallible<Value> matchKeys(Thread&, Value subject, Value keys);
Fallible<Value> matchClass(Thread&, Value subject, Value type, Value names, uint32_t positional);
Fallible<Value> printExpression(Thread&, Value value);
Fallible<Value> loadBuildClass(Thread&, Frame*);

}  // namespace krait
