// The collector's side tables: a table that loses an entry loses an object.
#include <catch2/catch.hpp>
#include <random>
#include <unordered_map>

#include "vm/cell_table.h"
#include "vm/word_vector.h"

using namespace krait;

namespace {

// Addresses as the heap gives them: multiples of 16, close together. Nobody looks behind them.
const Cell* cellAt(uint64_t i) { return reinterpret_cast<const Cell*>(0x200000000000 + i * 16); }
char* valueOf(uint64_t i) { return reinterpret_cast<char*>(i + 1); }

void requireEqual(const CellTable<char>& table, const std::unordered_map<uint64_t, uint64_t>& model, uint64_t keys) {
  REQUIRE(table.size() == model.size());
  for (uint64_t key = 0; key < keys; key++) {
    auto known = model.find(key);
    REQUIRE(table.find(cellAt(key)) == (known == model.end() ? nullptr : valueOf(known->second)));
  }
  size_t position = 0, seen = 0;
  for (const Cell* key; table.next(position, key);) seen++;
  REQUIRE(seen == model.size());
}

}  // namespace

TEST_CASE("CellTableAgreesWithAMapThroughSetsErasuresAndFilters") {
  constexpr uint64_t kKeys = 300;
  for (uint32_t seed = 1; seed <= 20; seed++) {
    std::mt19937_64 random(seed);
    CellTable<char> table;
    std::unordered_map<uint64_t, uint64_t> model;
    for (int step = 0; step < 2000; step++) {
      uint64_t key = random() % kKeys, value = random() % 1000;
      switch (random() % 8) {
        case 0:
        case 1:
          table.erase(cellAt(key));
          model.erase(key);
          break;
        case 2:
          if (step % 50 != 0) break;
          table.filter(
              [&](const Cell* cell, char*&) { return reinterpret_cast<uintptr_t>(cell) / 16 % 3 != value % 3; });
          std::erase_if(model, [&](const auto& entry) {
            return reinterpret_cast<uintptr_t>(cellAt(entry.first)) / 16 % 3 == value % 3;
          });
          break;
        default: REQUIRE(table.set(cellAt(key), valueOf(value))); model[key] = value;
      }
    }
    requireEqual(table, model, kKeys);
    table.filter([](const Cell*, char*&) { return false; });
    model.clear();
    requireEqual(table, model, kKeys);
    table.release();
  }
}

TEST_CASE("AFilterMayChangeTheValuesThatStay") {
  CellTable<char> table;
  for (uint64_t i = 0; i < 100; i++) REQUIRE(table.set(cellAt(i), valueOf(i)));
  table.filter([](const Cell* cell, char*& value) {
    value++;
    return reinterpret_cast<uintptr_t>(cell) / 16 % 2 == 0;
  });
  for (uint64_t i = 0; i < 100; i++) CHECK(table.find(cellAt(i)) == (i % 2 == 0 ? valueOf(i) + 1 : nullptr));
  table.release();
}

TEST_CASE("AWordVectorGrows") {
  WordVector<uint64_t> vector;
  for (uint64_t i = 0; i < 10000; i++) REQUIRE(vector.push(i * 3));
  bool isEqual = vector.size == 10000;
  for (uint64_t i = 0; i < 10000; i++) isEqual &= vector.items[i] == i * 3;
  CHECK(isEqual);
  std::free(vector.items);
}
