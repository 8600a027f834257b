TEST += $(D)/fake_jobs.cc $(D)/fake_time.cc
