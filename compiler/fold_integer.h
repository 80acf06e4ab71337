// Arbitrary integers for constant folding: conversion between constants and Boost's cpp_int, which throws where GMP
// aborts.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include "compiler/arena.h"
#include "compiler/constant.h"

namespace krait::codegen {

using BigInt = boost::multiprecision::cpp_int;

inline bool isIntegral(const Constant& constant) {
  return constant.is(ConstantKind::Int) || constant.is(ConstantKind::True) || constant.is(ConstantKind::False);
}

// Of an int or bool.
BigInt toBigInt(const Constant& constant);
Constant fromBigInt(Arena& arena, const BigInt& value);

// Bits of the magnitude; 0 for zero.
size_t bitLength(const BigInt& value);

// The nearest double, ties to even; infinity when out of range.
double toDouble(const BigInt& value);

// The nearest double to left / right; infinity when out of range. `right` is not zero.
double quotientToDouble(const BigInt& left, const BigInt& right);

}  // namespace krait::codegen
