// Reads programs.json and the --arm options.
#include "bench/lab/programs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace krait::lab {

std::vector<Program> readPrograms(const std::string& path, const std::string& size,
                                  const std::vector<std::string>& only) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  const auto list = nlohmann::json::parse(file);
  const auto folder = std::filesystem::absolute(path).parent_path();
  std::vector<Program> programs;
  std::vector<std::string> missing = only;
  for (const auto& entry : list) {
    const std::string name = entry.at("name");
    if (!only.empty() && std::find(only.begin(), only.end(), name) == only.end()) continue;
    std::erase(missing, name);
    if (!entry.contains(size)) throw std::runtime_error(name + " has no size '" + size + "' in " + path);
    programs.push_back({name, entry.value("category", ""), entry.value("description", ""),
                        (folder / entry.at("file").get<std::string>()).string(), entry.at(size).dump()});
  }
  if (!missing.empty()) throw std::runtime_error("no program named " + missing.front() + " in " + path);
  if (programs.empty()) throw std::runtime_error("no programs in " + path);
  return programs;
}

Arm parseArm(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw std::runtime_error("an arm is NAME=COMMAND, not '" + text + "'");
  Arm arm{text.substr(0, equals), {}};
  std::string word;
  bool inWord = false;
  char quote = 0;
  for (char c : text.substr(equals + 1)) {
    if (quote) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      inWord = true;
    } else if (c == ' ') {
      if (inWord) arm.command.push_back(std::move(word));
      word.clear();
      inWord = false;
    } else {
      word += c;
      inWord = true;
    }
  }
  if (quote) throw std::runtime_error("an unclosed quote in '" + text + "'");
  if (inWord) arm.command.push_back(word);
  if (arm.command.empty()) throw std::runtime_error("the arm '" + arm.name + "' has no command");
  return arm;
}

}  // namespace krait::lab
