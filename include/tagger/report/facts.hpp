#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tagger {

/// What stands at the head of a page: ("backbone", "resnet18"), ("seed", "2020"), ...
using Facts = std::vector<std::pair<std::string, std::string>>;

}  // namespace tagger
