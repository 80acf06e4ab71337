// The unit tests' program: Catch2's main is compiled here once.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
