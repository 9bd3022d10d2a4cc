#pragma once

#include <tagger/activation/any_activation.hpp>
#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/averaging/weighted.hpp>
#include <tagger/backbone/any_backbone.hpp>
#include <tagger/head/any_head.hpp>
#include <tagger/loss/any_loss.hpp>
#include <tagger/model/tagger.hpp>

namespace tagger {

/// The tagger whose policies are chosen by name at run time: what a command-line program instantiates, and what opens
/// a run folder of any kind.
using AnyTagger = Tagger<AnyBackbone, AnyHead, AnyActivation, AnyLoss, Micro, Macro, Weighted, Samples>;

}  // namespace tagger
