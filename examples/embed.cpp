// The shortest program that tags pictures: embed RUN PICTURE...
#include <iostream>

#include <tagger/tagger.hpp>

int main(int argc, char** argv) {
  if (argc < 3) return std::cerr << "usage: embed RUN PICTURE...\n", 2;
  tagger::tune_runtime();
  // [tag]
  auto run = tagger::load_run(argv[1]);
  for (const auto& picture : tagger::predict(*run.model, {argv + 2, argv + argc}, run.transform())) {
    std::cout << picture.path.string() << ":";
    for (const auto& label : picture.labels) std::cout << ' ' << label;
    std::cout << '\n';
  }
  // [tag]
}
