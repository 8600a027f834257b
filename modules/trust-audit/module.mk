SRC += $(D)/audit_facts.cc $(D)/audit_job.cc $(D)/audit_links.cc $(D)/expiry_watch.cc $(D)/forecast.cc $(D)/trust_audit.cc
TEST += $(D)/audit_test.cc
