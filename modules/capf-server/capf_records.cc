// The CAPF server: its durable table. A session goes on when its record is on the flash.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_keeper.h"
#include "modules/capf-server/capf_messages.h"

namespace parley::capf_server {
namespace {

constexpr size_t kMaxFile = 40 * 1024;
constexpr size_t kFilesPerJob = 16;
constexpr Millis kRetry{1'000};

Status file_of(std::string_view device, Text<128>& out) {
  char text[128];
  FixedWriter w(text);
  w.put(kFolder).put('/').put(device);
  return out.set(w.view()) ? Status{} : Status(Fault{Code::invalid, "name too long", 0});
}

}  // namespace

void CapfService::SaveJob::write_all() {
  List<NewFile> files(general_arena());
  for (const Item& i : items)
    if (!files.push({i.path, i.file.view(), Fault{Code::full, "no memory", 0}})) return;
  store.write_group({files.begin(), files.size()});
  for (size_t i = 0; i < items.size(); ++i) items[i].result = files[i].result;
}

void CapfService::SaveJob::run() {
  for (Item& i : items) i.result = Fault{Code::full, "no memory", 0};
  write_all();
  bool no_folder = false;
  for (const Item& i : items) no_folder = no_folder || (!i.result && i.result.error().code == Code::missing);
  if (!no_folder) return;
  (void)store.make_folder(kFolder);
  write_all();
}

void CapfService::Keeper::enqueue(Device& d) {
  if (d.waits) return;
  d.waits = true;
  d.next_unsaved = nullptr;
  (last_unsaved != nullptr ? last_unsaved->next_unsaved : first_unsaved) = &d;
  last_unsaved = &d;
}

void CapfService::Keeper::forget_first(size_t count) {
  for (; count > 0; --count) {
    Device* d = first_unsaved;
    first_unsaved = d->next_unsaved;
    d->waits = false;
  }
  if (first_unsaved == nullptr) last_unsaved = nullptr;
}

Status CapfService::load_devices() {   // boot: calls of the store may block
  struct Found {
    List<Text<kMaxDevice>> names{general_arena()};
  } found;
  (void)env_.store.list(kFolder, [](void* context, const FileInfo& f) {
    Text<kMaxDevice> name;
    if (is_device_name(f.name) && name.set(f.name)) (void)static_cast<Found*>(context)->names.push(name);
    return true;
  }, &found);
  for (const auto& name : found.names) {
    Text<128> path;
    TRY(file_of(name, path));
    auto file = env_.store.read(path, kMaxFile);
    auto device = file ? decode_device(file->view(), name) : Result<Device>(file.error());
    if (!device) env_.log(kDamaged, path.view(), device.error().what);
    else TRY(devices_.put(std::move(*device)));
  }
  return {};
}

void CapfService::save(Device& device) {
  device.touch();
  device.read_dates();
  if (keeper_ == nullptr) return;
  keeper_->enqueue(device);
  keeper_->wake();
}

void CapfService::group_written(SaveJob& job) {
  for (const SaveJob::Item& i : job.items) {
    Device* d = devices_.find(i.device);
    if (d == nullptr) continue;
    if (i.result) {
      d->written = i.change;
    } else {
      env_.log(kNotWritten, i.device, i.result.error().what);
      keeper_->retry.start(kRetry);
    }
    if (!d->saved()) keeper_->enqueue(*d);
  }
  for (size_t i = 0; i < port_->size(); ++i) (*port_)[i].wake();
}

void CapfService::write_some() {
  if (keeper_->job.busy() || keeper_->retry.running() || keeper_->first_unsaved == nullptr) return;
  auto job = std::make_unique<SaveJob>(env_.store);
  for (const Device* d = keeper_->first_unsaved; d != nullptr && job->items.size() < kFilesPerJob; d = d->next_unsaved) {
    SaveJob::Item item;
    item.device = d->name;
    item.change = d->changed;
    if (!file_of(d->name, item.path) || !encode_device(*d, item.file) || !job->items.push(std::move(item))) break;
  }
  const size_t count = job->items.size();
  if (count != 0 && keeper_->job.start(env_.jobs, *keeper_, std::move(job))) keeper_->forget_first(count);
  else keeper_->retry.start(kRetry);
}

}  // namespace parley::capf_server
