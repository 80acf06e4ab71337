// What became of a program's instructions, shown on its source.
#pragma once
#include <string>

namespace krait {

// Every function that became warm, line by line, each place coloured by its instruction's state, with the reasons why
// places are not specialised. An empty path: to standard output, in colour on a terminal; else one self-contained HTML
// page. False: `problem` says why.
bool writeReport(const std::string& path, std::string& problem);

}  // namespace krait
