// Draws the bars by hand: an SVG file needs no library to write and none to look at.
#include "bench/lab/chart.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace krait::lab {

namespace {

// Okabe & Ito's colours, which people with any colour vision can tell apart.
constexpr const char* kColours[] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7",
                                    "#56b4e9", "#d55e00", "#f0e442", "#999999"};
constexpr double kBar = 11, kGap = 22, kLeft = 52, kTop = 66, kHeight = 300, kBottom = 96;

std::string escaped(const std::string& text) {
  std::string result;
  for (char c : text) {
    if (c == '<')
      result += "&lt;";
    else if (c == '&')
      result += "&amp;";
    else
      result += c;
  }
  return result;
}

struct Bar {
  double estimate;
  Interval interval;
};

}  // namespace

std::string chart(const Comparison& comparison, const Summary& summary) {
  const bool toReference = comparison.reference >= 0;
  const std::string against =
      comparison.arms[toReference ? static_cast<size_t>(comparison.reference) : comparison.baseline].name;
  std::vector<size_t> arms;
  for (size_t arm = 0; arm < comparison.arms.size(); ++arm)
    if (static_cast<int>(arm) != comparison.reference && static_cast<int>(arm) != comparison.control)
      arms.push_back(arm);

  std::vector<std::string> groups;
  std::vector<std::vector<Bar>> bars;
  for (size_t p = 0; p < comparison.programs.size(); ++p) {
    groups.push_back(comparison.programs[p].name);
    bars.emplace_back();
    for (size_t arm : arms) {
      const Ratio& ratio = toReference ? summary.figures[p][arm].toReference : summary.figures[p][arm].toBaseline;
      bars.back().push_back({ratio.estimate, ratio.interval});
    }
  }
  groups.push_back("geometric mean");
  bars.emplace_back();
  for (size_t arm : arms) {
    const Overall& overall = toReference ? summary.toReference[arm] : summary.toBaseline[arm];
    bars.back().push_back({overall.estimate, overall.overBlocks});
  }

  double top = 1.1;
  for (const auto& group : bars)
    for (const Bar& bar : group) top = std::max(top, bar.estimate * 1.08);
  const double step = top > 4 ? 1 : top > 2 ? 0.5 : 0.2;
  top = std::ceil(top / step) * step;
  const auto y = [&](double value) { return kTop + kHeight * (1 - std::clamp(value, 0.0, top) / top); };
  const double groupWidth = kBar * static_cast<double>(arms.size()) + kGap;
  const double width = std::max(560.0, kLeft + groupWidth * static_cast<double>(groups.size()) + 16);

  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
      "<text x=\"{2}\" y=\"20\" font-size=\"14\" font-weight=\"bold\">CPU time relative to {3} (lower is "
      "faster)</text>\n",
      width, kTop + kHeight + kBottom, kLeft, escaped(against));
  double x = kLeft;
  for (size_t i = 0; i < arms.size(); ++i) {
    const std::string name = escaped(comparison.arms[arms[i]].name);
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"32\" width=\"10\" height=\"10\" fill=\"{}\"/><text x=\"{:.1f}\" y=\"41\">{}</text>\n",
        x, kColours[i % std::size(kColours)], x + 14, name);
    x += 30 + 6.5 * static_cast<double>(name.size());
  }
  for (double value = 0; value <= top + 1e-9; value += step) {
    const bool one = std::abs(value - 1) < 1e-9;
    svg += fmt::format(
        "<line x1=\"{0}\" x2=\"{1:.0f}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\"/>"
        "<text x=\"{4}\" y=\"{5:.1f}\" text-anchor=\"end\">{6:.1f}</text>\n",
        kLeft, width - 8, y(value), one ? "#444444" : "#dddddd", kLeft - 6, y(value) + 4, value);
  }
  for (size_t g = 0; g < groups.size(); ++g) {
    const double left = kLeft + kGap / 2 + groupWidth * static_cast<double>(g);
    for (size_t i = 0; i < arms.size(); ++i) {
      const Bar& bar = bars[g][i];
      const double at = left + kBar * static_cast<double>(i);
      svg += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"><title>{} on {}: {:.3f} "
          "[{:.3f}, {:.3f}]</title></rect>",
          at, y(bar.estimate), kBar - 1, y(0) - y(bar.estimate), kColours[i % std::size(kColours)], escaped(groups[g]),
          escaped(comparison.arms[arms[i]].name), bar.estimate, bar.interval.low, bar.interval.high);
      svg += fmt::format("<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\" stroke=\"black\"/>\n",
                         at + (kBar - 1) / 2, y(bar.interval.low), y(bar.interval.high));
    }
    const double middle = left + kBar * static_cast<double>(arms.size()) / 2;
    svg += fmt::format("<text transform=\"translate({:.1f},{:.1f}) rotate(-40)\" text-anchor=\"end\">{}</text>\n",
                       middle, y(0) + 14, escaped(groups[g]));
  }
  const auto text = [&](const char* key) {
    return comparison.environment.contains(key) ? escaped(comparison.environment.at(key).get<std::string>())
                                                : std::string();
  };
  svg += fmt::format(
      "<text x=\"{}\" y=\"{:.0f}\" fill=\"#666666\">{} · {} · commit {} · {} blocks · seed {}</text>\n</svg>\n", kLeft,
      kTop + kHeight + kBottom - 8, text("date"), text("processor"), text("commit").substr(0, 12), comparison.blocks,
      comparison.options.seed);
  return svg;
}

}  // namespace krait::lab
