// What the sources of the module binascii share.
#pragma once
#include "vm/modules/native_arguments.h"

namespace krait {

// Bytes, or text of ASCII characters.
Fallible<std::string_view> asciiArgument(Thread& thread, Value v);
extern Type* binasciiError;

// Adds uuencoding and quoted-printable text.
void addTextEncodings(ModuleBuilder& builder);

}  // namespace krait
