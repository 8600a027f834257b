// Running the scheduler over fake time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/fake/fake_time.h"

#include <algorithm>

namespace parley::fake {

void World::run_for(Millis time) {
  until_ = clock.now() + time;
  idle_ = false;
  while (!idle_ && scheduler.run_once(Millis(3'600'000))) {
  }
}

void World::wait(Millis at_most) {
  if (at_most == Millis(0)) return;  // something is runnable
  if (clock.now() >= until_) {
    idle_ = true;
    return;
  }
  clock.advance(std::min<std::chrono::microseconds>(at_most, until_ - clock.now()));
}

}  // namespace parley::fake
