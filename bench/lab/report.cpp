// Turns observations into ratios with intervals, and those into text.
#include "bench/lab/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace krait::lab {

namespace {

double width(const Interval& interval) { return (interval.high - interval.low) / 2; }

std::vector<double> logRatios(const std::vector<double>& numerator, const std::vector<double>& denominator) {
  std::vector<double> logs(numerator.size());
  for (size_t i = 0; i < logs.size(); ++i) logs[i] = std::log(numerator[i] / denominator[i]);
  return logs;
}

nlohmann::json json(const Interval& interval) { return {interval.low, interval.high}; }
nlohmann::json json(const Ratio& ratio) {
  return {{"estimate", ratio.estimate}, {"median", ratio.median}, {"interval95", json(ratio.interval)}};
}
nlohmann::json json(const Overall& overall) {
  return {{"estimate", overall.estimate},
          {"interval95", json(overall.overBlocks)},
          {"interval95_over_programs", json(overall.overPrograms)}};
}

const char* mark(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFaster: return "+";
    case Verdict::kSlower: return "-";
    case Verdict::kSame: return "=";
    case Verdict::kInconclusive: return "?";
  }
  return "";
}

// One table: a row per program, a column per arm, and a last row of geometric means.
class Grid {
 public:
  Grid(const Comparison& comparison, size_t nameWidth) : comparison_(comparison), nameWidth_(nameWidth) {}
  void head(const std::string& title, const std::vector<size_t>& arms, const std::string& first) {
    arms_ = arms;
    text += "\n" + title + "\n" + fmt::format("{:<{}}{:>11}", "program", nameWidth_, first);
    for (size_t arm : arms) text += fmt::format(" {:>{}}", comparison_.arms[arm].name, columnWidth(arm));
    text += "\n";
  }
  void row(const std::string& name, const std::string& first, const std::vector<std::string>& cells) {
    text += fmt::format("{:<{}}{:>11}", name, nameWidth_, first);
    for (size_t i = 0; i < cells.size(); ++i) text += fmt::format(" {:>{}}", cells[i], columnWidth(arms_[i]));
    text += "\n";
  }
  std::string text;

 private:
  size_t columnWidth(size_t arm) const { return std::max<size_t>(14, comparison_.arms[arm].name.size()); }
  const Comparison& comparison_;
  size_t nameWidth_;
  std::vector<size_t> arms_;
};

}  // namespace

Summary summarise(const Comparison& comparison) {
  Random random(comparison.options.seed ^ 0x5eed);
  Summary summary;
  const size_t programs = comparison.programs.size(), arms = comparison.arms.size();
  const bool hasReference = comparison.reference >= 0;
  std::vector<std::vector<std::vector<double>>> baselineLogs(arms), referenceLogs(arms);
  std::vector<std::vector<double>> memory(arms);
  summary.figures.resize(programs);
  for (size_t p = 0; p < programs; ++p) {
    const auto baseline = comparison.cpuTimes(p, comparison.baseline);
    const auto reference = hasReference ? comparison.cpuTimes(p, static_cast<size_t>(comparison.reference)) : baseline;
    const double referencePeak =
        hasReference ? median(comparison.peaks(p, static_cast<size_t>(comparison.reference))) : 0;
    for (size_t arm = 0; arm < arms; ++arm) {
      const auto times = comparison.cpuTimes(p, arm);
      Figure figure;
      figure.cpuSeconds = median(times);
      figure.peakKib = median(comparison.peaks(p, arm));
      figure.toBaseline = pairedRatio(times, baseline, random);
      baselineLogs[arm].push_back(logRatios(times, baseline));
      if (hasReference) {
        figure.toReference = pairedRatio(times, reference, random);
        figure.memoryToReference = figure.peakKib / referencePeak;
        referenceLogs[arm].push_back(logRatios(times, reference));
        memory[arm].push_back(figure.memoryToReference);
      }
      summary.figures[p].push_back(figure);
    }
  }
  for (size_t arm = 0; arm < arms; ++arm) {
    summary.toBaseline.push_back(overallRatio(baselineLogs[arm], random));
    summary.toReference.push_back(overallRatio(referenceLogs[arm], random));
    summary.memoryToReference.push_back(geometricMean(memory[arm]));
  }
  // What two copies of the same program differ by is no difference.
  summary.programDelta = summary.overallDelta = comparison.options.delta;
  if (comparison.control >= 0) {
    const size_t control = static_cast<size_t>(comparison.control);
    std::vector<double> noise;
    for (size_t p = 0; p < programs; ++p)
      noise.push_back(std::abs(summary.figures[p][control].toBaseline.estimate - 1));
    summary.programDelta = std::max(summary.programDelta, quantile(noise, 0.9));
    summary.overallDelta = std::max(summary.overallDelta, std::abs(summary.toBaseline[control].estimate - 1));
  }
  for (auto& row : summary.figures)
    for (auto& figure : row) figure.verdict = decide(figure.toBaseline.interval, summary.programDelta);
  for (const auto& overall : summary.toBaseline)
    summary.verdicts.push_back(decide(overall.overBlocks, summary.overallDelta));
  return summary;
}

