TEST += $(addprefix $(D)/,fake_jobs.cc fake_misc.cc fake_net.cc fake_store.cc fake_test.cc fake_time.cc)
