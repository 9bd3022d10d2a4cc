// A program of somebody else's: that it compiles, links and runs is the test.
#include <iostream>

#include <tagger/tagger.hpp>

int main() {
  const tagger::NusWide::ActivationType activation;
  std::cout << activation(tagger::Logits{at::zeros({1, 2})}).values << '\n';
}
