// The test runner: every suite linked into it, then one line `N passed, N failed`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include <CppUTest/CommandLineTestRunner.h>
#include <CppUTest/TestPlugin.h>
#include <CppUTest/TestRegistry.h>

namespace {

class Counter : public TestPlugin {
 public:
  Counter() : TestPlugin("Counter") {}

  void preTestAction(UtestShell&, TestResult& result) override { before_ = result.getFailureCount(); }

  void postTestAction(UtestShell&, TestResult& result) override {
    ++(result.getFailureCount() == before_ ? passed : failed);
  }

  unsigned passed = 0;
  unsigned failed = 0;

 private:
  size_t before_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Counter counter;
  TestRegistry::getCurrentRegistry()->installPlugin(&counter);
  const int status = CommandLineTestRunner::RunAllTests(argc, argv);
  std::printf("%u passed, %u failed\n", counter.passed, counter.failed);
  return status != 0 ? 1 : 0;
}
