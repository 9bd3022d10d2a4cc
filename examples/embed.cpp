// The shortest program that tags pictures: embed RUN PICTURE...
#include <iostream>

#include <tagger/tagger.hpp>

int main(int argc, char** argv) try {
  if (argc < 3) return std::cerr << "usage: embed RUN PICTURE...\n", 2;
  tagger::tune_runtime();
  // [tag]
  auto run = tagger::load_run(argv[1]);
  for (const auto& picture : run.predict({argv + 2, argv + argc})) {
    std::cout << picture.path.string() << ':';
    for (const auto& label : picture.labels) std::cout << ' ' << label;
    std::cout << '\n';
    if (picture.error) std::cerr << *picture.error << '\n';
  }
  // [tag]
} catch (const tagger::Error& error) {
  return std::cerr << "embed: " << error.what() << '\n', 1;
}
