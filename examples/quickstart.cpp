// The shortest program that trains: on the pictures in images/ that train.json names, into the folder run/.
// [train]
#include <iostream>

#include <tagger/tagger.hpp>

int main() {
  tagger::tune_runtime();
  const auto train = tagger::read_annotations("train.json"), test = tagger::read_annotations("test.json");
  tagger::NusWide model{train.labels()};
  std::cout << load_weights(model, "resnext50_32x4d.pth") << '\n';
  tagger::ProgressObserver progress;
  tagger::Observer* observers[] = {&progress};
  const auto result = train_run(model, {train, "images", tagger::training_transform()},
                                {test, "images", tagger::evaluation_transform()}, "run", {.epochs = 35}, observers);
  std::cout << averages_table(result.evaluation);
}
// [train]
