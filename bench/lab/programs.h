// The benchmark programs and the arms that run them, as files and command lines name them.
#pragma once
#include <string>
#include <vector>

namespace krait::lab {

struct Program {
  std::string name, category, description;
  std::string path;      // absolute
  std::string argument;  // the size asked for
};

// Reads programs.json: an array of {name, file, category, description, and one number per size}. `only` keeps the
// programs named; empty keeps all. Throws std::runtime_error naming what is wrong.
std::vector<Program> readPrograms(const std::string& path, const std::string& size,
                                  const std::vector<std::string>& only);

// One thing compared: a name and the command that a program's path and size are appended to.
struct Arm {
  std::string name;
  std::vector<std::string> command;
};

// "NAME=COMMAND WITH ARGUMENTS": split at blanks; single and double quotes keep blanks.
Arm parseArm(const std::string& text);

}  // namespace krait::lab
