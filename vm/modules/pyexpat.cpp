// Module pyexpat: expat's parser with handlers in Python, its error messages and constants.
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/pyexpat_internal.h"
#include "vm/modules/sys.h"
#include "vm/names.h"

namespace krait {
namespace {

constexpr NamedNumber kErrors[] = {
    {"XML_ERROR_NO_MEMORY", XML_ERROR_NO_MEMORY},
    {"XML_ERROR_SYNTAX", XML_ERROR_SYNTAX},
    {"XML_ERROR_NO_ELEMENTS", XML_ERROR_NO_ELEMENTS},
    {"XML_ERROR_INVALID_TOKEN", XML_ERROR_INVALID_TOKEN},
    {"XML_ERROR_UNCLOSED_TOKEN", XML_ERROR_UNCLOSED_TOKEN},
    {"XML_ERROR_PARTIAL_CHAR", XML_ERROR_PARTIAL_CHAR},
    {"XML_ERROR_TAG_MISMATCH", XML_ERROR_TAG_MISMATCH},
    {"XML_ERROR_DUPLICATE_ATTRIBUTE", XML_ERROR_DUPLICATE_ATTRIBUTE},
    {"XML_ERROR_JUNK_AFTER_DOC_ELEMENT", XML_ERROR_JUNK_AFTER_DOC_ELEMENT},
    {"XML_ERROR_PARAM_ENTITY_REF", XML_ERROR_PARAM_ENTITY_REF},
    {"XML_ERROR_UNDEFINED_ENTITY", XML_ERROR_UNDEFINED_ENTITY},
    {"XML_ERROR_RECURSIVE_ENTITY_REF", XML_ERROR_RECURSIVE_ENTITY_REF},
    {"XML_ERROR_ASYNC_ENTITY", XML_ERROR_ASYNC_ENTITY},
    {"XML_ERROR_BAD_CHAR_REF", XML_ERROR_BAD_CHAR_REF},
    {"XML_ERROR_BINARY_ENTITY_REF", XML_ERROR_BINARY_ENTITY_REF},
    {"XML_ERROR_ATTRIBUTE_EXTERNAL_ENTITY_REF", XML_ERROR_ATTRIBUTE_EXTERNAL_ENTITY_REF},
    {"XML_ERROR_MISPLACED_XML_PI", XML_ERROR_MISPLACED_XML_PI},
    {"XML_ERROR_UNKNOWN_ENCODING", XML_ERROR_UNKNOWN_ENCODING},
    {"XML_ERROR_INCORRECT_ENCODING", XML_ERROR_INCORRECT_ENCODING},
    {"XML_ERROR_UNCLOSED_CDATA_SECTION", XML_ERROR_UNCLOSED_CDATA_SECTION},
    {"XML_ERROR_EXTERNAL_ENTITY_HANDLING", XML_ERROR_EXTERNAL_ENTITY_HANDLING},
    {"XML_ERROR_NOT_STANDALONE", XML_ERROR_NOT_STANDALONE},
    {"XML_ERROR_UNEXPECTED_STATE", XML_ERROR_UNEXPECTED_STATE},
    {"XML_ERROR_ENTITY_DECLARED_IN_PE", XML_ERROR_ENTITY_DECLARED_IN_PE},
    {"XML_ERROR_FEATURE_REQUIRES_XML_DTD", XML_ERROR_FEATURE_REQUIRES_XML_DTD},
    {"XML_ERROR_CANT_CHANGE_FEATURE_ONCE_PARSING", XML_ERROR_CANT_CHANGE_FEATURE_ONCE_PARSING},
    {"XML_ERROR_UNBOUND_PREFIX", XML_ERROR_UNBOUND_PREFIX},
    {"XML_ERROR_UNDECLARING_PREFIX", XML_ERROR_UNDECLARING_PREFIX},
    {"XML_ERROR_INCOMPLETE_PE", XML_ERROR_INCOMPLETE_PE},
    {"XML_ERROR_XML_DECL", XML_ERROR_XML_DECL},
    {"XML_ERROR_TEXT_DECL", XML_ERROR_TEXT_DECL},
    {"XML_ERROR_PUBLICID", XML_ERROR_PUBLICID},
    {"XML_ERROR_SUSPENDED", XML_ERROR_SUSPENDED},
    {"XML_ERROR_NOT_SUSPENDED", XML_ERROR_NOT_SUSPENDED},
    {"XML_ERROR_ABORTED", XML_ERROR_ABORTED},
    {"XML_ERROR_FINISHED", XML_ERROR_FINISHED},
    {"XML_ERROR_SUSPEND_PE", XML_ERROR_SUSPEND_PE},
    {"XML_ERROR_RESERVED_PREFIX_XML", XML_ERROR_RESERVED_PREFIX_XML},
    {"XML_ERROR_RESERVED_PREFIX_XMLNS", XML_ERROR_RESERVED_PREFIX_XMLNS},
    {"XML_ERROR_RESERVED_NAMESPACE_URI", XML_ERROR_RESERVED_NAMESPACE_URI},
    {"XML_ERROR_INVALID_ARGUMENT", XML_ERROR_INVALID_ARGUMENT},
    {"XML_ERROR_NO_BUFFER", XML_ERROR_NO_BUFFER},
    {"XML_ERROR_AMPLIFICATION_LIMIT_BREACH", XML_ERROR_AMPLIFICATION_LIMIT_BREACH},
};
constexpr NamedNumber kModel[] = {
    {"XML_CTYPE_EMPTY", XML_CTYPE_EMPTY}, {"XML_CTYPE_ANY", XML_CTYPE_ANY},       {"XML_CTYPE_MIXED", XML_CTYPE_MIXED},
    {"XML_CTYPE_NAME", XML_CTYPE_NAME},   {"XML_CTYPE_CHOICE", XML_CTYPE_CHOICE}, {"XML_CTYPE_SEQ", XML_CTYPE_SEQ},
    {"XML_CQUANT_NONE", XML_CQUANT_NONE}, {"XML_CQUANT_OPT", XML_CQUANT_OPT},     {"XML_CQUANT_REP", XML_CQUANT_REP},
    {"XML_CQUANT_PLUS", XML_CQUANT_PLUS},
};
constexpr NamedNumber kParamEntityParsing[] = {
    {"XML_PARAM_ENTITY_PARSING_NEVER", XML_PARAM_ENTITY_PARSING_NEVER},
    {"XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE},
    {"XML_PARAM_ENTITY_PARSING_ALWAYS", XML_PARAM_ENTITY_PARSING_ALWAYS},
};

Fallible<Value> errorString(Thread& thread, Value code) {
  int64_t number = TRY(longArgument(thread, code));
  const char* text =
      number < 0 || number > XML_ERROR_AMPLIFICATION_LIMIT_BREACH ? nullptr : expatErrorText(static_cast<int>(number));
  return text == nullptr ? Value::none() : TRY(makeStrValue(thread, text));
}

// "pyexpat.errors" and "pyexpat.model" are modules that can be imported, too.
Module* makeSubmodule(Thread& thread, const char* name, const char* doc) {
  Module* module = startUp(makeModule(thread, name, doc));
  Dict* modules = toDict(sysAttribute(names.modules));
  if (modules != nullptr) startUp(dictSetStr(thread, modules, startUp(intern(thread, name)), Value::of(module)));
  return module;
}
void put(Thread& thread, Dict* dict, const char* name, Value value) {
  startUp(dictSetStr(thread, dict, startUp(intern(thread, name)), value));
}

Module* makeErrors(Thread& thread) {
  Module* module = makeSubmodule(thread, "pyexpat.errors", "What may be wrong with a document, by name and number.");
  Dict *codes = startUp(makeDict(thread)), *messages = startUp(makeDict(thread));
  for (const NamedNumber& error : kErrors) {
    Value code = Value::inlineInt(error.value);
    Str* text = startUp(makeStr(thread, expatErrorText(static_cast<int>(error.value))));
    put(thread, module->dict, error.name, Value::of(text));
    startUp(dictSetStr(thread, codes, text, code));
    startUp(dictSet(thread, messages, code, Value::of(text)));
  }
  put(thread, module->dict, "codes", Value::of(codes));
  put(thread, module->dict, "messages", Value::of(messages));
  return module;
}
Module* makeModel(Thread& thread) {
  Module* module = makeSubmodule(thread, "pyexpat.model", "The numbers that element declarations are told with.");
  for (const NamedNumber& number : kModel) put(thread, module->dict, number.name, Value::inlineInt(number.value));
  return module;
}

Value makeFeatures(Thread& thread) {
  List* list = startUp(makeListWithCapacity(thread, 8));
  for (const XML_Feature* feature = XML_GetFeatureList(); feature->feature != XML_FEATURE_END; feature++) {
    Value name = Value::of(startUp(makeStr(thread, feature->name)));
    Value pair = Value::of(startUp(makeTuple(thread, {name, Value::inlineInt(feature->value)})));
    startUp(listAppend(thread, list, pair));
  }
  return Value::of(list);
}

}  // namespace

Module* modulePyexpat(Thread& thread) {
  expatTypes.error = makeExceptionClass(thread, "xml.parsers.expat", "ExpatError", exceptions.Exception);
  declareXmlParser(thread);
  ModuleBuilder builder(thread, "pyexpat", "Parsing XML with expat.");
  XML_Expat_Version version = XML_ExpatVersionInfo();
  Value versionInfo = Value::of(startUp(makeTuple(
      thread, {Value::inlineInt(version.major), Value::inlineInt(version.minor), Value::inlineInt(version.micro)})));
  addNumbers(thread, builder, kParamEntityParsing);
  return builder.variadic("ParserCreate", createXmlParser)
      .function("ErrorString", errorString)
      .constant("ExpatError", Value::of(expatTypes.error))
      .constant("error", Value::of(expatTypes.error))
      .constant("XMLParserType", Value::of(expatTypes.parser))
      .constant("EXPAT_VERSION", Value::of(startUp(makeStr(thread, XML_ExpatVersion()))))
      .constant("version_info", versionInfo)
      .constant("native_encoding", Value::of(startUp(makeStr(thread, "UTF-8"))))
      .constant("features", makeFeatures(thread))
      .constant("errors", Value::of(makeErrors(thread)))
      .constant("model", Value::of(makeModel(thread)))
      .build();
}

}  // namespace krait
