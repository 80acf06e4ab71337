// fork, exec and wait4: CPU time and peak memory come from the kernel's accounting of the child, not from a clock.
#include "bench/lab/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace krait::lab {

namespace {

// Output goes to memory files, so that no reader competes with the child for a core.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("krait-lab", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error(std::string("memfd_create: ") + std::strerror(errno));
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  int descriptor() const { return descriptor_; }
  std::string contents() const {
    std::string text(static_cast<size_t>(lseek(descriptor_, 0, SEEK_END)), '\0');
    size_t done = 0;
    while (done < text.size()) {
      const ssize_t n = pread(descriptor_, text.data() + done, text.size() - done, static_cast<off_t>(done));
      if (n <= 0) break;
      done += static_cast<size_t>(n);
    }
    text.resize(done);
    return text;
  }

 private:
  int descriptor_;
};

std::vector<std::string> environmentOf(const RunOptions& options) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    bool replaced = false;
    for (const auto& [name, value] : options.environment) replaced |= text.rfind(name + "=", 0) == 0;
    if (!replaced) result.push_back(text);
  }
  for (const auto& [name, value] : options.environment) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointersTo(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (auto& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void becomeChild(const RunOptions& options, char** arguments, char** environment, int out, int err) {
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, 0);
  dup2(out, 1);
  dup2(err, 2);
  if (!options.directory.empty() && chdir(options.directory.c_str()) != 0) _exit(126);
  if (!options.randomiseAddresses) personality(ADDR_NO_RANDOMIZE);
  execvpe(arguments[0], arguments, environment);
  _exit(127);
}

// Waits for the child's end or the deadline, asleep all the while; kills it at the deadline.
bool waitUntil(pid_t child, double seconds) {
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  if (handle < 0) return true;  // an old kernel: wait4 alone, without a deadline
  pollfd waiting{handle, POLLIN, 0};
  int ready;
  do {
    ready = poll(&waiting, 1, static_cast<int>(seconds * 1000));
  } while (ready < 0 && errno == EINTR);
  close(handle);
  if (ready != 0) return true;
  kill(child, SIGKILL);
  return false;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

RunResult run(const RunOptions& options) {
  std::vector<std::string> command = options.command, environment = environmentOf(options);
  std::vector<char*> arguments = pointersTo(command), variables = pointersTo(environment);
  MemoryFile out, err;
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
  if (child == 0) becomeChild(options, arguments.data(), variables.data(), out.descriptor(), err.descriptor());

  RunResult result;
  result.timedOut = !waitUntil(child, options.timeoutSeconds);
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {}
  result.wallSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  result.peakKib = static_cast<uint64_t>(usage.ru_maxrss);
  result.output = out.contents();
  result.errors = err.contents();
  return result;
}

}  // namespace krait::lab
