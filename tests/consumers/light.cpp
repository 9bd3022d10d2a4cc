// A program of somebody else's, without LibTorch.
#include <iostream>

#include <tagger/averaging/micro.hpp>
#include <tagger/data/label.hpp>
#include <tagger/metrics/evaluate.hpp>

int main() { std::cout << tagger::Micro::name << '\n'; }
