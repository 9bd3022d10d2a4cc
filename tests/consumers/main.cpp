// A program of somebody else's: that it compiles, links and runs is the test.
#include <iostream>

#include <ATen/ops/zeros.h>

#include <tagger/activation/sigmoid.hpp>

int main() {
  const tagger::Sigmoid activation;
  std::cout << activation(tagger::Logits{at::zeros({1, 2})}).values << '\n';
}
