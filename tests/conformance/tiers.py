"""Which files of CPython 3.11's own test suite are run: the language core, and the built-in types."""

LANGUAGE = """
test_grammar test_syntax test_compile test_code test_dis test_opcodes test_opcache test_peepholer test_generators
test_generator_stop test_genexps test_listcomps test_setcomps test_dictcomps test_patma test_exceptions
test_baseexception test_exception_group test_exception_hierarchy test_except_star test_exception_variations test_raise
test_with test_scope test_keywordonlyarg test_positional_only_arg test_extcall test_call test_unpack test_unpack_ex
test_augassign test_binop test_unary test_compare test_richcmp test_contains test_pow test_class test_descr
test_descrtut test_super test_metaclass test_subclassinit test_property test_decorators test_dynamicclassattribute
test_genericclass test_genericalias test_isinstance test_typechecks test_type_annotations test_type_comments
test_type_cache test_named_expressions test_string_literals test_fstring test_int_literal test_longexp test_eof
test_flufl test_future test_future3 test_future4 test_future5 test_global test_keyword test_funcattrs test_frame
test_coroutines test_asyncgen test_yield_from test_pep646_syntax test_unicode_identifiers test_utf8source
test_source_encoding test_builtin test_print test_tokenize test_ast test_unparse test_symtable test_sys_settrace
test_sys_setprofile test_module test_pkg test_import test_marshal test_gc test_weakref test_finalization
test_traceback test_codeop test_dynamic test_iter test_iterlen test_hash test_index test__opcode
""".split()

TYPES = """
test_int test_long test_float test_strtod test_complex test_bool test_unicode test_bytes test_list test_tuple test_dict
test_dict_version test_dictviews test_set test_range test_slice test_enumerate test_memoryview test_buffer test_types
test_structseq test_format test_numeric_tower test_sort test_userdict test_userlist test_userstring test_ordered_dict
test_defaultdict test_deque test_array test_codeccallbacks test_codecs test_charmapcodec test_ucn test_unicodedata
test_unicode_file_functions test_io test_fileio test_file test_bufio test_memoryio test_univnewlines test_picklebuffer
""".split()

TIERS = {1: LANGUAGE, 2: TYPES}
TIER_NAMES = {1: "language core", 2: "built-in types"}
TIER_OF = {module: tier for tier, modules in TIERS.items() for module in modules}
