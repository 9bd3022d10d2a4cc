#pragma once

#include <memory>
#include <string>
#include <vector>

#include <tagger/model/any_tagger.hpp>

/// A tagger of the backbone called `name`, to score pictures with.
inline tagger::AnyTagger any_tagger(const std::string& name, std::vector<std::string> labels,
                                    const tagger::BackboneOptions& options = {}) {
  tagger::AnyTagger model{std::move(labels),
                          {.backbone = std::make_shared<tagger::AnyBackbone>(name, options),
                           .head = {},
                           .activation = tagger::Sigmoid{},
                           .loss = tagger::BinaryCrossEntropy{}}};
  model.eval();
  return model;
}
