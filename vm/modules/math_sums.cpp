// The functions of math that add up many numbers accurately: fsum, hypot, dist; and prod.
#include <cmath>
#include <exception>
#include <memory>
#include <new>
#include <vector>

#include "vm/builtins/tuple.h"
#include "vm/modules/math_internal.h"

namespace krait {

// --- fsum -----------------------------------------------------------------------------------------------------------

namespace {
// Shewchuk's expansion (1997): partial sums that do not overlap and add up to the exact sum.
class ExactSum {
 public:
  // False when an intermediate sum overflows.
  bool add(double x) {
    size_t kept = 0;
    double original = x;
    for (double y : partials_) {
      if (std::fabs(x) < std::fabs(y)) std::swap(x, y);
      double high = x + y, low = y - (high - x);
      if (low != 0) partials_[kept++] = low;
      x = high;
    }
    partials_.resize(kept);
    if (x == 0) return true;
    if (std::isfinite(x)) {
      partials_.push_back(x);
      return true;
    }
    if (std::isfinite(original)) return false;
    if (std::isinf(original)) infinities_ += original;
    specials_ += original;
    partials_.clear();
    return true;
  }
  bool hasSpecials() const { return specials_ != 0; }
  bool isUndefined() const { return std::isnan(infinities_); }
  double specials() const { return specials_; }
  // The exact sum, rounded once.
  double round() const {
    size_t n = partials_.size();
    if (n == 0) return 0;
    double high = partials_[--n], low = 0;
    while (n > 0) {
      double x = high, y = partials_[--n];
      high = x + y;
      low = y - (high - x);
      if (low != 0) break;
    }
    // Half-way cases need the sign of what is still below.
    if (n > 0 && ((low < 0 && partials_[n - 1] < 0) || (low > 0 && partials_[n - 1] > 0))) {
      double y = low * 2, x = high + y;
      if (y == x - high) high = x;
    }
    return high;
  }

 private:
  std::vector<double> partials_;
  double specials_ = 0, infinities_ = 0;
};
}  // namespace

Fallible<Value> mathFsum(Thread& thread, Value iterable) {
  ExactSum sum;
  bool noMemory = false;
  TRY(forEach(thread, iterable, [&](Value element) -> Fallible<bool> {
    double x = TRY(realArgument(thread, element));
    try {
      if (sum.add(x)) return true;
    } catch (const std::bad_alloc&) {
      noMemory = true;
    }
    if (noMemory) return raiseMemoryError(thread);
    return raise(thread, exceptions.OverflowError, "intermediate overflow in fsum");
  }));
  if (sum.hasSpecials()) {
    if (sum.isUndefined()) return raise(thread, exceptions.ValueError, "-inf + inf in fsum");
    return makeFloat(thread, sum.specials());
  }
  return makeFloat(thread, sum.round());
}

// --- hypot, dist ----------------------------------------------------------------------------------------------------

// Adds x to high + low.
static void addExactly(double& high, double& low, double x) {
  double sum = high + x, part = sum - high;
  low += (high - (sum - part)) + (x - part);
  high = sum;
}

// The length of a vector of magnitudes. Scaling by a power of two keeps the squares in range; the sum of squares is
// carried in twice the precision and the root corrected once, so that the result is nearly always the nearest double.
static double vectorLength(const double* x, size_t n, double largest, bool hasNan) {
  if (std::isinf(largest)) return largest;
  if (hasNan) return std::nan("");
  if (largest == 0 || n <= 1) return largest;
  int exponent;
  std::frexp(largest, &exponent);
  bool tiny = exponent < -1000;
  if (tiny) exponent = -1000;
  double high = 0, low = 0;
  for (size_t i = 0; i < n; i++) {
    double scaled = std::ldexp(x[i], -exponent);
    double square = scaled * scaled;
    addExactly(high, low, square);
    low += std::fma(scaled, scaled, -square);
  }
  if (tiny) {
    // Subnormal lengths: scale further, exactly, and round once at the end.
    high = std::ldexp(high, 148);
    low = std::ldexp(low, 148);
  }
  double root = std::sqrt(high + low);
  double rest = std::fma(-root, root, high) + low;
  root += rest / (2 * root);
  return std::ldexp(root, tiny ? exponent - 74 : exponent);
}

namespace {
// Room for the coordinates; on the stack for small vectors.
class Coordinates {
 public:
  explicit Coordinates(size_t n) {
    if (n > std::size(small_)) {
      large_.reset(new (std::nothrow) double[n]);
      data_ = large_.get();
    }
  }
  double* data() { return data_; }  // null when memory is exhausted

 private:
  double small_[16];
  std::unique_ptr<double[]> large_;
  double* data_ = small_;
};
}  // namespace

Fallible<Value> mathHypot(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "math.hypot"));
  size_t n = arguments.positional;
  Coordinates coordinates(n);
  double* x = coordinates.data();
  if (x == nullptr) return raiseMemoryError(thread);
  double largest = 0;
  bool hasNan = false;
  for (size_t i = 0; i < n; i++) {
    x[i] = std::fabs(TRY(realArgument(thread, arguments[static_cast<uint32_t>(i)])));
    hasNan |= std::isnan(x[i]);
    if (x[i] > largest) largest = x[i];
  }
  return makeFloat(thread, vectorLength(x, n, largest, hasNan));
}

Fallible<Value> mathDist(Thread& thread, Value p, Value q) {
  Tuple* a = toTuple(p) ? toTuple(p) : TRY(tupleFromIterable(thread, p));
  Tuple* b = toTuple(q) ? toTuple(q) : TRY(tupleFromIterable(thread, q));
  if (a->length != b->length) {
    return raise(thread, exceptions.ValueError, "both points must have the same number of dimensions");
  }
  size_t n = a->length;
  Coordinates coordinates(n);
  double* x = coordinates.data();
  if (x == nullptr) return raiseMemoryError(thread);
  double largest = 0;
  bool hasNan = false;
  for (size_t i = 0; i < n; i++) {
    double from = TRY(realArgument(thread, a->items[i])), to = TRY(realArgument(thread, b->items[i]));
    x[i] = std::fabs(from - to);
    hasNan |= std::isnan(x[i]);
    if (x[i] > largest) largest = x[i];
  }
  return makeFloat(thread, vectorLength(x, n, largest, hasNan));
}

// --- prod -----------------------------------------------------------------------------------------------------------

Fallible<Value> mathProd(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"prod", {"iterable", "/", "*", "start"}, 1};
  Value given[2];
  TRY(kParameters.bind(thread, arguments, given));
  Value result = given[1].isUnbound() ? Value::inlineInt(1) : given[1];
  TRY(forEach(thread, given[0], [&](Value element) -> Fallible<bool> {
    if (Value::bothInlineInts(result, element)) {
      result = TRY(intMultiply(thread, result, element));
    } else if (result.isInlineFloat() && element.isInlineFloat()) {
      result = TRY(makeFloat(thread, result.asInlineFloat() * element.asInlineFloat()));
    } else {
      result = TRY(binaryOperation(thread, BinaryOperator::kMultiply, result, element));
    }
    return true;
  }));
  return result;
}

}  // namespace krait
