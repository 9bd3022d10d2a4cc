#pragma once

/// From annotated pictures to tags, in the order in which data flows.

#include <tagger/data/distribution.hpp>
#include <tagger/data/inspect.hpp>
#include <tagger/data/label_tally.hpp>
#include <tagger/data/match_labels.hpp>
#include <tagger/data/match_targets.hpp>
#include <tagger/data/prepare.hpp>
#include <tagger/data/read_annotations.hpp>
#include <tagger/data/score_table.hpp>
#include <tagger/data/write_annotations.hpp>

#include <tagger/split/any_splitter.hpp>
#include <tagger/split/quality.hpp>
#include <tagger/split/split.hpp>

#include <tagger/image/augmentation.hpp>
#include <tagger/image/decode.hpp>
#include <tagger/image/encode.hpp>
#include <tagger/image/evaluation_transform.hpp>
#include <tagger/image/pixel_statistics.hpp>
#include <tagger/image/thumbnail.hpp>
#include <tagger/image/transform.hpp>

#include <tagger/sampler/any_sampler.hpp>

#include <tagger/import/any_format.hpp>

#include <tagger/loader/dataset.hpp>
#include <tagger/loader/loader.hpp>
#include <tagger/loader/mixing.hpp>
#include <tagger/loader/picture_list.hpp>

#include <tagger/backbone/any_backbone.hpp>
#include <tagger/backbone/efficientnet_lite.hpp>
#include <tagger/backbone/resnet.hpp>

#include <tagger/head/any_head.hpp>
#include <tagger/head/csra.hpp>
#include <tagger/head/linear.hpp>
#include <tagger/head/ml_decoder.hpp>
#include <tagger/head/ml_gcn.hpp>
#include <tagger/head/query2label.hpp>

#include <tagger/activation/any_activation.hpp>
#include <tagger/activation/identity.hpp>
#include <tagger/activation/sigmoid.hpp>
#include <tagger/activation/softmax.hpp>

#include <tagger/loss/any_loss.hpp>
#include <tagger/loss/asymmetric.hpp>
#include <tagger/loss/binary_cross_entropy.hpp>
#include <tagger/loss/distribution_balanced.hpp>
#include <tagger/loss/entropy_maximization.hpp>
#include <tagger/loss/focal.hpp>
#include <tagger/loss/hill.hpp>
#include <tagger/loss/large_loss.hpp>
#include <tagger/loss/pairwise.hpp>
#include <tagger/loss/partial_binary_cross_entropy.hpp>
#include <tagger/loss/poly1.hpp>
#include <tagger/loss/selective_asymmetric.hpp>
#include <tagger/loss/softmax_cross_entropy.hpp>
#include <tagger/loss/splc.hpp>
#include <tagger/loss/sum_of.hpp>
#include <tagger/loss/two_way.hpp>
#include <tagger/loss/weak_negative.hpp>
#include <tagger/loss/zlpr.hpp>

#include <tagger/averaging/macro.hpp>
#include <tagger/averaging/micro.hpp>
#include <tagger/averaging/per_label.hpp>
#include <tagger/averaging/samples.hpp>
#include <tagger/averaging/weighted.hpp>

#include <tagger/metrics/compare_scores.hpp>
#include <tagger/metrics/evaluate.hpp>
#include <tagger/metrics/evaluate_scores.hpp>
#include <tagger/metrics/precision_recall_curve.hpp>
#include <tagger/metrics/label_sketches.hpp>
#include <tagger/metrics/prior.hpp>

#include <tagger/calibration/any_calibrator.hpp>
#include <tagger/threshold/any_threshold.hpp>

#include <tagger/model/any_tagger.hpp>
#include <tagger/model/tagger.hpp>

#include <tagger/weights/load_weights.hpp>
#include <tagger/weights/pytorch_write.hpp>
#include <tagger/weights/save_weights.hpp>

#include <tagger/optimizer/any_optimizer.hpp>
#include <tagger/optimizer/layer_options.hpp>
#include <tagger/optimizer/parameter_groups.hpp>

#include <tagger/schedule/any_schedule.hpp>
#include <tagger/schedule/warmup.hpp>

#include <tagger/train/fit.hpp>
#include <tagger/train/interrupt.hpp>
#include <tagger/train/progress_observer.hpp>
#include <tagger/train/runtime.hpp>
#include <tagger/train/tensorboard_observer.hpp>

#include <tagger/predict/cache_features.hpp>
#include <tagger/predict/evaluate_all.hpp>
#include <tagger/predict/predict.hpp>
#include <tagger/predict/score.hpp>

#include <tagger/report/bar_chart.hpp>
#include <tagger/report/comparison_page.hpp>
#include <tagger/report/comparison_table.hpp>
#include <tagger/report/evaluation_table.hpp>
#include <tagger/report/metrics_json.hpp>
#include <tagger/report/page.hpp>
#include <tagger/report/split_table.hpp>

#include <tagger/run/cache_folder.hpp>
#include <tagger/run/in_sample.hpp>
#include <tagger/run/load_run.hpp>
#include <tagger/run/save_run.hpp>
#include <tagger/run/train_run.hpp>

#include <tagger/version.hpp>

/// The published set-up (the NUS-WIDE tutorial), as one type.
namespace tagger {
using NusWide = Tagger<ResNeXt50_32x4d, LinearHead, Sigmoid, BinaryCrossEntropy, Micro, Macro, Samples>;
}  // namespace tagger
