// Reads lines for the prompt. libedit is opened only when a terminal asks for it, so that start-up does not pay.
#include "dispatch/line_reader.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "vm/signals.h"
#include "vm/thread.h"

namespace krait {

// The readline interface of libedit, as far as it is needed.
struct LineReader::Editor {
  using ReadLine = char* (*)(const char*);
  using AddHistory = int (*)(const char*);
  using HistoryFile = int (*)(const char*);
  using Limit = void (*)(int);
  ReadLine readLine = nullptr;
  AddHistory addHistory = nullptr;
  HistoryFile writeHistory = nullptr;
  std::string historyFile, lastLine;

  static Editor* open() {
    void* library = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return nullptr;
    auto* editor = new Editor;
    editor->readLine = reinterpret_cast<ReadLine>(dlsym(library, "readline"));
    editor->addHistory = reinterpret_cast<AddHistory>(dlsym(library, "add_history"));
    editor->writeHistory = reinterpret_cast<HistoryFile>(dlsym(library, "write_history"));
    auto start = reinterpret_cast<void (*)()>(dlsym(library, "using_history"));
    auto readHistory = reinterpret_cast<HistoryFile>(dlsym(library, "read_history"));
    auto limit = reinterpret_cast<Limit>(dlsym(library, "stifle_history"));
    if (editor->readLine == nullptr || editor->addHistory == nullptr) {
      delete editor;
      return nullptr;
    }
    if (auto* name = reinterpret_cast<const char**>(dlsym(library, "rl_readline_name"))) *name = "krait";
    if (start != nullptr) start();
    if (limit != nullptr) limit(1000);
    const char* given = std::getenv("KRAIT_HISTORY");
    const char* home = std::getenv("HOME");
    if (given != nullptr)
      editor->historyFile = given;
    else if (home != nullptr && *home != '\0')
      editor->historyFile = std::string(home) + "/.krait_history";
    if (readHistory != nullptr && !editor->historyFile.empty()) readHistory(editor->historyFile.c_str());
    return editor;
  }
};

LineReader::LineReader() {
  if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) editor_ = Editor::open();
}
LineReader::~LineReader() {
  if (editor_ == nullptr) return;
  if (editor_->writeHistory != nullptr && !editor_->historyFile.empty())
    editor_->writeHistory(editor_->historyFile.c_str());
  delete editor_;
}

LineReader::Result LineReader::readPlain(const std::string& prompt, std::string& line) {
  std::fputs(prompt.c_str(), stderr);
  std::fflush(stderr);
  while (true) {
    size_t newline = buffer_.find('\n');
    if (newline != std::string::npos || (ended_ && !buffer_.empty())) {
      size_t length = newline == std::string::npos ? buffer_.size() : newline + 1;
      line = buffer_.substr(0, length);
      buffer_.erase(0, length);
      return Result::kLine;
    }
    if (ended_) return Result::kEnd;
    char chunk[4096];
    ssize_t n = ::read(STDIN_FILENO, chunk, sizeof chunk);
    if (n > 0)
      buffer_.append(chunk, static_cast<size_t>(n));
    else if (n < 0 && errno == EINTR)
      return Result::kInterrupted;
    else if (isatty(STDIN_FILENO) && buffer_.empty())
      return Result::kEnd;  // Ctrl-D: there may be more later
    else
      ended_ = true;
  }
}

LineReader::Result LineReader::read(const std::string& prompt, std::string& line) {
  if (editor_ == nullptr) return readPlain(prompt, line);
  std::fflush(stdout);
  char* text = editor_->readLine(prompt.c_str());
  if (text == nullptr) return interruptPending() ? Result::kInterrupted : Result::kEnd;
  line = text;
  std::free(text);
  if (interruptPending()) return Result::kInterrupted;
  if (!line.empty() && line != editor_->lastLine) editor_->addHistory(line.c_str());
  editor_->lastLine = line;
  line += '\n';
  return Result::kLine;
}

}  // namespace krait
