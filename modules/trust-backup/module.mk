SRC += $(D)/backup_dialogues.cc $(D)/backup_jobs.cc $(D)/sealed_copy.cc $(D)/trust_backup.cc
TEST += $(D)/trust_backup_test.cc
