SRC  += $(D)/scheduler.cc $(D)/timer_queue.cc
TEST += $(D)/scheduler_test.cc
