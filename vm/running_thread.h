// The thread that holds the interpreter lock on this native thread, one load away.
#pragma once

namespace krait {

struct Thread;
[[gnu::tls_model("local-exec")]] extern constinit thread_local Thread* runningThread;

}  // namespace krait
