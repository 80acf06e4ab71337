// Writes pyperf's JSON 1.0; a file per arm because pyperf compares files.
#include "bench/lab/pyperf.h"

namespace krait::lab {

nlohmann::json pyperfSuite(const Comparison& comparison, size_t arm) {
  nlohmann::json benchmarks = nlohmann::json::array();
  for (size_t p = 0; p < comparison.programs.size(); ++p) {
    nlohmann::json runs = nlohmann::json::array();
    for (const auto& o : comparison.observations) {
      if (o.program != static_cast<int>(p) || o.arm != static_cast<int>(arm)) continue;
      runs.push_back({{"metadata",
                       {{"krait_block", o.block},
                        {"krait_position", o.position},
                        {"krait_padding", o.padding},
                        {"duration", o.wallSeconds},
                        {"mem_max_rss", o.peakKib * 1024}}},
                      {"values", {o.cpuSeconds}}});
    }
    benchmarks.push_back({{"metadata", {{"name", comparison.programs[p].name}}}, {"runs", runs}});
  }
  const auto& environment = comparison.environment;
  return {{"version", "1.0"},
          {"metadata",
           {{"unit", "second"},
            {"loops", 1},
            {"inner_loops", 1},
            {"date", environment.value("date", "")},
            {"hostname", environment.value("machine", "")},
            {"cpu_model_name", environment.value("processor", "")},
            {"cpu_count", environment.value("cores", 1)},
            {"description", comparison.arms[arm].name},
            {"krait_commit", environment.value("commit", "")},
            {"krait_seed", std::to_string(comparison.options.seed)}}},
          {"benchmarks", benchmarks}};
}

}  // namespace krait::lab
