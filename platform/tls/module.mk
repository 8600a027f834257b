SRC  += $(D)/context.cc $(D)/context_job.cc $(D)/core.cc $(D)/engine.cc $(D)/legacy.cc $(D)/session.cc
TEST += $(D)/tls_test.cc
