// tier: torch
// error: SumOf: these losses train scores of different meanings
// A sum of losses of which one trains probabilities and the other margins around 0.
#include <tagger/loss/binary_cross_entropy.hpp>
#include <tagger/loss/hill.hpp>
#include <tagger/loss/sum_of.hpp>
#include <tagger/loss/zlpr.hpp>

#ifdef CORRECT
using Both = tagger::SumOf<tagger::BinaryCrossEntropy, tagger::HillLoss>;
#else
using Both = tagger::SumOf<tagger::BinaryCrossEntropy, tagger::ZlprLoss>;
#endif
static_assert(tagger::Loss<Both>);
