// The blocking half of the file commands: each is a job over the Store.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/job_dialogue.h"
#include "modules/system/paths.h"

namespace parley::system {

// `dir [/all] [URL]`
class DirJob final : public cli::TextJob {
 public:
  DirJob(Store& store, Path path) : store_(store), path_(path) {}
  void run() override;

 private:
  Store& store_;
  Path path_;
};

// `more URL`: text files up to kMoreLimit; other bytes than text are shown as '.'.
class MoreJob final : public cli::TextJob {
 public:
  static constexpr size_t kMoreLimit = 1 << 20;
  MoreJob(Store& store, Path path) : store_(store), path_(path) {}
  void run() override;

 private:
  Store& store_;
  Path path_;
};

// `verify URL`: MD5 and SHA-256 of a file.
class VerifyJob final : public cli::TextJob {
 public:
  VerifyJob(Store& store, Path path) : store_(store), path_(path) {}
  void run() override;

 private:
  Store& store_;
  Path path_;
};

// `show file systems`
class SpaceJob final : public cli::TextJob {
 public:
  explicit SpaceJob(Store& store) : store_(store) {}
  void run() override;

 private:
  Store& store_;
};

// One change to a file system; says only what went wrong, or `success` when set.
class ChangeJob final : public cli::TextJob {
 public:
  enum class What : uint8_t { remove, rename, make_folder, remove_folder };
  ChangeJob(Store& store, What what, Path path, Path to = {}) : store_(store), what_(what), path_(path), to_(to) {}
  void run() override;

 private:
  Store& store_;
  What what_;
  Path path_;
  Path to_;
};

}  // namespace parley::system