std::string table(const Comparison& comparison, const Summary& summary) {
  size_t nameWidth = 16;
  for (const auto& program : comparison.programs) nameWidth = std::max(nameWidth, program.name.size() + 1);
  const size_t base = comparison.baseline;
  std::vector<size_t> rivals, measured;
  for (size_t arm = 0; arm < comparison.arms.size(); ++arm) {
    if (static_cast<int>(arm) == comparison.reference) continue;
    if (static_cast<int>(arm) != comparison.control) measured.push_back(arm);
    if (arm != base) rivals.push_back(arm);
  }
  Grid grid(comparison, nameWidth);
  const std::string& baseName = comparison.arms[base].name;

  if (!rivals.empty()) {
    grid.head(
        fmt::format("CPU time relative to {} (below 1 is faster), {} blocks, half-width of the 95 % interval;\n"
                    "+ faster, - slower, = the same, ? inconclusive, at {:.1f} % per program and {:.1f} % overall",
                    baseName, comparison.blocks, 100 * summary.programDelta, 100 * summary.overallDelta),
        rivals, baseName + " s");
    for (size_t p = 0; p < comparison.programs.size(); ++p) {
      std::vector<std::string> cells;
      for (size_t arm : rivals) {
        const Figure& f = summary.figures[p][arm];
        cells.push_back(
            fmt::format("{:.3f} ±{:.3f} {}", f.toBaseline.estimate, width(f.toBaseline.interval), mark(f.verdict)));
      }
      grid.row(comparison.programs[p].name, fmt::format("{:.3f}", summary.figures[p][base].cpuSeconds), cells);
    }
    std::vector<std::string> cells;
    for (size_t arm : rivals)
      cells.push_back(fmt::format("{:.3f} ±{:.3f} {}", summary.toBaseline[arm].estimate,
                                  width(summary.toBaseline[arm].overBlocks), mark(summary.verdicts[arm])));
    grid.row("geometric mean", "", cells);
  }

  if (comparison.reference >= 0) {
    const size_t reference = static_cast<size_t>(comparison.reference);
    const std::string& name = comparison.arms[reference].name;
    grid.head(fmt::format("CPU time relative to {} (below 1 is faster)", name), measured, name + " s");
    for (size_t p = 0; p < comparison.programs.size(); ++p) {
      std::vector<std::string> cells;
      for (size_t arm : measured) {
        const Figure& f = summary.figures[p][arm];
        cells.push_back(fmt::format("{:.3f} ±{:.3f}", f.toReference.estimate, width(f.toReference.interval)));
      }
      grid.row(comparison.programs[p].name, fmt::format("{:.3f}", summary.figures[p][reference].cpuSeconds), cells);
    }
    std::vector<std::string> cells;
    for (size_t arm : measured)
      cells.push_back(
          fmt::format("{:.3f} ±{:.3f}", summary.toReference[arm].estimate, width(summary.toReference[arm].overBlocks)));
    grid.row("geometric mean", "", cells);

    grid.head(fmt::format("Peak memory relative to {}", name), measured, name + " MB");
    for (size_t p = 0; p < comparison.programs.size(); ++p) {
      cells.clear();
      for (size_t arm : measured) cells.push_back(fmt::format("{:.2f}", summary.figures[p][arm].memoryToReference));
      grid.row(comparison.programs[p].name, fmt::format("{:.1f}", summary.figures[p][reference].peakKib / 1024), cells);
    }
    cells.clear();
    for (size_t arm : measured) cells.push_back(fmt::format("{:.2f}", summary.memoryToReference[arm]));
    grid.row("geometric mean", "", cells);
  }

  if (comparison.control >= 0) {
    const Overall& control = summary.toBaseline[static_cast<size_t>(comparison.control)];
    grid.text += fmt::format(
        "\nA/A check: {} against itself {:.4f} [{:.4f}, {:.4f}]{}\n", baseName, control.estimate,
        control.overBlocks.low, control.overBlocks.high,
        control.overBlocks.contains(1) ? "" : ", which excludes 1: this machine drifted, distrust small differences");
  }
  return grid.text;
}

nlohmann::json toJson(const Comparison& comparison, const Summary& summary) {
  nlohmann::json result = toJson(comparison);
  nlohmann::json programs = nlohmann::json::object(), overall = nlohmann::json::object();
  for (size_t arm = 0; arm < comparison.arms.size(); ++arm) {
    const std::string& name = comparison.arms[arm].name;
    for (size_t p = 0; p < comparison.programs.size(); ++p) {
      const Figure& f = summary.figures[p][arm];
      auto& entry = programs[comparison.programs[p].name][name];
      entry = {{"cpu_seconds", f.cpuSeconds},
               {"peak_kib", f.peakKib},
               {"to_baseline", json(f.toBaseline)},
               {"verdict", verdictName(f.verdict)}};
      if (comparison.reference >= 0) {
        entry["to_reference"] = json(f.toReference);
        entry["memory_to_reference"] = f.memoryToReference;
      }
    }
    overall[name] = {{"to_baseline", json(summary.toBaseline[arm])}, {"verdict", verdictName(summary.verdicts[arm])}};
    if (comparison.reference >= 0) {
      overall[name]["to_reference"] = json(summary.toReference[arm]);
      overall[name]["memory_to_reference"] = summary.memoryToReference[arm];
    }
  }
  result["summary"] = {{"programs", programs},
                       {"overall", overall},
                       {"delta_per_program", summary.programDelta},
                       {"delta_overall", summary.overallDelta}};
  return result;
}

}  // namespace krait::lab
