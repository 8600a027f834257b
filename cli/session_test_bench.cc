// A session on a fake terminal.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/session_test_bench.h"

#include <algorithm>

namespace parley::cli::bench {

Result<size_t> FakeTerminal::read(MutBytes to) {
  if (in_.empty()) return Fault{closed_ ? Code::closed : Code::busy, "nothing typed", 0};
  const size_t n = std::min(to.size(), in_.size());
  std::copy_n(in_.begin(), n, to.begin());
  in_.erase(0, n);
  return n;
}

Result<size_t> FakeTerminal::write(Bytes from) {
  if (stuck) return Fault{Code::busy, "stuck", 0};
  const size_t n = std::min(from.size(), chunk);
  out_ += as_text(from.subspan(0, n));
  return n;
}

namespace {

class Check final : public AccessCheck {
 public:
  Check(Rules& rules, bool good) : rules_(rules), good_(good) {}
  Answer poll() override { return rules_.slow ? Answer::pending : good_ ? Answer::granted : Answer::refused; }
  uint8_t privilege() const override { return 15; }

 private:
  Rules& rules_;
  bool good_;
};

struct YesNo final : Dialogue {
  explicit YesNo(Worker& w) : worker(w) {}
  Worker& worker;
  void question(Console& c) { c.ask("% Do you accept this certificate? [yes/no]: "); }
  static bool is(std::string_view word, std::string_view a) { return !a.empty() && starts_nocase(word, a); }
  Poll step(Console& c, const std::string_view* answer) override {
    if (answer == nullptr) {
      if (!asked) question(c);
      asked = true;
      return Poll::pending;
    }
    if (is("yes", *answer)) { c.put("Trustpoint CA certificate accepted.\n"); return Poll::done; }
    if (is("no", *answer)) { c.put("% Certificate not accepted\n"); return Poll::done; }
    c.put("% Please answer 'yes' or 'no'.\n");
    question(c);
    return Poll::pending;
  }
  void cancelled(Console&) override { worker.last = "cancelled"; }
  bool accepts(std::string_view line) const override { return line.empty() || is("yes", line) || is("no", line); }
  bool asked = false;
};

struct Secret2 final : Dialogue {
  explicit Secret2(Worker& w) : worker(w) {}
  Worker& worker;
  bool asked = false;
  Poll step(Console& c, const std::string_view* answer) override {
    if (!asked) c.ask("Password: ", Echo::off);
    asked = true;
    if (answer == nullptr) return Poll::pending;
    worker.last = *answer;
    return Poll::done;
  }
};

struct Pem final : Dialogue {
  explicit Pem(Worker& w) : worker(w) {}
  Worker& worker;
  bool asked = false;
  Poll step(Console& c, const std::string_view* answer) override {
    if (!asked) {
      c.put("Enter the base 64 encoded CA certificate.\n");
      c.ask_lines();
      asked = true;
    }
    if (answer == nullptr) return Poll::pending;
    if (*answer == "quit") return Poll::done;
    if (answer->substr(0, 4) == "-END") {
      c.control()->end_of_paste();
      return Poll::done;
    }
    worker.last += std::string(*answer) + "|";
    return Poll::pending;
  }
};

struct Work final : Dialogue {
  explicit Work(Worker& w) : worker(w) {}
  Worker& worker;
  Poll step(Console& c, const std::string_view*) override {
    if (!worker.worked) return Poll::pending;
    c.put("worked\n");
    return Poll::done;
  }
  void cancelled(Console&) override { worker.last = "cancelled"; }
};

struct Sure final : Dialogue {
  explicit Sure(Worker& w) : worker(w) {}
  Worker& worker;
  bool asked = false;
  Poll step(Console& c, const std::string_view* answer) override {
    if (!asked) c.confirm("Proceed with reload? [confirm]");
    asked = true;
    if (answer == nullptr) return Poll::pending;
    worker.last = answer->empty() ? "Enter" : std::string(*answer);
    return Poll::done;
  }
};

struct Count { uint16_t count = 0; };
void show_lines(Call& call, const Count& a) {
  for (int i = 1; i <= a.count; ++i) call.out().put("line ").dec(i).put('\n');
}
template <class D> void start(Call& call) { call.start(std::make_unique<D>(call.module<Worker>())); }

constexpr Row kRows[] = {
    action<&show_lines>("show lines <1-1000>", "Some lines", &Count::count),
    action<&start<YesNo>>("ask", "A question"),
    action<&start<Secret2>>("secret", "A password"),
    action<&start<Pem>>("pem", "Lines"),
    action<&start<Work>>("work", "A job"),
    action<&start<Sure>>("sure", "A confirmation"),
};

}  // namespace

const Module kDialogues = {"dialogues", "for tests", {}, {}, {}, kRows, {}, nullptr, {}};

std::unique_ptr<AccessCheck> Rules::check_login(Task&, std::string_view, std::string_view u, std::string_view p) {
  user = u;
  password = p;
  return std::make_unique<Check>(*this, p == "right");
}
std::unique_ptr<AccessCheck> Rules::check_enable(Task&, uint8_t, std::string_view p) {
  password = p;
  return std::make_unique<Check>(*this, p == "right");
}

void Host::configured(const Console&) {
  ++configured_count;
  session->message("%SYS-5-CONFIG_I: Configured from console by console");
}

std::unique_ptr<Dialogue> Host::save_output(std::string_view url, bool append, Blob text) {
  if (!url.starts_with("flash:")) return nullptr;
  struct Saved final : Dialogue {
    Poll step(Console&, const std::string_view*) override { return Poll::done; }
  };
  saved = std::string(url) + (append ? "+" : "=") + std::string(text.text());
  return std::make_unique<Saved>();
}

bool Host::complete_file(std::string_view beginning, Writer& rest) {
  if (beginning != "flash:sta") return false;
  rest.put("rt.cfg");
  return true;
}

Bench::Bench() {
  engine.add(test::kTestModule, owner);
  engine.add(kDialogues, worker);
  engine.add(kSessionCommands, *commands);
}

void Bench::begin(bool batch, bool console) {
  SessionOptions options;
  options.batch = batch;
  options.console = console;
  if (!console) (void)options.line_name.set("vty0");
  session = std::make_unique<Session>(world.scheduler, engine, terminal, host, rules, options);
  host.session = session.get();
  world.settle();
}

std::string Bench::type(std::string_view keys) {
  terminal.type(keys);
  world.settle();
  return terminal.take();
}

}  // namespace parley::cli::bench
