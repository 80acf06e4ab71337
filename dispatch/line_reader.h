// Lines for the interactive mode: with editing and history from a terminal, plain from anything else.
#pragma once
#include <string>

namespace krait {

class LineReader {
 public:
  LineReader();
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;
  enum class Result { kLine, kEnd, kInterrupted };
  // The next line, its newline included unless the input ended without one. kInterrupted: a signal arrived first.
  Result read(const std::string& prompt, std::string& line);

 private:
  struct Editor;  // libedit, while standard input and output are a terminal
  Editor* editor_ = nullptr;
  std::string buffer_;  // read and not used yet
  bool ended_ = false;
  Result readPlain(const std::string& prompt, std::string& line);
};

}  // namespace krait
