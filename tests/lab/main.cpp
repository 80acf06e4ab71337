// The test program of the measuring tool; Catch2's main is compiled here once.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
